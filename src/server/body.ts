import type { IncomingMessage } from 'node:http';
import { isObject } from '../is-object';

/** A request that is the sender's fault; `message` is shown to them. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The sender went away: there is nobody to answer, and nothing to complain about. */
export class Disconnected extends Error {}

/**
 * The body of a request as text, once all of it is there.
 * @throws Refusal when it is not uncompressed JSON, too large or too slow; Disconnected when the sender went away
 */
export function readBody(
  req: IncomingMessage,
  { maxBodyBytes, timeoutMs }: { maxBodyBytes: number; timeoutMs: number },
): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'unsupported_media_type', 'The body must be sent as application/json.');
  }
  if (req.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, 'unsupported_media_type', 'The body must not be compressed.');
  }
  const tooLarge = () =>
    new Refusal(413, 'payload_too_large', `The body is larger than ${maxBodyBytes} bytes.`);
  // The rest of a refused body is read and dropped by Node: cutting the connection would lose the answer on its way.
  if (Number(req.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      reject(new Refusal(408, 'request_timeout', `The body did not arrive within ${timeoutMs} ms.`));
    }, timeoutMs);
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      // Here as well: after an early answer Node forgets the request, and it may never close.
      clearTimeout(timer);
      reject(tooLarge());
    });
    req.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    // Comes after `end` too.
    req.on('close', () => {
      clearTimeout(timer);
      if (!req.readableEnded) reject(new Disconnected());
    });
  });
}

/** @throws Refusal when it is no JSON object with a `type` */
export function parseActivity(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw new Refusal(400, 'invalid_json', 'The body is not valid JSON.');
  }
  if (!isObject(value)) throw new Refusal(400, 'not_an_object', 'The body must be a JSON object.');
  // Checked here because the SDK throws a plain error for it, which would look like a fault of ours.
  if (typeof value['type'] === 'string' && value['type'] !== '') return value;
  throw new Refusal(400, 'not_an_activity', 'The body must be an activity with a "type".');
}
