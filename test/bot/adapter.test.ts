import { createHmac } from 'node:crypto';
import type { TurnContext } from 'botbuilder';
import { createAdapter } from '../../src/bot/adapter';
import type { Identity } from '../../src/config';
import { createLog } from '../../src/log';
import { createServer, type Server } from '../../src/server';

const appId = '11111111-2222-4333-8444-555555555555';
const tenantId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const password = 'hush~hush';
const ACTIVITY = {
  type: 'message',
  id: '1',
  channelId: 'msteams',
  serviceUrl: 'http://127.0.0.1:9/',
  conversation: { id: 'c' },
  from: { id: 'u' },
  recipient: { id: 'b' },
  text: 'hello',
};

const identities: [string, Identity][] = [
  ['single tenant', { kind: 'singleTenant', appId, tenantId, password }],
  ['managed identity', { kind: 'managedIdentity', appId, tenantId }],
  ['multi-tenant', { kind: 'multiTenant', appId, password }],
];

let running: Server | undefined;
let written = '';
let printed: jest.SpyInstance[] = [];
beforeEach(() => {
  written = '';
  printed = [jest.spyOn(console, 'error').mockReturnValue(), jest.spyOn(console, 'warn').mockReturnValue()];
});
afterEach(async () => {
  for (const spy of printed) spy.mockRestore();
  await running?.close();
});

async function start(
  identity: Identity,
  logic: (context: TurnContext) => Promise<void>,
  onTurnError = jest.fn(),
) {
  const log = createLog({
    stream: { write: (line: string) => (written += line) },
    level: 'debug',
    now: () => new Date(0),
  });
  const adapter = createAdapter(identity, log, onTurnError);
  running = createServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 10_000, shutdownGraceMs: 50 },
    process: ({ authorization, body }) => adapter.serve(authorization, body, logic),
    ready: () => true,
    log,
  });
  const { url } = await running.listen();
  return async (activity: object = ACTIVITY, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(activity),
    });
    return { status: response.status, text: await response.text() };
  };
}

function token(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', kid: 'k' })}.${part(claims)}`;
  return `Bearer ${unsigned}.${createHmac('sha256', 'forged').update(unsigned).digest('base64url')}`;
}

describe.each(identities)('%s', (_, identity) => {
  test.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['a blank token', { authorization: ' ' }],
    ['another scheme', { authorization: 'Basic Ym90OmJvdA==' }],
    ['a token that is none', { authorization: 'Bearer x.y.z' }],
    ['a token of an unknown issuer', { authorization: token({ iss: 'https://example.org/', aud: appId }) }],
  ])('refuses %s and runs nothing', async (__, headers) => {
    const logic = jest.fn();
    const post = await start(identity, logic);
    const answer = await post(ACTIVITY, headers);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({
      error: { code: 'unauthorized', message: 'The request carries no valid token of the Bot Framework.' },
    });
    expect(logic).not.toHaveBeenCalled();
    expect(written).toMatch(/"level":"warn".*"status":401,"reason":"The/);
    expect(written).not.toContain('hush');
  });
});

describe('anonymous', () => {
  test('is served, and warns once', async () => {
    const seen: unknown[] = [];
    const post = await start({ kind: 'anonymous' }, ({ activity }) =>
      Promise.resolve(void seen.push(activity.text)),
    );
    expect(await post()).toEqual({ status: 200, text: '' });
    expect(await post()).toEqual({ status: 200, text: '' });
    expect(seen).toEqual(['hello', 'hello']);
    expect(written.match(/"level":"warn"/g)).toHaveLength(1);
  });

  test('stays anonymous whatever the environment says', async () => {
    process.env['MicrosoftAppId'] = appId;
    const post = await start({ kind: 'anonymous' }, () => Promise.resolve());
    const { status } = await post();
    delete process.env['MicrosoftAppId'];
    expect(status).toBe(200);
  });

  test('an invoke is answered with its value', async () => {
    const post = await start({ kind: 'anonymous' }, async (context) => {
      await context.sendActivity({
        type: 'invokeResponse',
        value: { status: 200, body: { statusCode: 200, value: 'card' } },
      });
    });
    expect(await post({ ...ACTIVITY, type: 'invoke' })).toEqual({
      status: 200,
      text: '{"statusCode":200,"value":"card"}',
    });
  });

  test('what the logic throws goes to onTurnError', async () => {
    const onTurnError = jest.fn();
    const boom = new Error('boom');
    const post = await start({ kind: 'anonymous' }, () => Promise.reject(boom), onTurnError);
    expect(await post()).toEqual({ status: 200, text: '' });
    // Not `toHaveBeenCalledWith`: it would look into the context, which is revoked after the turn.
    expect(onTurnError.mock.calls.map(([, error]: unknown[]) => error)).toEqual([boom]);
  });

  test('what onTurnError throws is answered with a reference and without details', async () => {
    const post = await start(
      { kind: 'anonymous' },
      () => Promise.reject(new Error('boom')),
      jest.fn().mockRejectedValue(new Error('worse')),
    );
    const { status, text } = await post();
    expect(status).toBe(500);
    expect(text).toMatch(/"reference":"BD-/);
    expect(text).not.toContain('worse');
    expect(written).toMatch(/"level":"error".*"message":"worse"/);
  });

  test('nothing is printed past the log', async () => {
    const post = await start({ kind: 'anonymous' }, () => Promise.resolve());
    await post({ type: 'message', channelId: 'msteams' });
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
