/** What buttons and forms are called; they stay as they are, since messages with them stay for years. */
export const actionIds = {
  stop: 'foursight_stop',
  rate: 'foursight_rate',
  trace: 'foursight_trace',
  reason: 'foursight_reason',
  retrain: 'foursight_retrain',
  dryRun: 'foursight_dry_run',
  trainingOn: 'foursight_training_on',
  trainingOff: 'foursight_training_off',
} as const;

export const reasonForm = {
  callbackId: 'foursight_reason_form',
  reasonsBlock: 'reasons',
  reasonsAction: 'chosen',
  textBlock: 'text',
  textAction: 'written',
} as const;
