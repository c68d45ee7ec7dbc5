import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { fault, snowflake, text } from './values.ts';

const { embed: most, message, mentions } = LIMITS;

const url = z.string().max(2_048);
const picture = z.strictObject({ url });
const field = z.strictObject({
  name: text(most.fieldName, 1),
  value: text(most.fieldValue, 1),
  inline: z.boolean().optional(),
});
const embed = z.strictObject({
  type: z.literal('rich').optional(),
  title: text(most.title).nullish(),
  description: text(most.description).nullish(),
  url: url.nullish(),
  timestamp: z.iso.datetime({ offset: true }).nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  footer: z.strictObject({ text: text(most.footer, 1), icon_url: url.nullish() }).nullish(),
  image: picture.nullish(),
  thumbnail: picture.nullish(),
  author: z.strictObject({ name: text(most.author, 1), url: url.nullish(), icon_url: url.nullish() }).nullish(),
  fields: z.array(field).max(most.fields).nullish(),
});

type Embed = z.infer<typeof embed>;
const lengthOf = ({ title, description, footer, author, fields }: Embed) =>
  [title, description, footer?.text, author?.name, ...(fields ?? []).flatMap(({ name, value }) => [name, value])]
    .map((part) => [...(part ?? '')].length)
    .reduce((sum, length) => sum + length, 0);

const embeds = z
  .array(embed)
  .max(message.embeds)
  .superRefine((all, context) => {
    const length = all.map(lengthOf).reduce((sum, one) => sum + one, 0);
    if (length > most.total)
      context.addIssue(fault('MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${most.total}`));
  });

const allowedMentions = z
  .strictObject({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
    users: z.array(snowflake).max(mentions).nullish(),
    roles: z.array(snowflake).max(mentions).nullish(),
    replied_user: z.boolean().nullish(),
  })
  .superRefine(({ parse, users, roles }, context) => {
    for (const [kind, ids] of [
      ['users', users],
      ['roles', roles],
    ] as const)
      if (parse?.includes(kind) && (ids ?? []).length > 0)
        context.addIssue(
          fault(
            'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
            `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
          ),
        );
  });

const nonce = z.union([z.int(), text(message.nonce)]).optional();

// Components are checked when it is known by the flags of which kind they are.
const common = {
  content: text(message.content).nullish(),
  embeds: embeds.nullish(),
  allowed_mentions: allowedMentions.nullish(),
  components: z.array(z.looseObject({})).nullish(),
  flags: z.int().nonnegative().nullish(),
  attachments: z.array(z.unknown()).max(0).optional(),
  tts: z.boolean().optional(),
  enforce_nonce: z.boolean().optional(),
};

export const messageContents = z.object(common);
export type MessageContents = z.infer<typeof messageContents>;

export const newMessage = z.strictObject({
  ...common,
  nonce,
  message_reference: z
    .strictObject({
      type: z.literal(0).optional(),
      message_id: snowflake,
      channel_id: snowflake.optional(),
      guild_id: snowflake.optional(),
      fail_if_not_exists: z.boolean().optional(),
    })
    .nullish(),
  sticker_ids: z.array(snowflake).max(message.stickers).optional(),
});

/** An edit, an answer to an interaction, a later one, or the first message of a post. */
export const someMessage = z.strictObject({ ...common, nonce });
