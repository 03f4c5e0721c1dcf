import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Log, LogFields } from '../src/log';
import {
  createServer,
  ListenError,
  type MessageAnswer,
  type Server,
  type ServerOptions,
} from '../src/server';

const JSON_TYPE = { 'content-type': 'application/json' };
const HELLO = JSON.stringify({ type: 'message', text: 'hello' });
const HEAD = `POST /api/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${String(HELLO.length)}\r\n`;
const WHOLE = `${HEAD}\r\n${HELLO}`;
const REFERENCE = 'BD-7K3M-Q2XF';
const LIMIT = 4096;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

interface Line {
  level: string;
  message: string;
  fields: LogFields;
}

function recorder(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const writer =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  const log: Log = {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    child: () => log,
  };
  return { log, lines };
}

let running: Server | undefined;
afterEach(() => running?.close());

async function start(options: Partial<ServerOptions> = {}, grace = 50) {
  const { log, lines } = recorder();
  running = createServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: LIMIT, shutdownGraceMs: grace },
    process: () => Promise.resolve({ status: 200 }),
    ready: () => true,
    log,
    newReference: () => REFERENCE,
    ...options,
  });
  return { server: running, lines, ...(await running.listen()) };
}

function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const post = (port: number, body: string, headers: Record<string, string> = JSON_TYPE) =>
  send(port, 'POST', '/api/messages', headers, body);

/** Send bytes as they are; resolves with everything received until the other side closes, or with what came within `ms`. */
function raw(port: number, text: string, ms = 1000): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    const timer = setTimeout(() => {
      resolve({ text: received, closed: false });
      socket.destroy();
    }, ms);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text: received, closed: true });
    });
  });
}

function opened(port: number, text: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, () => {
        resolve(socket);
      });
    });
    socket.on('error', () => undefined);
  });
}

function errorOf(text: string) {
  return z.strictObject({ error: z.record(z.string(), z.string()) }).parse(JSON.parse(text)).error;
}

describe('what is refused', () => {
  const nested = `{"type":"message","a":${'['.repeat(1000)}${']'.repeat(1000)}}`;
  test.each<[string, string, string, Record<string, string>, string | undefined, number, string]>([
    ['a path we do not have', 'GET', '/', {}, undefined, 404, 'not_found'],
    ['a path below ours', 'GET', '/healthz/', {}, undefined, 404, 'not_found'],
    ['markup in the path', 'GET', '/%3Cscript%3E', { accept: 'text/html' }, undefined, 404, 'not_found'],
    ['a path that decodes to nothing', 'GET', '/%zz/%c0%80', {}, undefined, 404, 'not_found'],
    ['GET of messages', 'GET', '/api/messages', {}, undefined, 405, 'method_not_allowed'],
    ['PUT of messages', 'PUT', '/api/messages', JSON_TYPE, HELLO, 405, 'method_not_allowed'],
    ['POST of health', 'POST', '/healthz', JSON_TYPE, HELLO, 405, 'method_not_allowed'],
    [
      'plain text',
      'POST',
      '/api/messages',
      { 'content-type': 'text/plain' },
      HELLO,
      415,
      'unsupported_media_type',
    ],
    [
      'a form',
      'POST',
      '/api/messages',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'type=message',
      415,
      'unsupported_media_type',
    ],
    [
      'a type that only begins like JSON',
      'POST',
      '/api/messages',
      { 'content-type': 'application/jsonp' },
      HELLO,
      415,
      'unsupported_media_type',
    ],
    ['no type', 'POST', '/api/messages', {}, HELLO, 415, 'unsupported_media_type'],
    [
      'compression',
      'POST',
      '/api/messages',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      HELLO,
      415,
      'unsupported_media_type',
    ],
    ['nothing', 'POST', '/api/messages', JSON_TYPE, undefined, 400, 'invalid_json'],
    ['half an object', 'POST', '/api/messages', JSON_TYPE, '{"type":"secret', 400, 'invalid_json'],
    ['a list', 'POST', '/api/messages', JSON_TYPE, '[{"type":"message"}]', 400, 'not_an_object'],
    ['null', 'POST', '/api/messages', JSON_TYPE, 'null', 400, 'not_an_object'],
    ['a string', 'POST', '/api/messages', JSON_TYPE, '"message"', 400, 'not_an_object'],
    ['an object without type', 'POST', '/api/messages', JSON_TYPE, '{"text":"x"}', 400, 'not_an_activity'],
    ['an empty type', 'POST', '/api/messages', JSON_TYPE, '{"type":""}', 400, 'not_an_activity'],
    ['a type that is a number', 'POST', '/api/messages', JSON_TYPE, '{"type":1}', 400, 'not_an_activity'],
    [
      'one byte too much',
      'POST',
      '/api/messages',
      JSON_TYPE,
      HELLO.padEnd(LIMIT + 1),
      413,
      'payload_too_large',
    ],
    ['1 MB', 'POST', '/api/messages', JSON_TYPE, HELLO.padEnd(1_048_576), 413, 'payload_too_large'],
    [
      '1 MB in chunks',
      'POST',
      '/api/messages',
      { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
      HELLO.padEnd(1_048_576),
      413,
      'payload_too_large',
    ],
    ['(not refused: exactly the limit)', 'POST', '/api/messages', JSON_TYPE, HELLO.padEnd(LIMIT), 200, ''],
    [
      '(not refused: a charset)',
      'POST',
      '/api/messages',
      { 'content-type': 'Application/JSON; charset=utf-8' },
      HELLO,
      200,
      '',
    ],
    ['(not refused: deep nesting)', 'POST', '/api/messages', JSON_TYPE, nested, 200, ''],
  ])('%s: %s %s', async (_, method, path, headers, body, status, code) => {
    const { port, lines } = await start();
    const answer = await send(port, method, path, headers, body);
    expect(answer.status).toBe(status);
    if (code === '') return;
    const error = errorOf(answer.text);
    expect(Object.keys(error)).toEqual(['code', 'message']);
    expect(error['code']).toBe(code);
    expect(error['message']).toMatch(/^[A-Z][^<>{}\n]{10,80}\.$/);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(lines).toEqual([]);
  });

  test('a method that is not allowed says which ones are', async () => {
    const { port } = await start();
    expect((await send(port, 'DELETE', '/api/messages')).headers['allow']).toBe('POST');
    expect((await send(port, 'DELETE', '/healthz')).headers['allow']).toBe('GET, HEAD');
  });

  test('the connection stays usable after a refused body', async () => {
    const { port } = await start();
    const big = `POST /api/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n${'x'.repeat(9000)}`;
    const { text } = await raw(port, `${big}GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  // Each of these ended the process in a bare restify 12: `new URL` throws, outside of every handler.
  test.each([
    ['GET http://[ HTTP/1.1\r\nHost: a', 400],
    ['GET * HTTP/1.1\r\nHost: a', 400],
    ['OPTIONS * HTTP/1.1\r\nHost: a', 400],
    ['GET /healthz HTTP/1.1\r\nHost: [', 200],
    ['GET /healthz HTTP/1.1\r\nHost: a b', 200],
    ['GET /healthz HTTP/1.1\r\nHost: a:99999', 200],
    ['GET //[/healthz HTTP/1.1\r\nHost: %', 404],
    ['GET /healthz?%[ HTTP/1.1\r\nHost:', 200],
  ])('%j is answered with %i', async (head, status) => {
    const { port } = await start();
    const { text } = await raw(port, `${head}\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
    expect((await send(port, 'GET', '/healthz')).status).toBe(200);
  });

  test('a wish to upgrade is ignored, and does not leave the socket hanging', async () => {
    const { port } = await start();
    const { text, closed } = await raw(
      port,
      'GET /api/messages HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1\.1 405 /);
    expect(closed).toBe(true);
  });
});

describe('bodies that take their time', () => {
  test('in pieces is fine', async () => {
    const { port } = await start();
    const socket = await opened(port, `${HEAD}Connection: close\r\n\r\n${HELLO.slice(0, 5)}`);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    await pause(20);
    socket.write(HELLO.slice(5));
    await new Promise((resolve) => socket.on('close', resolve));
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('never finished is refused, and the connection closed', async () => {
    const { port } = await start({ bodyTimeoutMs: 30 });
    const { text, closed } = await raw(port, `${HEAD}\r\n${HELLO.slice(0, 5)}`);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"request_timeout"');
    expect(closed).toBe(true);
  });

  test('a sender who leaves is no error, and reaches no handler', async () => {
    const process = jest.fn();
    const { port, server, lines } = await start({ process });
    (await opened(port, `${HEAD}\r\n${HELLO.slice(0, 5)}`)).destroy();
    await pause(20);
    await server.close();
    expect(process).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
  });
});

describe('what the handler does', () => {
  test('gets token and body, and its answer goes out as JSON', async () => {
    const seen: unknown[] = [];
    const { port } = await start({
      process: ({ authorization, body }) => {
        seen.push(authorization, body);
        return Promise.resolve({ status: 202, body: { type: 'ok' } });
      },
    });
    const answer = await post(port, HELLO, { ...JSON_TYPE, authorization: 'Bearer t' });
    expect(seen).toEqual(['Bearer t', { type: 'message', text: 'hello' }]);
    expect(answer).toMatchObject({ status: 202, text: '{"type":"ok"}' });
  });

  const boom = new Error('boom at /srv/bot.js');
  test.each<[string, ServerOptions['process'], number, string]>([
    ['rejects', () => Promise.reject(boom), 500, 'internal_server_error'],
    [
      'throws at once',
      () => {
        throw boom;
      },
      500,
      'internal_server_error',
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what careless libraries do
    ['throws what is no error', () => Promise.reject({ message: 'boom' }), 500, 'internal_server_error'],
    [
      'sends the message of its error',
      () => Promise.resolve({ status: 500, body: 'boom' }),
      500,
      'internal_server_error',
    ],
    ['sends its error', () => Promise.resolve({ status: 500, body: boom }), 500, 'internal_server_error'],
    ['has nothing for an invoke', () => Promise.resolve({ status: 501 }), 501, 'not_implemented'],
    [
      'sends a circle',
      () => {
        const body: Record<string, unknown> = {};
        body['boom'] = body;
        return Promise.resolve({ status: 200, body });
      },
      500,
      'internal_server_error',
    ],
    [
      'sets a status there is not',
      () => Promise.resolve({ status: 1, body: {} }),
      500,
      'internal_server_error',
    ],
  ])('%s', async (_, process, status, code) => {
    const { port, lines } = await start({ process });
    const answer = await post(port, HELLO, { ...JSON_TYPE, accept: 'text/plain' });
    expect(answer.status).toBe(status);
    expect(errorOf(answer.text)).toEqual({
      code,
      message: `Something went wrong here; the log has it under ${REFERENCE}.`,
      reference: REFERENCE,
    });
    expect(answer.text).not.toMatch(/boom|srv|at /);
    expect(lines).toMatchObject([{ level: 'error', fields: { status, reference: REFERENCE } }]);
  });

  test('a refusal has no details but is logged, and names the scheme', async () => {
    const { port, lines } = await start({
      process: () => Promise.resolve({ status: 401, body: new Error('token of somebody') }),
    });
    const answer = await post(port, HELLO);
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(errorOf(answer.text)).toEqual({
      code: 'unauthorized',
      message: 'The request carries no valid token of the Bot Framework.',
    });
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'A request was refused.',
        fields: { status: 401, reason: 'token of somebody' },
      },
    ]);
  });

  test('an error object of its own passes', async () => {
    const body = { type: 'application/vnd.microsoft.error', value: { code: 'BadRequest' } };
    const { port, lines } = await start({
      process: () => Promise.resolve({ status: 400, body: body }),
    });
    expect(await post(port, HELLO)).toMatchObject({ status: 400, text: JSON.stringify(body) });
    expect(lines).toEqual([]);
  });
});

describe('what the outside sees', () => {
  test('health with the version, readiness as it changes', async () => {
    let isReady = false;
    const { port } = await start({ ready: () => isReady });
    const version: unknown = z
      .object({ version: z.string() })
      .parse(jest.requireActual('../package.json')).version;
    expect(JSON.parse((await send(port, 'GET', '/healthz')).text)).toEqual({ status: 'ok', version });
    expect(await send(port, 'GET', '/readyz')).toMatchObject({ status: 503, text: '{"status":"not ready"}' });
    isReady = true;
    expect(await send(port, 'GET', '/readyz?x=1')).toMatchObject({ status: 200, text: '{"status":"ready"}' });
    expect(await send(port, 'HEAD', '/healthz')).toMatchObject({ status: 200, text: '' });
  });

  test('a readiness that cannot be told is a 500 without details', async () => {
    const { port, lines } = await start({
      ready: () => {
        throw new Error('boom');
      },
    });
    const answer = await send(port, 'GET', '/readyz', { accept: 'text/plain' });
    expect(answer.status).toBe(500);
    expect(errorOf(answer.text)['reference']).toBe(REFERENCE);
    expect(lines).toHaveLength(1);
  });

  test.each([
    ['GET', '/healthz'],
    ['GET', '/nowhere'],
    ['DELETE', '/healthz'],
    ['POST', '/api/messages'],
  ])(
    '%s %s says nothing of what we run on, and is nothing to frame, cache or sniff',
    async (method, path) => {
      const { port } = await start();
      const { headers } = await send(port, method, path);
      expect(headers['server']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      });
    },
  );
});

describe('starting', () => {
  test('tells where it is', async () => {
    const { port, url } = await start();
    expect(port).toBeGreaterThan(0);
    expect(url).toBe(`http://127.0.0.1:${String(port)}`);
  });

  const listenAt = (host: string, port: number) => {
    const config = { host, port, maxBodyBytes: LIMIT, shutdownGraceMs: 50 };
    const { log } = recorder();
    return createServer({
      config,
      process: () => Promise.resolve({ status: 200 }),
      ready: () => true,
      log,
    }).listen();
  };

  test('a port in use is told with the variable to change', async () => {
    const other = createTcpServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const error = await listenAt('127.0.0.1', port).catch((reason: unknown) => reason);
    other.close();
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: 'LISTEN_FAILED',
      message: `Port ${String(port)} of 127.0.0.1 is taken by another program: set PORT to another one, or to 0 for any free port.`,
      cause: { code: 'EADDRINUSE' },
    });
  });

  test('so is an address of another machine', async () => {
    await expect(listenAt('192.0.2.1', 0)).rejects.toThrow(
      'This machine has no address 192.0.2.1: set HOST to',
    );
  });
});

describe('stopping', () => {
  const hanging = () => new Promise<MessageAnswer>(() => undefined);

  test('lets a running turn finish, answers it and closes its kept-alive connection', async () => {
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const { port, server, lines } = await start(
      {
        process: async () => {
          begun();
          await new Promise<void>((resolve) => (finish = resolve));
          return { status: 200, body: { type: 'done' } };
        },
      },
      5000,
    );
    const answer = raw(port, WHOLE);
    await started;
    const closed = server.close();
    await expect(send(port, 'GET', '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    finish();
    await closed;
    const { text, closed: cut } = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('"done"');
    expect(cut).toBe(true);
    expect(lines).toEqual([]);
  });

  test('cuts a turn that never ends when the grace is over', async () => {
    const { port, server, lines } = await start({ process: hanging }, 30);
    const answer = post(port, HELLO).catch((error: unknown) => error);
    await pause(20);
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(500);
    expect(await answer).toMatchObject({ code: 'ECONNRESET' });
    expect(lines).toMatchObject([{ level: 'warn', fields: { turns: 1 } }]);
  });

  test('waits for a turn whose caller has hung up', async () => {
    let done = false;
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const { port, server, lines } = await start(
      {
        process: async () => {
          begun();
          await pause(60);
          done = true;
          return { status: 200 };
        },
      },
      5000,
    );
    const socket = await opened(port, WHOLE);
    await started;
    socket.destroy();
    await pause(10);
    await server.close();
    expect(done).toBe(true);
    expect(lines).toEqual([]);
  });

  test.each([
    ['idle after a request', 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['opened and silent', ''],
  ])('does not wait for a connection that is %s', async (_, text) => {
    const { port, server } = await start({}, 5000);
    const socket = await opened(port, text);
    await pause(20);
    const before = Date.now();
    await server.close();
    expect(Date.now() - before).toBeLessThan(1000);
    socket.destroy();
  });

  test('can be asked twice, and of a server that never listened', async () => {
    const { server } = await start();
    await Promise.all([server.close(), server.close()]);
    await server.close();
    const { log } = recorder();
    const config = { host: '127.0.0.1', port: 0, maxBodyBytes: LIMIT, shutdownGraceMs: 5000 };
    await createServer({ config, process: hanging, ready: () => true, log }).close();
  });
});
