import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The server's end of a WebSocket (RFC 6455), as far as a client that sends short text messages needs it. The Slack SDK
 * brings a client only, and these few frames are not worth a dependency.
 */
export interface WebSocketConnection {
  sendText(text: string): void;
  ping(): void;
  /** Says goodbye and ends the connection. */
  end(): void;
  /** Ends it as a broken network would: without a word. */
  destroy(): void;
}

export interface WebSocketHandlers {
  onText(text: string): void;
  onClose(): void;
}

const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended);
  head[0] = 0x80 | opcode;
  head[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly size: number;
}

/** The first frame of what has arrived; undefined while it is incomplete. Clients mask what they send. */
function readFrame(data: Buffer): Frame | undefined {
  const [first, second] = data;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  if (data.length < start + 4) return undefined;
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  const size = start + 4 + length;
  if (data.length < size) return undefined;
  const mask = data.subarray(start, start + 4);
  const payload = Buffer.from(data.subarray(start + 4, size));
  for (let i = 0; i < length; i += 1) payload.writeUInt8(payload.readUInt8(i) ^ mask.readUInt8(i % 4), i);
  return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size };
}

export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { onText, onClose }: WebSocketHandlers,
): WebSocketConnection {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const send = (opcode: number, payload: Buffer) => {
    if (!socket.destroyed && socket.writable) socket.write(frame(opcode, payload));
  };
  let data = head;
  let fragments: Buffer[] = [];
  const read = () => {
    for (let next = readFrame(data); next !== undefined; next = readFrame(data)) {
      data = data.subarray(next.size);
      if (next.opcode === OPCODE.ping) send(OPCODE.pong, next.payload);
      else if (next.opcode === OPCODE.close) {
        send(OPCODE.close, next.payload);
        socket.end();
      } else if (next.opcode === OPCODE.text || next.opcode === OPCODE.continuation) {
        fragments.push(next.payload);
        if (!next.isFinal) continue;
        const text = Buffer.concat(fragments).toString('utf8');
        fragments = [];
        onText(text);
      }
    }
  };
  socket.on('data', (chunk: Buffer) => {
    data = Buffer.concat([data, chunk]);
    read();
  });
  // A connection that breaks is closed afterwards, which is all that its owner wants to know.
  socket.on('error', () => socket.destroy());
  socket.on('close', onClose);
  if (head.length > 0) read();
  return {
    sendText: (text) => send(OPCODE.text, Buffer.from(text)),
    ping: () => send(OPCODE.ping, Buffer.alloc(0)),
    end() {
      const goingAway = Buffer.alloc(2);
      goingAway.writeUInt16BE(1001);
      send(OPCODE.close, goingAway);
      socket.end();
    },
    destroy: () => socket.destroy(),
  };
}
