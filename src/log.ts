import { isNativeError } from 'node:util/types';

/** From the most to the least talkative. Nothing is logged above `error`, so `fatal` and `silent` both mean silence. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: LogFields) => void;

/** Fields are written as given: no caller may hand over a request body. `error` is reduced to what `describe` keeps. */
export interface Log extends Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>> {
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  stream: { write(line: string): unknown };
  level: LogLevel;
  now: () => Date;
  fields?: LogFields;
}

/** A log of one JSON object a line. `time`, `level` and `message` cannot be overwritten by fields. */
export function createLog({ stream, level, now, fields: bound = {} }: LogOptions): Log {
  const writer = (name: LogLevel): Write => {
    if (LOG_LEVELS.indexOf(name) < LOG_LEVELS.indexOf(level)) return () => undefined;
    return (message, fields) => {
      const head = { time: now().toISOString(), level: name, message };
      stream.write(`${stringify(head, { ...bound, ...fields })}\n`);
    };
  };
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    child: (fields) => createLog({ stream, level, now, fields: { ...bound, ...fields } }),
  };
}

/** A log must never be what breaks a turn: fields JSON cannot hold (circles, BigInt) cost the fields, not the line. */
function stringify(head: LogFields, fields: LogFields): string {
  try {
    const error = 'error' in fields ? { error: describe(fields['error']) } : {};
    return JSON.stringify({ ...head, ...fields, ...error, ...head });
  } catch (reason) {
    return JSON.stringify({ ...head, fieldsLost: String(reason) });
  }
}

/** Both tests: an error may come from another realm (Jest runs us in one), and those of restify and DOMExceptions are not native. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}

/** Only these properties: HTTP client errors carry the whole request, token and body included, as further ones. */
function describe(error: unknown, depth = 0): unknown {
  if (!isError(error)) return { message: typeof error === 'string' ? error : `a thrown ${typeof error}` };
  const { name, message, stack } = error;
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? { code: error.code }
      : {};
  // A chain of causes may run in a circle; five links have told every story so far.
  const cause = error.cause === undefined || depth >= 5 ? {} : { cause: describe(error.cause, depth + 1) };
  return { name, ...code, message, stack, ...cause };
}
