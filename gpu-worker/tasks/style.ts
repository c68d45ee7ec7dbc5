import type { Draft } from './draft.ts';

/** Said before a question without changing it. */
const BEFORE = [
  '[Hi|Hello|Hey|Hi there|Hey there|Good morning|Good afternoon|Good evening][,|!| -|.] ',
  '[Quick|Short|Simple|Easy|Silly|Stupid|Small|Random|Another] [question|one][:|,| -|.] ',
  '[OK|Okay|Alright|Right|So|Well|Now|And|Um|Hmm|Oh][,|] ',
  "[Just curious|Just wondering|I was wondering|I wonder|I am curious|I'm curious|Out of curiosity][,|:] ",
  '[One more|Next|Next one|Next question|Last one|One last thing|Another thing|New question][:|,] ',
  '[Sorry|Excuse me|Pardon|Sorry to bother you|Forgive me|Sorry if this is silly][,|, but] ',
  '[Help me out|Help|Help me|I need help|Need your help|Could you help me|Can you help][:|.|,|!] ',
  '[For our|For the|For my] [sprint planning|weekly report|team meeting|homework|budget|offsite|presentation|newsletter|project|slide deck|quiz|wedding|trip|essay|spreadsheet|retro|demo|class|exam|shopping list|standup][,|:] ',
  '[My boss|My son|My daughter|A colleague|My friend|My teacher|A customer|Someone|My wife|My husband|Our intern|The client|My sister] [asks|wants to know|is asking|asked me|asked][:|,] ',
  "[Tell me|Answer me this|Riddle me this|Let me ask you|I have a question|Here is one|Here's a question|Question|Question for you][:|,] ",
  "[I am|I'm|We are|We're] [planning something|in a meeting|doing some sums|preparing a talk|filling in a form|on the train|cooking|settling a bet|in a hurry|checking something][.|,|:| and need this:] ",
  '[Foursight|Bot|Assistant|Dear bot|Hey bot|Computer|Team][,|:] ',
  "[If you have a second|When you get a chance|If you don't mind|If possible|Whenever you are ready|If I may ask|Be quick|Be honest][,|:] ",
  "[I forgot|I can't remember|Not sure|I am not sure|I'm stuck|I keep getting this wrong|I always mix this up|My calculator died][:|.|,] ",
  "[Let's see|Let me think|Let's try this|Let's check|Double-check this|Check this for me|Settle this][:|,|.] ",
] as const;

/** Said after a question. */
const AFTER = [
  '[ please|, please| pls| plz]',
  '[ thanks|, thanks|. Thanks!| - thanks| thx|, thx|, ty]',
  '[ thank you|, thank you|. Thank you!|. Thank you very much.|. Many thanks!|. Cheers!|, cheers]',
  '[ exactly| precisely|, exactly|, to be exact]',
  "[ for me|, for me| for us|, if you can|, if you don't mind|, if possible]",
  '[ quickly| real quick| asap|, asap|, quick| right away]',
  "[. I need it for a report.|. It's for a slide.|. It is for my homework.|. Asking for a friend.|. I have to know.|. Just checking.|. It's urgent.]",
  '[, bot|, Foursight|, my friend|, mate|, team|, everyone]',
  '[ :)| 🙂|!|!!|...|..]',
] as const;

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string): string =>
  /^(?:I\b|[A-Z]{2}|[A-Z][a-z]+ (?:has|had|is|was|buys|wants|and)\b)/.test(text)
    ? text
    : text.charAt(0).toLowerCase() + text.slice(1);

/**
 * Shapes a wording into something a person may type: capitals or none, punctuation or none, and with the given
 * probability something said before or after that does not change what is asked.
 */
export function styled(draft: Draft, wording: string, decorated = 0.22): string {
  let text = wording.trim();
  if (draft.chance(decorated * 0.62)) {
    const before = draft.say(draft.pick(BEFORE));
    text = before + (/[.!?] $/.test(before) || draft.chance(0.3) ? text : lowerFirst(text));
  }
  if (draft.chance(decorated * 0.55)) {
    const end = /[.?!]$/.exec(text)?.[0] ?? '';
    const after = draft.say(draft.pick(AFTER));
    const body = end === '' ? text : text.slice(0, -1);
    text = /^\. /.test(after)
      ? `${body}${end === '' ? '.' : end}${after.slice(1)}`
      : body + after + (/[.!]$/.test(after) ? '' : end);
  }
  if (text.endsWith('?') && draft.chance(0.14)) text = text.slice(0, -1);
  else if (/[^.?!=:)…]$/.test(text) && draft.chance(0.25)) text += draft.chance(0.85) ? '.' : '!';
  if (draft.chance(0.72)) text = upperFirst(text);
  else if (draft.chance(0.35)) text = text.toLowerCase();
  if (draft.chance(0.03)) text = text.replace(/'/g, '');
  return text;
}
