import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What the owner of a home tells those who come to it. */
export const announcementSchema = z.object({
  /** A one-shot owner takes members; a closing one takes nobody. */
  phase: z.enum(['starting', 'ready', 'closing']),
  kind: z.enum(['service', 'oneshot']),
  pid: z.number().int(),
  /** With its password: told only to who has proved that they can read the home's secret. */
  databaseUrl: z.string().nullable(),
});
export type Announcement = z.infer<typeof announcementSchema>;
export type InstanceKind = Announcement['kind'];

export const send = (socket: Socket, message: unknown): void => void socket.write(`${JSON.stringify(message)}\n`);

/** The socket's own `error` listener deals with what breaks. */
export function linesOf(socket: Socket, onLine: (line: string) => void): void {
  createInterface({ input: socket })
    .on('line', onLine)
    .on('error', () => undefined);
}
