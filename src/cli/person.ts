import { userInfo } from 'node:os';

/** The person at this machine's terminal. */
export function localPerson(): { key: string; name: string } {
  try {
    const { username } = userInfo();
    return { key: username, name: username };
  } catch {
    // Containers may run under a user that has no name.
    return { key: 'console', name: 'console' };
  }
}
