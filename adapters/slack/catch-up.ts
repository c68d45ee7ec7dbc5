import type { CatchUpSource } from '../delivery/catch-up.ts';
import { finalRefusalOf } from './calls.ts';
import type { Handlers, SlackContext } from './context.ts';
import { readMessages } from './earlier-posts.ts';
import { messagePlace, threadPlace } from './keys.ts';
import { createMissedMessages } from './missed-messages.ts';
import { seenReactions } from './seen-reactions.ts';

/** How Slack is read for what it did not tell. */
export function createCatchUpSource(slack: SlackContext, handlers: Handlers): CatchUpSource {
  return {
    async missedIn(key, options) {
      return createMissedMessages(slack, await slack.workspaceOf(key), options);
    },
    readsEach: false,
    async reactionsIn({ workspace: key, conversation }, answers) {
      const place = threadPlace(conversation);
      const [oldest] = answers
        .flatMap(({ message }) => messagePlace(message) ?? [])
        .flatMap(({ channel, ts }) => (channel === place?.channel ? [ts] : []))
        .sort();
      if (place === undefined || oldest === undefined) return [];
      const workspace = await slack.workspaceOf(key);
      try {
        const messages = await readMessages(workspace, place, { oldest });
        return seenReactions({ channel: place.channel, messages }, { own: workspace.own.user, voteOf: slack.voteOf });
      } catch (error) {
        if (finalRefusalOf(error) === undefined) throw error;
        return [];
      }
    },
    async count({ workspace, conversation }, { person, ...vote }) {
      const channel = threadPlace(conversation)?.channel ?? '';
      const given = { type: 'vote', workspace, channel, ...vote, at: null } as const;
      await handlers.vote({ ...given, person: { key: person, name: '' }, isShared: false }, slack);
    },
  };
}
