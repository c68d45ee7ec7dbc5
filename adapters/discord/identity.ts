import { ApplicationFlags } from 'discord.js';
import type { DiscordApi } from './api.ts';
import { isTokenRefused, tokenRefused } from './calls.ts';

/** Who the bot is, and what Discord lets its app do. */
export interface Identity {
  readonly app: string;
  readonly user: string;
  /** Whether what is written without a mention may be read. */
  readonly mayReadAll: boolean;
}

export const mayReadAll = (flags: number): boolean =>
  (flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !== 0;

async function ask(api: DiscordApi): Promise<Identity> {
  try {
    const [user, app] = [await api.self(), await api.application()];
    return { app: app.id, user: user.id, mayReadAll: mayReadAll(app.flags ?? 0) };
  } catch (error) {
    throw isTokenRefused(error) ? tokenRefused(error) : error;
  }
}

/** Asks Discord once who the bot is; again where it could not tell. The result throws ConfigError where the token is refused. */
export function identify(api: DiscordApi): () => Promise<Identity> {
  let known: Promise<Identity> | undefined;
  return () => {
    known ??= ask(api).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
