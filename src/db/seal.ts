import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { FoursightError } from '../errors.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Something sealed cannot be opened. */
export class SealError extends FoursightError {
  override readonly name = 'SealError';
}

export interface Sealed {
  /** Names the key without giving it away. */
  readonly keyId: string;
  /** Nonce, ciphertext, tag. */
  readonly bytes: Buffer;
}

/** Keeps secrets in a database that may be read by others. */
export interface Seal {
  /** Of the key that is sealed with. */
  readonly keyId: string;
  /** @param owner whose it is: what is moved to another's place does not open */
  seal(text: string, owner: readonly string[]): Sealed;
  /** @throws SealError when the key is not known, or the bytes are not what was sealed for this owner */
  open(sealed: Sealed, owner: readonly string[]): string;
}

/** @param secrets the first seals; the others open what was sealed before */
export function createSeal(secrets: readonly [string, ...string[]]): Seal {
  const [current, ...older] = secrets;
  const own = derived(current);
  const keys = new Map([...older.map(derived), own].map(({ keyId, key }) => [keyId, key]));
  return {
    keyId: own.keyId,
    seal(text, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, own.key, nonce).setAAD(boundTo(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return { keyId: own.keyId, bytes: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
    },
    open({ keyId, bytes }, owner) {
      const key = keys.get(keyId);
      if (key === undefined) throw unknownKey(keyId, owner);
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(boundTo(owner))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new SealError(
          'SEAL_BROKEN',
          `what was sealed for ${owner.join(' ')} was changed, or was another's`,
          'Install the app there again.',
          { cause: error },
        );
      }
    },
  };
}

function derived(secret: string): { keyId: string; key: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'foursight installations', 40));
  return { key: bytes.subarray(0, 32), keyId: bytes.subarray(32).toString('hex') };
}

const boundTo = (owner: readonly string[]): Buffer => Buffer.from(JSON.stringify(owner));

const unknownKey = (keyId: string, owner: readonly string[]): SealError =>
  new SealError(
    'SECRET_KEY_UNKNOWN',
    `what was sealed for ${owner.join(' ')} needs the key ${keyId}, which is not known here`,
    'Set FOURSIGHT_SECRET_KEY to the key that was used then, after a comma if there is another, or restore the file secret-key in FOURSIGHT_HOME; otherwise install the app there again.',
  );
