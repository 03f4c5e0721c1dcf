import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import type { Cloud, Identity } from '../../src/config';
import { createAdapter } from '../../src/bot/adapter';
import { createSigningKeys, KeysUnavailable } from '../../src/bot/signing-keys';
import { clouds } from '../../src/config/cloud';
import { createLog } from '../../src/log';
import { phrases } from '../guide/core';
import { program, startInstance, type Instance } from '../storage/instance';
import { activityIn, messageIn, startDesk, type DeskServer, type Json } from './desk-server';
import {
  createSigner,
  signed,
  signedWithSecret,
  startOpenId,
  unsigned,
  type OpenIdServer,
} from './openid-server';

jest.setTimeout(60_000);

const appId = '11111111-2222-4333-8444-555555555555';
const otherApp = '66666666-2222-4333-8444-555555555555';
const tenantId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const identities = {
  singleTenant: { kind: 'singleTenant', appId, tenantId, password: 'hush~hush' },
  managedIdentity: { kind: 'managedIdentity', appId, tenantId },
  multiTenant: { kind: 'multiTenant', appId, password: 'hush~hush' },
} as const satisfies Record<string, Identity>;

const teams = createSigner('teams-key');
const webChat = createSigner('web-chat-key');
const bare = createSigner('bare-key');
const stranger = createSigner('teams-key');
const unpublished = createSigner('unpublished-key');

let openId: OpenIdServer;
let desk: DeskServer;
/** The program as a process of its own, while it runs. */
let child: Instance | null = null;
/** How far the clock has been put forward, in milliseconds. */
let later = 0;
/** How the SDK is asked for access tokens. */
let asked: jest.SpyInstance;
let printed: jest.SpyInstance[] = [];
/** The ways into the storage. */
let touched: jest.SpyInstance[] = [];

beforeAll(async () => {
  openId = await startOpenId();
});
afterAll(() => openId.close());
beforeEach(() => {
  const { now } = Date;
  later = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + later);
  printed = (['log', 'warn', 'error'] as const).map((name) => jest.spyOn(console, name).mockReturnValue());
  asked = jest
    .spyOn(ConfigurationServiceClientCredentialFactory.prototype, 'createCredentials')
    .mockResolvedValue(credentials);
  openId.trouble(null);
  openId.asked.length = 0;
  openId.publish(
    { signer: teams, endorsements: ['msteams', 'skype'] },
    { signer: webChat, endorsements: ['webchat'] },
    { signer: bare },
  );
});
afterEach(async () => {
  child?.kill();
  child = null;
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  jest.restoreAllMocks();
  await desk.close();
});

/** What the bot gets for its own calls: nobody but a host of Teams may ever see it. */
const credentials = {
  signRequest: () => Promise.reject(new Error('Everything is sent by our own delivery.')),
  getToken: () => Promise.resolve('access-token-of-the-bot'),
};

const here = (): Cloud => ({
  ...clouds.public,
  openIdMetadata: openId.metadata,
  serviceHosts: [...clouds.public.serviceHosts, '127.0.0.1'],
});
const start = async (identity: Identity, cloud = here()): Promise<void> => {
  desk = await startDesk({ identity, cloud });
  touched = (['read', 'write', 'create', 'delete', 'list'] as const).map((name) =>
    jest.spyOn(desk.storage, name),
  );
};

const seconds = (from: number): number => Math.floor(Date.now() / 1000) + from;
const claims = (change: Json = {}): Json => ({
  serviceurl: desk.serviceUrl,
  nbf: seconds(-60),
  exp: seconds(3600),
  iss: 'https://api.botframework.com',
  aud: appId,
  ...change,
});
const message = (change: Json = {}): Json => ({
  ...messageIn('personal', 'a', '550 5.7.124 Sender not in allowed-senders list'),
  serviceUrl: desk.serviceUrl,
  ...change,
});
const send = (
  authorization: string | null,
  activity = message(),
): Promise<{ status: number; text: string }> =>
  desk.raw(JSON.stringify(activity), {
    'content-type': 'application/json',
    ...(authorization === null ? {} : { authorization }),
  });
const bearer = (change: Json = {}, signer = teams, header: Json = {}): string =>
  `Bearer ${signed(claims(change), signer, header)}`;

function expectNothingDone(): void {
  expect(desk.deliveries).toEqual([]);
  for (const spy of touched) expect(spy).not.toHaveBeenCalled();
}

const unauthorized = {
  error: { code: 'unauthorized', message: 'The request carries no valid token of the Bot Framework.' },
};
const forbidden = { error: { code: 'forbidden', message: 'The request is not for this bot to answer.' } };

/** Forgeries and mistakes: the header, what the activity says, and the status it gets. */
const refusals: [string, () => string | null, (() => Json) | null, 401 | 403][] = [
  ['no header', () => null, null, 401],
  ['a blank header', () => ' ', null, 401],
  ['another scheme', () => 'Basic Ym90OmJvdA==', null, 401],
  ['a scheme and nothing', () => 'Bearer', null, 401],
  ['no scheme', () => signed(claims(), teams), null, 401],
  ['two tokens', () => `${bearer()} ${signed(claims(), teams)}`, null, 401],
  ['garbage', () => 'Bearer x.y.z', null, 401],
  ['garbage with dots only', () => 'Bearer ...', null, 401],
  [
    'a header that is no JSON',
    () => `Bearer bm90IGpzb24.${signed(claims(), teams).split('.')[1]}.x`,
    null,
    401,
  ],
  ['claims that are null', () => `Bearer ${signed(null, teams)}`, null, 401],
  ['claims that are a list', () => `Bearer ${signed([], teams)}`, null, 401],
  ['claims that are a text', () => `Bearer ${signed('text', teams)}`, null, 401],
  ['no signature, alg none', () => `Bearer ${unsigned(claims(), teams.kid)}`, null, 401],
  ['no signature, alg nOnE', () => `Bearer ${unsigned(claims(), teams.kid, 'nOnE')}`, null, 401],
  ['no signature, alg RS256', () => `Bearer ${unsigned(claims(), teams.kid, 'RS256')}`, null, 401],
  [
    'HS256 with the public key as the secret',
    () =>
      `Bearer ${signedWithSecret(claims(), teams.kid, teams.publicKey.export({ type: 'spki', format: 'pem' }).toString())}`,
    null,
    401,
  ],
  [
    'an algorithm that is not the signature’s',
    () => bearer({}, teams, { alg: 'RS512' }).slice(0, -2),
    null,
    401,
  ],
  ['claims changed after signing', () => withOtherClaims(bearer()), null, 401],
  ['expired', () => bearer({ nbf: seconds(-7200), exp: seconds(-400) }), null, 401],
  ['without an end', () => bearer({ exp: undefined }), null, 401],
  ['an end that is no number', () => bearer({ exp: 'never' }), null, 401],
  ['not yet valid', () => bearer({ nbf: seconds(400) }), null, 401],
  ['for another bot', () => bearer({ aud: otherApp }), null, 401],
  ['for nobody', () => bearer({ aud: undefined }), null, 401],
  [
    'for the connector, as our own tokens are',
    () => bearer({ aud: 'https://api.botframework.com' }),
    null,
    401,
  ],
  ['another issuer', () => bearer({ iss: 'https://api.botframework.us' }), null, 401],
  [
    'an issuer that begins alike',
    () => bearer({ iss: 'https://api.botframework.com.example.com' }),
    null,
    401,
  ],
  ['no issuer', () => bearer({ iss: undefined }), null, 401],
  [
    'an issuer of Entra, with our app id as an emulator has it',
    () => bearer({ iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, ver: '1.0', appid: appId }),
    null,
    401,
  ],
  [
    'the very token that this bot is given for its answers',
    () =>
      bearer(
        {
          iss: `https://sts.windows.net/${tenantId}/`,
          tid: tenantId,
          ver: '1.0',
          appid: appId,
          aud: 'https://api.botframework.com',
          serviceurl: undefined,
        },
        bare,
      ),
    () => message({ serviceUrl: 'https://example.com/' }),
    401,
  ],
  [
    'the same over a channel with rules of its own',
    () => bearer({ iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, ver: '1.0', appid: appId }),
    () => message({ channelId: 'AseChannel' }),
    401,
  ],
  [
    'a skill of another bot',
    () =>
      bearer({
        iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        tid: tenantId,
        ver: '2.0',
        azp: otherApp,
      }),
    null,
    401,
  ],
  ['a key of somebody else under the right name', () => bearer({}, stranger), null, 401],
  ['a key that is not published', () => bearer({}, unpublished), null, 401],
  ['no name of a key', () => bearer({}, teams, { kid: undefined }), null, 401],
  ['a key that vouches for another channel', () => bearer({}, webChat), null, 403],
  ['a key that vouches for no channel', () => bearer({}, bare), null, 403],
  ['an activity of another channel', () => bearer(), () => message({ channelId: 'webchat' }), 403],
  ['an activity of no channel', () => bearer(), () => message({ channelId: undefined }), 403],
  ['a blank channel', () => bearer(), () => message({ channelId: '' }), 403],
  ['a channel that is no text', () => bearer(), () => message({ channelId: ['msteams'] }), 403],
  [
    'another service address',
    () => bearer({ serviceurl: 'https://smba.trafficmanager.net/emea/' }),
    null,
    401,
  ],
  ['no service address in the token', () => bearer({ serviceurl: undefined }), null, 401],
  ['none in the activity', () => bearer(), () => message({ serviceUrl: undefined }), 401],
  ['a blank one in the activity', () => bearer(), () => message({ serviceUrl: '' }), 401],
  [
    'neither here nor there',
    () => bearer({ serviceurl: undefined }),
    () => message({ serviceUrl: undefined }),
    401,
  ],
  ['one in the activity that is no text', () => bearer(), () => message({ serviceUrl: null }), 401],
  ...hostile().map((url): [string, () => string, () => Json, 403] => [
    `a service address that is proven, and not of Teams: ${url}`,
    () => bearer({ serviceurl: url }),
    () => message({ serviceUrl: url }),
    403,
  ]),
];

function hostile(): string[] {
  return [
    'http://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net:8443/emea/',
    'https://who@smba.trafficmanager.net/emea/',
    'https://evil.trafficmanager.net/',
    'https://smba.trafficmanager.net.example.com/',
    'https://example.com/#smba.trafficmanager.net',
    'https://10.0.0.1/',
    'https://169.254.169.254/metadata',
    'https://[::1]/',
    'https://localhost/',
    'http://localhost:9/',
    'file:///etc/passwd',
    'smba.trafficmanager.net',
  ];
}

function withOtherClaims(header: string): string {
  const [head = '', , signature = ''] = header.split('.');
  const other = Buffer.from(JSON.stringify(claims({ exp: seconds(99_999) }))).toString('base64url');
  return `${head}.${other}.${signature}`;
}

describe.each(Object.values(identities))('$kind', (identity) => {
  test('is refused, with nothing read, written, sent or told', async () => {
    await start(identity);
    const answers: [string, number, unknown][] = [];
    for (const [name, header, activity] of refusals) {
      const { status, text } = await send(header(), activity?.() ?? message());
      answers.push([name, status, JSON.parse(text)]);
    }
    expect(answers).toEqual(
      refusals.map(([name, , , status]) => [name, status, status === 401 ? unauthorized : forbidden]),
    );
    expectNothingDone();
    const lines = desk.log().trim().split('\n');
    expect(lines).toHaveLength(refusals.length);
    for (const line of lines) expect(line).toMatch(/"level":"warn".*"message":"A request was refused\."/);
    expect(desk.log()).not.toMatch(/eyJ|hush|access-token/);
  });

  test.each<[string, Json, Json]>([
    ['right', {}, {}],
    ['within the difference of two clocks, early', { nbf: 280 }, {}],
    ['within the difference of two clocks, late', { exp: -280 }, {}],
    ['signed with RS384', {}, { alg: 'RS384' }],
    ['signed with RS512', {}, { alg: 'RS512' }],
  ])('%s: is served', async (_, times, header) => {
    await start(identity);
    const change = Object.fromEntries(
      Object.entries(times).map(([key, value]) => [key, seconds(Number(value))]),
    );
    expect(await send(bearer(change, teams, header))).toEqual({ status: 200, text: '' });
    expect(desk.deliveries.map(({ authorization }) => authorization)).toEqual([
      'Bearer access-token-of-the-bot',
    ]);
    expect(touched.some(({ mock }) => mock.calls.length > 0)).toBe(true);
  });
});

test.each([
  ['vouches for it', webChat],
  ['names no channel', bare],
])('another channel than Teams is served with a key that %s', async (_, signer) => {
  await start(identities.singleTenant);
  expect((await send(bearer({}, signer), message({ channelId: 'webchat' }))).status).toBe(200);
  expect(desk.deliveries).toHaveLength(1);
});

describe('keys', () => {
  test('are loaded once for everybody who comes at the same time', async () => {
    await start(identities.singleTenant);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(bearer())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(openId.asked).toEqual(['/openid', '/keys']);
  });

  test('change: an unknown one is looked for again, though not each time', async () => {
    await start(identities.singleTenant);
    const next = createSigner('next-key');
    expect((await send(bearer())).status).toBe(200);
    expect((await send(bearer({}, next))).status).toBe(401);
    openId.publish({ signer: next, endorsements: ['msteams'] });
    expect((await send(bearer({}, next))).status).toBe(401);
    expect(openId.asked).toHaveLength(2);
    later = 6 * 60_000;
    expect((await send(bearer({}, next))).status).toBe(200);
    expect(openId.asked).toHaveLength(4);
    // The one that was withdrawn is not believed any more.
    expect((await send(bearer())).status).toBe(401);
  });

  test.each<[string, string, (path: string, url: string) => [number, string] | null]>([
    ['the document answers 503', 'status 503', () => [503, '']],
    ['the document is a sign-in page', 'is not valid JSON', () => [200, '<html>Sign in to the Wi-Fi</html>']],
    ['the document names no keys', 'jwks_uri', () => [200, '{}']],
    [
      'the keys answer 404',
      'status 404',
      (path, url) => (path === '/openid' ? [200, keysAt(`${url}/keys`)] : [404, '']),
    ],
    [
      'the keys are none',
      'no RSA key',
      (path, url) => [200, path === '/openid' ? keysAt(`${url}/keys`) : '{"keys":[{"kty":"EC","kid":"k"}]}'],
    ],
    [
      'the keys are at an open address',
      'without encryption',
      () => [200, keysAt('http://keys.example.com/')],
    ],
    ['the connection is cut', 'fetch failed', () => null],
  ])('are not to be had: %s', async (_, reason, answer) => {
    await start(identities.singleTenant);
    openId.trouble((path, res) => {
      const given = answer(path, openId.metadata.replace('/openid', ''));
      if (given === null) {
        res.destroy();
        return;
      }
      res.writeHead(given[0]);
      res.end(given[1]);
    });
    const { status, text } = await send(bearer());
    expect(status).toBe(503);
    expect(text).toMatch(/^\{"error":\{"code":"service_unavailable","message":"[^"]*","reference":"BD-/);
    expect(text).not.toContain('openid');
    expectNothingDone();
    const line = desk.log().trim().split('\n').at(-1) ?? '';
    expect(line).toMatch(/"level":"error".*"status":503,"reference":"BD-/);
    expect(line).toContain(`could not be loaded from ${openId.metadata}`);
    expect(line).toContain(reason);
    expect(line).toContain('This machine must be able to reach that address');
    openId.trouble(null);
    expect((await send(bearer())).status).toBe(200);
  });

  test('that were loaded go on being used while no new ones are to be had', async () => {
    await start(identities.singleTenant);
    expect((await send(bearer())).status).toBe(200);
    openId.trouble((_, res) => res.destroy());
    later = 25 * 60 * 60_000;
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(bearer())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    // A key that is not among the old ones may be a new one: that cannot be known, and is not the caller's fault.
    later += 6 * 60_000;
    expect((await send(bearer({}, unpublished))).status).toBe(503);
    const before = openId.asked.length;
    expect((await send(bearer({}, unpublished))).status).toBe(503);
    expect((await send(bearer())).status).toBe(200);
    expect(openId.asked).toHaveLength(before);
    // A line for each of the two tries, not for each caller; the second may have found the first still on its way.
    const told = desk.log().match(/are old and could not be loaded anew/g) ?? [];
    expect([1, 2]).toContain(told.length);
    openId.trouble(null);
    later += 6 * 60_000;
    expect((await send(bearer())).status).toBe(200);
    expect((await send(bearer({}, unpublished))).status).toBe(401);
  });
});

const keysAt = (jwks_uri: string): string => JSON.stringify({ jwks_uri });

test('keys that are not sent in time are not waited for', async () => {
  openId.trouble(() => undefined);
  desk = await startDesk();
  const log = createLog({ stream: { write: () => true }, level: 'silent', now: () => new Date(0) });
  const keys = createSigningKeys({ openIdMetadata: openId.metadata, log, timeoutMs: 50 });
  await expect(keys.find(teams.kid)).rejects.toThrow(KeysUnavailable);
  await expect(keys.find(teams.kid)).rejects.toThrow(/timeout/);
});

describe('the access token', () => {
  test('goes to the address the token of the caller proves, and is not taken along by a redirect', async () => {
    const elsewhere = await startDesk();
    await start(identities.singleTenant);
    desk.redirect(`${elsewhere.serviceUrl}v3/conversations/x/activities`);
    await send(bearer());
    expect(desk.deliveries).toEqual([]);
    expect(elsewhere.deliveries).toEqual([]);
    await elsewhere.close();
  });

  const alone = (): ReturnType<typeof createAdapter> => {
    const log = createLog({ stream: { write: () => true }, level: 'silent', now: () => new Date(0) });
    return createAdapter(identities.singleTenant, log, (_, error) => Promise.reject(error), here());
  };

  test('goes where the token says, whatever becomes of the activity in a turn', async () => {
    await start(identities.singleTenant);
    await alone().serve(bearer(), message(), async (context) => {
      context.activity.serviceUrl = 'https://example.com/';
      await context.sendActivity('hello');
    });
    expect(desk.deliveries.map(({ authorization }) => authorization)).toEqual([
      'Bearer access-token-of-the-bot',
    ]);
  });

  test.each<[string, number]>([
    ['', 1],
    ['https://example.com/', 0],
    ['http://smba.trafficmanager.net/emea/', 0],
  ])('where there is no token of a caller, goes to hosts of Teams only: %s', async (address, sent) => {
    await start(identities.singleTenant);
    const reference = {
      serviceUrl: address === '' ? desk.serviceUrl : address,
      channelId: 'msteams',
      conversation: { id: 'a', isGroup: false, conversationType: 'personal', name: '' },
    };
    const turn = alone().continueConversationAsync(appId, reference, async (context) => {
      await context.sendActivity('hello');
    });
    if (sent === 0) await expect(turn).rejects.toThrow('no host of Teams');
    else await turn;
    expect(desk.deliveries).toHaveLength(sent);
  });

  test('is not there where nobody is authenticated, whatever the address', async () => {
    desk = await startDesk();
    expect((await send(bearer({}, stranger))).status).toBe(200);
    expect(desk.deliveries.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});

test('the cloud of the US government has its own issuer, and asks for tokens of its own', async () => {
  await start(identities.singleTenant, {
    ...here(),
    ...clouds.usGovernment,
    openIdMetadata: openId.metadata,
  });
  const serviceurl = 'https://smba.infra.gov.teams.microsoft.us/gcch/';
  const search = {
    ...activityIn('personal', 'a'),
    type: 'invoke',
    name: 'composeExtension/query',
    value: {},
  };
  const ask = (iss: string): Promise<{ status: number }> =>
    send(bearer({ iss, serviceurl }), { ...search, serviceUrl: serviceurl });
  expect((await ask('https://api.botframework.com')).status).toBe(401);
  expect((await ask('https://api.botframework.us')).status).toBe(200);
  expect(asked).toHaveBeenCalledWith(
    appId,
    'https://api.botframework.us',
    'https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us',
    true,
  );
});

// `npm test` builds first; a bare jest on a fresh clone has nothing to start.
(existsSync(program) ? test : test.skip)(
  'the program, as an operator starts it, lets in who it should',
  async () => {
    desk = await startDesk(); // For its address alone.
    const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-identity-'));
    const started = await startInstance('bot', cwd, {
      STORAGE: 'memory',
      MicrosoftAppType: 'SingleTenant',
      MicrosoftAppId: appId,
      MicrosoftAppTenantId: tenantId,
      MicrosoftAppPassword: 'hush~hush',
      BotOpenIdMetadata: openId.metadata,
      SERVICE_HOSTS: '127.0.0.1',
    });
    child = started;
    const search = (tenant: string, authorization: string): Promise<Response> =>
      fetch(`${started.url ?? ''}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({
          ...activityIn('personal', 'a'),
          type: 'invoke',
          name: 'composeExtension/query',
          value: { parameters: [{ name: 'query', value: '5.7.124' }] },
          serviceUrl: desk.serviceUrl,
          conversation: { id: 'a', tenantId: tenant },
          channelData: { tenant: { id: tenant } },
        }),
      });
    expect((await search(tenantId, bearer({}, stranger))).status).toBe(401);
    expect(await (await search(tenantId, bearer())).json()).toMatchObject({
      composeExtension: { type: 'result' },
    });
    expect(await (await search(otherApp, bearer())).json()).toEqual({
      composeExtension: { type: 'message', text: phrases.t('outsider') },
    });
    await started.stop();
    rmSync(cwd, { recursive: true });
    expect(started.said().match(/turned away/g)).toHaveLength(1);
    expect(started.said()).not.toMatch(/hush|eyJ/);
  },
);
