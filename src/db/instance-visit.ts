import { connect } from 'node:net';
import { FoursightError } from '../errors.ts';
import {
  type Address,
  challengeSchema,
  isProof,
  newChallenge,
  ownerProofSchema,
  parsed,
  proofOf,
} from './instance-address.ts';
import { type Announcement, announcementSchema, linesOf, send } from './instance-messages.ts';

/** An owner that says nothing for this long hangs or was stopped. */
const SILENCE_MS = 15_000;

/** Connects to the owner and reads what it says first; undefined when there is none. @throws FoursightError for an impostor, and for one who says nothing */
export async function visit({ path, secret }: Address) {
  const socket = connect(path);
  const listeners = new Set<() => void>();
  let last: Announcement | undefined;
  let gone = false;
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };
  const ownerGone = new Promise<void>((resolve) => {
    socket
      .on('error', () => undefined)
      .on('close', () => {
        gone = true;
        notify();
        resolve();
      });
  });
  const challenge = newChallenge();
  let expected: 'challenge' | 'proof' | 'announcement' = 'challenge';
  let isImpostor = false;
  linesOf(socket, (line) => {
    if (expected === 'announcement') {
      last = parsed(announcementSchema, line) ?? last;
      return notify();
    }
    if (expected === 'proof') {
      isImpostor = !isProof(parsed(ownerProofSchema, line)?.proof, secret, 'owner', challenge);
      if (isImpostor) socket.destroy();
      expected = 'announcement';
      return;
    }
    const theirs = parsed(challengeSchema, line)?.challenge ?? '';
    send(socket, { proof: proofOf(secret, 'member', theirs), challenge });
    expected = 'proof';
  });
  /** The first announcement that fits, now or later; undefined when the owner ends before. */
  const until = (fits: (said: Announcement) => boolean): Promise<Announcement | undefined> =>
    new Promise((resolve) => {
      const look = () => {
        if (!gone && (last === undefined || !fits(last))) return;
        listeners.delete(look);
        resolve(gone ? undefined : last);
      };
      listeners.add(look);
      look();
    });
  let isSilent = false;
  const silence = setTimeout(() => {
    isSilent = true;
    socket.destroy();
  }, SILENCE_MS);
  const first = await until(() => true);
  clearTimeout(silence);
  if (isSilent) {
    throw new FoursightError(
      'INSTANCE_SILENT',
      'the process that runs on this home does not say anything',
      'Look for a process of Foursight that hangs or was stopped, and end it.',
    );
  }
  if (isImpostor) {
    throw new FoursightError(
      'INSTANCE_IMPOSTOR',
      "another program listens where this home's instance does, without knowing its secret",
      'Set FOURSIGHT_HOME to another folder, and find out who runs that program.',
    );
  }
  return first === undefined ? undefined : { first, until, ownerGone, socket };
}
export type Visit = NonNullable<Awaited<ReturnType<typeof visit>>>;
