import type { ServerResponse } from 'node:http';

/**
 * Without `writeHead`: restify replaces it for the whole process by one that returns nothing, and jest may have run a test
 * of the server in this process before.
 */
export function writeAnswer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): void {
  if (response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
