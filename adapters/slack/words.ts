const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack escapes these three and nothing else. */
export const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

const TOKEN = /<([^<>]*)>/g;

/** `<!date^1392734382^{date} at {time}|Feb 18, 2014>`: what it stands for in words. */
function dateWords(command: string, label: string): string {
  const seconds = Number(command.split('^')[1]);
  const moment = new Date(seconds * 1_000);
  if (label !== '') return label;
  return Number.isNaN(moment.getTime()) ? 'a date' : moment.toISOString();
}

function commandWords(command: string, label: string): string {
  if (command.startsWith('!date^')) return dateWords(command, label);
  if (command.startsWith('!subteam^')) return label === '' ? '@group' : `@${label.replace(/^@/, '')}`;
  return `@${(label || command.slice(1)).replace(/^@/, '')}`;
}

function linkWords(address: string, label: string): string {
  if (/^(?:mailto|tel):/.test(address)) return label === '' ? address.replace(/^[a-z]+:/, '') : label;
  const bare = address.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return label === '' || label === address || label === bare ? address : `${label} (${address})`;
}

function tokenWords(content: string): string {
  const bar = content.indexOf('|');
  const [target, label] = bar === -1 ? [content, ''] : [content.slice(0, bar), content.slice(bar + 1)];
  if (target.startsWith('@')) return `@${label || target.slice(1)}`;
  if (target.startsWith('#')) return `#${label || target.slice(1)}`;
  if (target.startsWith('!')) return commandWords(target, label);
  return linkWords(target, label);
}

const mentionOf = (user: string): string => `<@${user.replace(/[^A-Z0-9]/g, '')}(?:\\|[^<>]*)?>`;

export const mentions = (text: string, user: string): boolean => new RegExp(mentionOf(user)).test(text);

/** Begins with the name of somebody else. */
export const isForSomebodyElse = (text: string, own: string): boolean =>
  /^\s*<@[^<>]+>/.test(text) && !mentions(text, own);

/** What a person wrote, without the mention of the bot and without Slack's markup around names, channels, links and dates. */
export function plainWords(text: string, ownUser: string): string {
  const mention = mentionOf(ownUser);
  const unaddressed = text
    .replace(new RegExp(`^\\s*${mention}[ \\t]*[,:;]?`), '')
    .replace(new RegExp(`[ \\t]*${mention}`, 'g'), '');
  return unescaped(unaddressed.replace(TOKEN, (_, content: string) => tokenWords(content))).trim();
}
