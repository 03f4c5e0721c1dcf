import { STATUS_CODES, type ServerResponse } from 'node:http';
import { answerJson } from '../card-json';
import { isError, type Log } from '../log';
import { referenceId } from '../reference-id';
import type { Refusal } from './body';

/** What restify 12 adds to a response, as far as we use it. */
export interface RestifyResponse extends ServerResponse {
  sendRaw(status: number, body: string, headers: Readonly<Record<string, string>>): void;
}

/** Where what the sender may not know is told. */
export interface Reporting {
  readonly log: Log;
  readonly newReference?: () => string;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly reference?: string;
}

const SENTENCES: Readonly<Partial<Record<number, string>>> = {
  400: 'The request cannot be understood.',
  401: 'The request carries no valid token of the Bot Framework.',
  403: 'The request is not for this bot to answer.',
  404: 'There is nothing at this address.',
  405: 'This address does not answer that method.',
};

const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/** Written to Node's response directly: restify's formatters choose by `Accept`, and show the message of an Error. */
export function reply(res: ServerResponse, status: number, body: unknown): void {
  const text = body === undefined ? '' : answerJson(body);
  res.writeHead(status, { ...HEADERS, 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

export function refuse(res: ServerResponse, { status, code, message }: Refusal): void {
  // What is left of a late body may never come.
  if (status === 408) res.setHeader('Connection', 'close');
  reply(res, status, { error: { code, message } });
}

export function fail(res: ServerResponse, status: number, reason: unknown, options: Reporting): void {
  if (status >= 500) {
    reply(res, status, { error: failure(status, reason, options) });
    return;
  }
  const error = refusal(status);
  options.log.warn('A request was refused.', {
    status,
    reason: isError(reason) ? reason.message : error.code,
  });
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  reply(res, status, { error });
}

export function refusal(status: number): Failure {
  const text = STATUS_CODES[status] ?? 'Refused';
  return { code: text.toLowerCase().replace(/\W/g, '_'), message: SENTENCES[status] ?? `${text}.` };
}

/** What the sender may know is a reference; what happened is in the log under it. */
function failure(status: number, reason: unknown, { log, newReference = referenceId }: Reporting): Failure {
  const reference = newReference();
  log.error('A request failed.', { status, reference, ...(reason === undefined ? {} : { error: reason }) });
  return {
    code: refusal(status).code,
    message: `Something went wrong here; the log has it under ${reference}.`,
    reference,
  };
}

/** restify has found no route, or something of its own has thrown. `sendRaw`, or it would send its own words after ours. */
export function answerForRestify(res: RestifyResponse, error: unknown, options: Reporting): void {
  const given = isError(error) && 'statusCode' in error ? error.statusCode : undefined;
  const status = given === 404 || given === 405 ? given : 500;
  const text = JSON.stringify({ error: status === 500 ? failure(status, error, options) : refusal(status) });
  res.sendRaw(status, text, { ...HEADERS, 'Content-Length': String(Buffer.byteLength(text)) });
}
