import type { User } from './parse/payloads.ts';

/** What Discord writes between angle brackets: people, roles, channels, commands, emoji of a server, moments, addresses. */
const TOKEN = /<(@&|@!?|#|\/|a?:|t:|https?:\/\/)([^<>\s]*(?: [^<>\s]{1,32}){0,2})>/g;

export const nameOf = ({ global_name, username }: User): string => (global_name || username || '').slice(0, 200);

function momentWords(content: string): string {
  const moment = new Date(Number(content.split(':')[0]) * 1_000);
  return Number.isNaN(moment.getTime()) ? 'a moment' : moment.toISOString();
}

function tokenWords(kind: string, content: string, names: ReadonlyMap<string, string>): string {
  if (kind === '@' || kind === '@!') return `@${names.get(content) || content}`;
  if (kind === '@&') return '@role';
  if (kind === '#') return '#channel';
  if (kind === '/') return `/${content.replace(/:\d*$/, '')}`;
  if (kind === 't:') return momentWords(content);
  if (kind.endsWith('://')) return `${kind}${content}`;
  return `:${content.replace(/:\d*$/, '')}:`;
}

const mentionOf = (own: string): string => `<@!?${own.replace(/\D/g, '')}>`;

/** Whether a text names somebody, whatever Discord says of whom it calls. */
export const names = (text: string, own: string): boolean => new RegExp(mentionOf(own)).test(text);

/** Begins with the name of somebody else. */
export const isForSomebodyElse = (text: string, own: string): boolean => /^\s*<@!?\d+>/.test(text) && !names(text, own);

/** What a person wrote, without the bot's name and without Discord's marks around names, channels, emoji and moments. */
export function plainWords(text: string, own: string, mentioned: readonly User[]): string {
  const mention = mentionOf(own);
  const people = new Map(mentioned.map((one) => [one.id, nameOf(one)]));
  return text
    .replace(new RegExp(`^\\s*${mention}[ \\t]*[,:;]?`), '')
    .replace(new RegExp(`[ \\t]*${mention}`, 'g'), '')
    .replace(TOKEN, (_, kind: string, content: string) => tokenWords(kind, content, people))
    .trim();
}
