import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { suggestedPrompts } from '../../adapters/delivery/suggested-prompts.ts';
import { eventTypes } from '../../adapters/slack/parse.ts';
import { COMMAND } from '../../adapters/slack/render.ts';
import { APP_SCOPE, botScopes, missingScopes, withoutScope } from '../../adapters/slack/scopes.ts';
import { slackVariables } from '../../src/config/slack.ts';

const prompt = z.strictObject({ title: z.string().max(75), message: z.string().max(300) });
/** What of docs.slack.dev/reference/app-manifest the manifest uses. */
const manifestSchema = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    agent_view: z.strictObject({ agent_description: z.string().max(300), suggested_prompts: z.array(prompt).max(4) }),
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    bot_user: z.strictObject({ display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/), always_online: z.literal(true) }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().max(32),
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.literal(false),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.literal(true),
    token_rotation_enabled: z.literal(false),
  }),
});

const file = new URL('../../adapters/slack/manifest.json', import.meta.url);
const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const events = manifest.settings.event_subscriptions.bot_events;

describe('the manifest', () => {
  it('asks for the scopes that are used, and for no others', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(botScopes.map(({ scope }) => scope).sort());
    for (const { scope, purpose, events: own, methods } of botScopes) {
      expect(purpose.length + own.length + methods.length, scope).toBeGreaterThan(10);
    }
  });

  it('subscribes to the events that its scopes and the parser know, and to no others', () => {
    expect([...events].sort()).toEqual([...botScopes.flatMap((use) => use.events), ...withoutScope.events].sort());
    const types = new Set(events.map((event) => event.replace(/^message\..*/, 'message')));
    expect([...types].sort()).toEqual([...eventTypes].sort());
  });

  it('has the command and the prompts of the program', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
    expect(manifest.features.agent_view.suggested_prompts).toEqual(suggestedPrompts);
  });

  it('is explained to newcomers permission by permission', () => {
    const guide = readFileSync(new URL('../../docs/slack.md', import.meta.url), 'utf8');
    for (const { scope, purpose } of botScopes) expect(guide).toContain(`| \`${scope}\` | ${purpose} |`);
    expect(guide).toContain(APP_SCOPE);
    for (const variable of Object.keys(slackVariables)) expect(guide).toContain(variable);
  });

  it('has a place for everything that the guide adds to it', () => {
    const guide = readFileSync(new URL('../../docs/slack.md', import.meta.url), 'utf8');
    const added = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text));
    const names = z.record(z.string(), z.record(z.string(), z.unknown()));
    const places = Object.entries(names.parse(Object.assign({}, ...added)));
    expect(places.map(([section]) => section)).toEqual(['features', 'settings', 'oauth_config']);
    const known = names.parse({ ...manifest, _metadata: {}, display_information: {} });
    for (const [section, lines] of places)
      for (const name of Object.keys(lines))
        expect([...Object.keys(known[section] ?? {}), 'redirect_urls'], `${section}.${name}`).toContain(name);
  });

  it('lets a token be told what it lacks', () => {
    const granted = botScopes.map(({ scope }) => scope).filter((scope) => scope !== 'reactions:read');
    expect(missingScopes(granted).map(({ scope }) => scope)).toEqual(['reactions:read']);
    expect(missingScopes(granted)[0]?.purpose).toContain('ratings');
  });
});
