import { expect, it } from 'vitest';
import { retrainSettings } from '../../gpu-worker/jobs/retrain-settings.ts';

const live = { temperature: 0.5, maxTurns: 4, zone: 'UTC' };

it('changes what is asked for of how a run learns, and nothing else', () => {
  const usual = retrainSettings(live, 7);
  const asked = { steps: 2, anchorWeight: 0.01, train: { beta: 0, adamEpsilon: 1e-8 } };
  expect(retrainSettings(live, 7, asked)).toEqual({ ...usual, ...asked, train: { ...usual.train, ...asked.train } });
  expect(retrainSettings(live, 7, {})).toEqual(usual);
});
