/**
 * The printable stand-ins of bytes in byte-level BPE vocabularies, introduced by GPT-2: printable Latin-1 stands for
 * itself, the other 68 bytes for U+0100 and following.
 */
export const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
})();

const bytesOfCharacters: ReadonlyMap<string, number> = new Map(byteCharacters.map((char, byte) => [char, byte]));

/** The bytes that a vocabulary entry stands for; its UTF-8 where it is not written in stand-ins. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = bytesOfCharacters.get(token.charAt(i));
    if (byte === undefined) return new TextEncoder().encode(token);
    bytes[i] = byte;
  }
  return bytes;
}

/** Text written in the stand-ins of its UTF-8 bytes. */
export function standInsOf(text: string): string {
  let written = '';
  for (const byte of new TextEncoder().encode(text)) written += byteCharacters[byte];
  return written;
}
