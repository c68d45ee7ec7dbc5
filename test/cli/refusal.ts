import { readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';

/** What is said of an environment that cannot be used. */
export function refusal(env: Record<string, string>): ConfigError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}
