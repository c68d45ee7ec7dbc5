import { refusalOf } from './complaints.ts';
import { contentOf } from './contents.ts';
import type { Desk } from './desk.ts';
import { LIMITS } from './limits.ts';
import { change, post, remove, withIds } from './messages.ts';
import { Refusal } from './refusal.ts';
import { responseMessage } from './schemas/chat.ts';
import type { Message, ResponseUrl } from './types.ts';

/** A new address at which the app may answer what a person did. */
export function createResponseUrl(desk: Desk, origin: Omit<ResponseUrl, 'at' | 'uses'>): string {
  const id = desk.world.id('R');
  desk.world.responseUrls.set(id, { ...origin, at: Date.now(), uses: 0 });
  return `${desk.baseUrl}/respond/${id}`;
}

const isMessage = (original: NonNullable<ResponseUrl['original']>): original is Message => 'reactions' in original;

/** Does what a message in answer to an interaction asks for; throws a Refusal. */
export function applyResponse(desk: Desk, origin: Omit<ResponseUrl, 'at' | 'uses'>, body: unknown): void {
  const parsed = responseMessage.safeParse(body);
  if (!parsed.success) throw refusalOf(parsed.error, body);
  const { data } = parsed;
  const { channel, user, original } = origin;
  const threadTs = data.thread_ts ?? origin.threadTs;
  if (data.delete_original && original !== undefined) {
    if (isMessage(original)) remove(desk, original);
    else original.isDeleted = true;
  } else {
    const { text = '', blocks = [] } = contentOf(data);
    if (data.replace_original && original !== undefined) {
      if (isMessage(original)) change(desk, original, { text, blocks, isEdit: false });
      else Object.assign(original, { text, blocks: withIds(desk, blocks) });
    } else if (data.response_type === 'in_channel')
      post(desk, { channel, user: channel.team.bot.userId, text, blocks, threadTs });
    else
      desk.world.ephemerals.push({
        ts: desk.world.ts(),
        channel,
        user: user.id,
        threadTs,
        text,
        blocks: withIds(desk, blocks),
        isDeleted: false,
      });
  }
  desk.changed();
}

/** A post to a response URL: five within half an hour. */
export function respond(desk: Desk, id: string, body: unknown): void {
  const url = desk.world.responseUrls.get(id);
  if (url === undefined || Date.now() - url.at > LIMITS.responseUrl.ms) throw new Refusal('expired_url');
  if (url.uses >= LIMITS.responseUrl.uses) throw new Refusal('used_url');
  url.uses += 1;
  applyResponse(desk, url, body);
}
