import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { ConfigError, loadConfig, readConfig, VARIABLES, type Config } from '../src/config';
import { clouds } from '../src/config/cloud';

const APP = 'fedcba98-2222-4333-8444-555555555555';
const TENANT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const OTHER = '99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const SECRET = 'hush~hush';
const single = {
  MicrosoftAppType: 'SingleTenant',
  MicrosoftAppId: APP,
  MicrosoftAppTenantId: TENANT,
  MicrosoftAppPassword: SECRET,
};
const managed = { MicrosoftAppType: 'UserAssignedMsi', MicrosoftAppId: APP, MicrosoftAppTenantId: TENANT };
const multi = { MicrosoftAppType: 'MultiTenant', MicrosoftAppId: APP, MicrosoftAppPassword: SECRET };

const defaults: Config = {
  host: '127.0.0.1',
  port: 3978,
  identity: { kind: 'anonymous' },
  cloud: clouds.public,
  allowedTenants: 'any',
  knowledgeDir: undefined,
  knowledgePollMs: 5_000,
  logLevel: 'info',
  maxBodyBytes: 4_194_304,
  shutdownGraceMs: 10_000,
  storage: { engine: 'embedded', folder: 'data' },
  caseRetentionDays: 30,
};
const singleTenant = { kind: 'singleTenant', appId: APP, tenantId: TENANT, password: SECRET } as const;
const managedIdentity = { kind: 'managedIdentity', appId: APP, tenantId: TENANT } as const;
const own = { allowedTenants: new Set([TENANT]) } as const;
const multiTenant = { kind: 'multiTenant', appId: APP, password: SECRET } as const;

const KEYED =
  'DefaultEndpointsProtocol=https;AccountName=desk;AccountKey=aHVzaA==;EndpointSuffix=core.windows.net';
const keyed = { kind: 'connectionString', connectionString: KEYED } as const;
const ACCOUNT = 'https://desk.blob.core.windows.net';
const azureAs = (clientId: string | undefined): Config['storage'] => ({
  engine: 'azureBlob',
  container: 'bounce-desk',
  access: { kind: 'identity', accountUrl: ACCOUNT, clientId },
});

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test.each<[string, NodeJS.ProcessEnv, Partial<Config>]>([
  ['nothing set', {}, {}],
  [
    'blank means unset',
    { PORT: '', HOST: ' ', MicrosoftAppId: '', MicrosoftAppPassword: '  ', KNOWLEDGE_DIR: '' },
    {},
  ],
  [
    'other programs’ variables',
    { PATH: '/bin', MICROSOFT_SOMETHING_ELSE: 'x', MicrosoftEdge: 'y', MSI_ENDPOINT: 'z' },
    {},
  ],
  ['a port', { PORT: '80' }, { port: 80 }],
  ['any free port', { PORT: '0' }, { port: 0 }],
  ['the last port', { PORT: ' 65535\r' }, { port: 65_535 }],
  ['a folder', { KNOWLEDGE_DIR: './ours' }, { knowledgeDir: './ours' }],
  ['a folder that is never looked at again', { KNOWLEDGE_POLL_SECONDS: '0' }, { knowledgePollMs: 0 }],
  ['a level', { LOG_LEVEL: 'Debug' }, { logLevel: 'debug' }],
  [
    'sizes and times',
    { MAX_BODY_BYTES: '1024', SHUTDOWN_GRACE_MS: '0' },
    { maxBodyBytes: 1024, shutdownGraceMs: 0 },
  ],
  ['nothing kept', { STORAGE: 'Memory' }, { storage: { engine: 'memory' } }],
  [
    'another folder',
    { DATA_DIR: '/var/lib/desk' },
    { storage: { engine: 'embedded', folder: '/var/lib/desk' } },
  ],
  ['forgotten after a day', { CASE_RETENTION_DAYS: '1' }, { caseRetentionDays: 1 }],
  [
    'Azure’s variables of other programs',
    { AZURE_STORAGE_CONNECTION_STRING: 'x', AZURE_STORAGE_ACCOUNT_URL: 'y', AZURE_CLIENT_ID: 'z' },
    {},
  ],
  [
    'Azure with a connection string',
    { STORAGE: 'azure-blob', AZURE_STORAGE_CONNECTION_STRING: KEYED },
    { storage: { engine: 'azureBlob', container: 'bounce-desk', access: keyed } },
  ],
  [
    'Azure’s emulator, another container',
    {
      STORAGE: 'azure-blob',
      AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
      AZURE_STORAGE_CONTAINER: 'desk-2',
    },
    {
      storage: {
        engine: 'azureBlob',
        container: 'desk-2',
        access: { kind: 'connectionString', connectionString: 'UseDevelopmentStorage=true' },
      },
    },
  ],
  [
    'Azure with whatever identity the machine has',
    { ...single, STORAGE: 'azure-blob', AZURE_STORAGE_ACCOUNT_URL: ACCOUNT },
    { identity: singleTenant, ...own, storage: azureAs(undefined) },
  ],
  [
    'Azure with the bot’s own managed identity',
    { ...managed, STORAGE: 'azure-blob', AZURE_STORAGE_ACCOUNT_URL: ACCOUNT },
    { identity: managedIdentity, ...own, storage: azureAs(APP) },
  ],
  [
    'Azure with another managed identity',
    { ...managed, STORAGE: 'azure-blob', AZURE_STORAGE_ACCOUNT_URL: ACCOUNT, AZURE_CLIENT_ID: TENANT },
    { identity: managedIdentity, ...own, storage: azureAs(TENANT) },
  ],
  ['single tenant', single, { identity: singleTenant, ...own }],
  [
    'single tenant, open to the world',
    { ...single, HOST: '0.0.0.0' },
    { host: '0.0.0.0', identity: singleTenant, ...own },
  ],
  [
    'a type in other letters',
    { ...single, MicrosoftAppType: 'singletenant' },
    { identity: singleTenant, ...own },
  ],
  [
    'ids in capitals',
    { ...managed, MicrosoftAppId: APP.toUpperCase(), MicrosoftAppTenantId: TENANT.toUpperCase() },
    { identity: managedIdentity, ...own },
  ],
  ['managed identity', managed, { identity: managedIdentity, ...own }],
  [
    'managed identity, blank password',
    { ...managed, MicrosoftAppPassword: '' },
    { identity: managedIdentity, ...own },
  ],
  [
    'an old multi-tenant bot',
    { ...multi, ALLOW_MULTI_TENANT: '1', ALLOWED_TENANTS: TENANT },
    { identity: multiTenant, ...own },
  ],
  [
    'a multi-tenant bot for everybody',
    { ...multi, ALLOW_MULTI_TENANT: '1', ALLOWED_TENANTS: ' * ' },
    { identity: multiTenant },
  ],
  [
    'several tenants, in capitals, and its own not among them',
    { ...single, ALLOWED_TENANTS: `${APP.toUpperCase()}, ${OTHER};${APP}` },
    { identity: singleTenant, allowedTenants: new Set([APP, OTHER]) },
  ],
  [
    'a single tenant’s bot for everybody',
    { ...single, ALLOWED_TENANTS: '*' },
    { identity: singleTenant, allowedTenants: 'any' },
  ],
  [
    'the US government’s cloud',
    { ...single, ChannelService: 'https://BotFramework.azure.us/' },
    { identity: singleTenant, ...own, cloud: clouds.usGovernment },
  ],
  [
    'keys from elsewhere',
    { BotOpenIdMetadata: 'https://keys.example.com/openid' },
    { cloud: { ...clouds.public, openIdMetadata: 'https://keys.example.com/openid' } },
  ],
  [
    'keys from this machine',
    { BotOpenIdMetadata: 'http://[::1]:8080/openid' },
    { cloud: { ...clouds.public, openIdMetadata: 'http://[::1]:8080/openid' } },
  ],
  [
    'more hosts for answers',
    { SERVICE_HOSTS: 'SMBA.example.com 127.0.0.1' },
    {
      cloud: {
        ...clouds.public,
        serviceHosts: [...clouds.public.serviceHosts, 'smba.example.com', '127.0.0.1'],
      },
    },
  ],
  [
    'more hosts by IP address, as addresses have them',
    { SERVICE_HOSTS: '::1, [2001:DB8:0:0::A],::ffff:10.0.0.1 10.1' },
    {
      cloud: {
        ...clouds.public,
        serviceHosts: [
          ...clouds.public.serviceHosts,
          ...['[::1]', '[2001:db8::a]', '[::ffff:a00:1]', '10.0.0.1'],
        ],
      },
    },
  ],
])('%s', (_, env, expected) => {
  expect(readConfig(env)).toEqual({ ...defaults, ...expected });
});

test.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
  'nobody needs an id on %s',
  (host) => {
    expect(readConfig({ HOST: host })).toEqual({ ...defaults, host });
  },
);

const NO_ID =
  'Set MicrosoftAppId and MicrosoftAppType, or set HOST to 127.0.0.1: without an app id nobody is authenticated, which is allowed only where no other machine can connect.';
const SET_ID = 'Set MicrosoftAppId: it is the application (client) id of the bot’s registration.';
const SET_TENANT = 'Set MicrosoftAppTenantId: it is the directory (tenant) id of the bot’s registration.';
const SET_PASSWORD =
  'Set MicrosoftAppPassword: it is the value (not the id) of a client secret of the bot’s registration.';
const NO_MULTI =
  'Set MicrosoftAppType to SingleTenant or UserAssignedMsi: Microsoft allows no new multi-tenant bots since 31 July 2025; for a bot that is older, set ALLOW_MULTI_TENANT=1.';
const BAD_TENANTS =
  'ALLOWED_TENANTS must be directory (tenant) ids, which are GUIDs, separated by commas; or * alone for every tenant.';
const BAD_METADATA =
  'BotOpenIdMetadata must be an https address without a password: whoever answers there decides who is believed to be Teams. Plain http is allowed to this machine only.';
const BAD_HOSTS =
  'SERVICE_HOSTS must be names of hosts such as smba.example.com, or IP addresses, separated by commas, without scheme, path, port, zone or *.';
const BAD_PORT = 'PORT must be a whole number from 0 to 65535.';
const BAD_HOST = 'HOST must be a bare address or name, such as 127.0.0.1, without scheme, brackets or port.';

const azure = { STORAGE: 'azure-blob', AZURE_STORAGE_ACCOUNT_URL: ACCOUNT };
const ONE_ACCOUNT =
  'Set either AZURE_STORAGE_ACCOUNT_URL, for a managed identity, or AZURE_STORAGE_CONNECTION_STRING: STORAGE=azure-blob needs one of them.';
const BAD_ACCOUNT =
  'AZURE_STORAGE_ACCOUNT_URL must be an address such as https://account.blob.core.windows.net.';
const BAD_CONTAINER =
  'AZURE_STORAGE_CONTAINER must be 3 to 63 small letters, digits and single dashes, such as bounce-desk.';

test.each(['0.0.0.0', '::', '10.0.0.4', '128.0.0.1', '0', '127.1', 'localhost.example', '::ffff:10.0.0.1'])(
  'an id is needed on %s',
  (host) => {
    expect(problemsOf(() => readConfig({ HOST: host }))).toEqual([NO_ID]);
  },
);

test.each<[string, NodeJS.ProcessEnv, string[]]>([
  ['port in words', { PORT: 'http' }, [BAD_PORT]],
  ['port too high', { PORT: '65536' }, [BAD_PORT]],
  ['port negative', { PORT: '-1' }, [BAD_PORT]],
  ['port in hex', { PORT: '0x50' }, [BAD_PORT]],
  ['host with a scheme', { ...single, HOST: 'http://0.0.0.0' }, [BAD_HOST]],
  ['host with a port', { ...single, HOST: '0.0.0.0:3978' }, [BAD_HOST]],
  ['host in brackets', { ...single, HOST: '[::1]' }, [BAD_HOST]],
  [
    'body of nothing',
    { MAX_BODY_BYTES: '0' },
    ['MAX_BODY_BYTES must be a whole number from 1024 to 16777216.'],
  ],
  [
    'endless grace',
    { SHUTDOWN_GRACE_MS: '9999999' },
    ['SHUTDOWN_GRACE_MS must be a whole number from 0 to 300000.'],
  ],
  [
    'level misspelt',
    { LOG_LEVEL: 'inf' },
    ['LOG_LEVEL must be one of debug, info, warn, error, fatal, silent; the closest is info.'],
  ],
  [
    'level unknown',
    { LOG_LEVEL: 'chatty' },
    ['LOG_LEVEL must be one of debug, info, warn, error, fatal, silent.'],
  ],
  [
    'storage misspelt',
    { STORAGE: 'azureblob' },
    ['STORAGE must be one of embedded, memory, azure-blob; the closest is azure-blob.'],
  ],
  ['storage unknown', { STORAGE: 'redis' }, ['STORAGE must be one of embedded, memory, azure-blob.']],
  [
    'kept for ever',
    { CASE_RETENTION_DAYS: '0' },
    ['CASE_RETENTION_DAYS must be a whole number from 1 to 3650.'],
  ],
  ['Azure without an account', { STORAGE: 'azure-blob' }, [ONE_ACCOUNT]],
  ['Azure with two', { ...azure, AZURE_STORAGE_CONNECTION_STRING: KEYED }, [ONE_ACCOUNT]],
  [
    'Azure with a key alone',
    { STORAGE: 'azure-blob', AZURE_STORAGE_CONNECTION_STRING: 'aHVzaA==' },
    [
      'AZURE_STORAGE_CONNECTION_STRING must be a connection string, as the storage account’s page "Access keys" shows it.',
    ],
  ],
  ['Azure without encryption', { ...azure, AZURE_STORAGE_ACCOUNT_URL: 'http://desk.local' }, [BAD_ACCOUNT]],
  ['Azure by the account’s name', { ...azure, AZURE_STORAGE_ACCOUNT_URL: 'desk' }, [BAD_ACCOUNT]],
  [
    'Azure with a signature in the address',
    { ...azure, AZURE_STORAGE_ACCOUNT_URL: `${ACCOUNT}/?sv=hush` },
    [
      'AZURE_STORAGE_ACCOUNT_URL must have no "?": put a shared access signature into AZURE_STORAGE_CONNECTION_STRING.',
    ],
  ],
  ['container in capitals', { ...azure, AZURE_STORAGE_CONTAINER: 'Desk' }, [BAD_CONTAINER]],
  ['container too short', { ...azure, AZURE_STORAGE_CONTAINER: 'ab' }, [BAD_CONTAINER]],
  ['container too long', { ...azure, AZURE_STORAGE_CONTAINER: 'a'.repeat(64) }, [BAD_CONTAINER]],
  ['container with two dashes', { ...azure, AZURE_STORAGE_CONTAINER: 'a--b' }, [BAD_CONTAINER]],
  [
    'an identity by its name',
    { ...azure, AZURE_CLIENT_ID: 'desk' },
    ['AZURE_CLIENT_ID must be a GUID: it is the client id of a managed identity.'],
  ],
  [
    'type misspelt',
    { ...single, MicrosoftAppType: 'SingleTennant' },
    ['MicrosoftAppType must be SingleTenant or UserAssignedMsi; the closest is SingleTenant.'],
  ],
  [
    'type with a dash',
    { ...single, MicrosoftAppType: 'single-tenant' },
    ['MicrosoftAppType must be SingleTenant or UserAssignedMsi; the closest is SingleTenant.'],
  ],
  [
    'type of another kind',
    { ...managed, MicrosoftAppType: 'SystemAssignedMsi' },
    ['MicrosoftAppType must be SingleTenant or UserAssignedMsi; the closest is UserAssignedMsi.'],
  ],
  [
    'type unknown',
    { ...single, MicrosoftAppType: 'bot' },
    ['MicrosoftAppType must be SingleTenant or UserAssignedMsi.'],
  ],
  ['type multi-tenant', multi, [NO_MULTI]],
  ['type multi-tenant, misspelt', { ...multi, MicrosoftAppType: 'MultiTenat' }, [NO_MULTI]],
  [
    'multi-tenant not quite allowed',
    { ...multi, ALLOW_MULTI_TENANT: 'yes' },
    ['ALLOW_MULTI_TENANT must be 1, or absent.', NO_MULTI],
  ],
  [
    'multi-tenant without password',
    { ...multi, ALLOW_MULTI_TENANT: '1', MicrosoftAppPassword: '' },
    [SET_PASSWORD],
  ],
  ['single tenant with nothing', { MicrosoftAppType: 'SingleTenant' }, [SET_ID, SET_TENANT, SET_PASSWORD]],
  ['managed identity with nothing', { MicrosoftAppType: 'UserAssignedMsi' }, [SET_ID, SET_TENANT]],
  [
    'managed identity with a password',
    { ...managed, MicrosoftAppPassword: SECRET },
    ['Remove MicrosoftAppPassword: a bot of type UserAssignedMsi has no password.'],
  ],
  [
    'id without type',
    { MicrosoftAppId: APP },
    [
      'Set MicrosoftAppType to SingleTenant or UserAssignedMsi: without it the SDK takes the bot for a multi-tenant one.',
    ],
  ],
  [
    'password without id',
    { MicrosoftAppPassword: SECRET },
    ['Set MicrosoftAppId, or remove MicrosoftAppPassword: a password means nothing without an app id.'],
  ],
  [
    'tenant without id',
    { MicrosoftAppTenantId: TENANT },
    ['Set MicrosoftAppId, or remove MicrosoftAppTenantId: a tenant means nothing without an app id.'],
  ],
  [
    'secret pasted as id',
    { ...single, MicrosoftAppId: SECRET },
    ['MicrosoftAppId must be a GUID: it is the application (client) id of the bot’s registration.'],
  ],
  [
    'domain as tenant',
    { ...single, MicrosoftAppTenantId: 'contoso.com' },
    ['MicrosoftAppTenantId must be a GUID: it is the directory (tenant) id of the bot’s registration.'],
  ],
  ['several tenants, one by its name', { ...single, ALLOWED_TENANTS: `${OTHER},contoso.com` }, [BAD_TENANTS]],
  ['several tenants and all', { ...single, ALLOWED_TENANTS: `${OTHER},*` }, [BAD_TENANTS]],
  ['no tenant', { ...single, ALLOWED_TENANTS: ',' }, [BAD_TENANTS]],
  [
    'multi-tenant for nobody said',
    { ...multi, ALLOW_MULTI_TENANT: '1' },
    [
      'Set ALLOWED_TENANTS to the ids of the tenants that may use the bot, or to * for all: a bot of type MultiTenant can be reached from every tenant.',
    ],
  ],
  [
    'tenants allowed without an id',
    { ALLOWED_TENANTS: OTHER },
    [
      'Set MicrosoftAppId, or remove ALLOWED_TENANTS: without an app id nobody is authenticated, and anybody can name any tenant.',
    ],
  ],
  [
    'another cloud',
    { ChannelService: 'https://botframework.azure.us.example.com' },
    ['ChannelService must be https://botframework.azure.us, for the cloud of the US government, or absent.'],
  ],
  ['keys without encryption', { BotOpenIdMetadata: 'http://keys.example.com/' }, [BAD_METADATA]],
  ['keys of a private address', { BotOpenIdMetadata: 'http://10.0.0.1/' }, [BAD_METADATA]],
  ['keys of a host called like this one', { BotOpenIdMetadata: 'http://127.0.0.1.nip.io/' }, [BAD_METADATA]],
  ['keys with a password', { BotOpenIdMetadata: 'https://a:b@keys.example.com/' }, [BAD_METADATA]],
  ['keys in a file', { BotOpenIdMetadata: 'file:///etc/keys' }, [BAD_METADATA]],
  ['keys nowhere', { BotOpenIdMetadata: 'keys.example.com' }, [BAD_METADATA]],
  ['hosts with a star', { SERVICE_HOSTS: '*.example.com' }, [BAD_HOSTS]],
  ['hosts of one part', { SERVICE_HOSTS: 'com' }, [BAD_HOSTS]],
  ['hosts with a scheme', { SERVICE_HOSTS: 'https://example.com' }, [BAD_HOSTS]],
  ['hosts with a port', { SERVICE_HOSTS: 'example.com:8443' }, [BAD_HOSTS]],
  ['hosts by IPv6 address with a port', { SERVICE_HOSTS: '[2001:db8::a]:8443' }, [BAD_HOSTS]],
  ['hosts with a zone', { SERVICE_HOSTS: 'fe80::1%eth0' }, [BAD_HOSTS]],
  ['hosts with half a bracket', { SERVICE_HOSTS: '[2001:db8::a' }, [BAD_HOSTS]],
  ['hosts by an IPv4 address that is none', { SERVICE_HOSTS: '10.0.0.256' }, [BAD_HOSTS]],
  [
    'everything at once',
    { HOST: '0.0.0.0', PORT: 'x', LOG_LEVEL: 'y', MicrosoftAppIdd: APP, MicrosoftAppType: 'z' },
    [
      'Rename MicrosoftAppIdd to MicrosoftAppId: under its present name it is not read.',
      BAD_PORT,
      'LOG_LEVEL must be one of debug, info, warn, error, fatal, silent.',
      'MicrosoftAppType must be SingleTenant or UserAssignedMsi.',
    ],
  ],
])('%s', (_, env, expected) => {
  expect(problemsOf(() => readConfig(env))).toEqual(expected);
});

test.each([
  ['MicrosoftAppID', 'MicrosoftAppId'],
  ['MICROSOFT_APP_ID', 'MicrosoftAppId'],
  ['microsoftappid', 'MicrosoftAppId'],
  ['MicrosoftApId', 'MicrosoftAppId'],
  ['MicrosoftAppClientId', 'MicrosoftAppId'],
  ['MicrosoftAppSecret', 'MicrosoftAppPassword'],
  ['MICROSOFT_APP_PASSWORD', 'MicrosoftAppPassword'],
  ['MicrosoftAppPasswrod', 'MicrosoftAppPassword'],
  ['MicrosoftAppTenant', 'MicrosoftAppTenantId'],
  ['MicrosoftAppTypes', 'MicrosoftAppType'],
])('%s is meant for %s', (wrong, right) => {
  const { [right]: value, ...rest }: NodeJS.ProcessEnv = single;
  const sentence = `Rename ${wrong} to ${right}: under its present name it is not read.`;
  expect(problemsOf(() => readConfig({ ...rest, [wrong]: value }))).toEqual([sentence]);
  expect(problemsOf(() => readConfig({ ...single, [wrong]: value }))).toEqual([sentence]);
  expect(problemsOf(() => readConfig({ ...single, [wrong]: '' }))).toEqual([]);
});

test('no value, least of all a secret, appears in a message', () => {
  const names = [...VARIABLES, 'MicrosoftAppSecret', 'MICROSOFT_APP_ID'];
  for (const secret of [SECRET, 'SingleTenant-hush']) {
    const env = Object.fromEntries(names.map((name) => [name, secret]));
    const { message, code, problems } = catchError(() => readConfig(env));
    expect(code).toBe('CONFIG_INVALID');
    expect(problems.length).toBeGreaterThan(6);
    expect(message).not.toContain('hush');
    for (const problem of problems) expect(message).toContain(problem);
  }
});

function catchError(read: () => unknown): ConfigError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('.env', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-'));
  const file = join(folder, '.env');
  writeFileSync(file, 'PORT=4001\nLOG_LEVEL="debug" # talk\n');

  test('fills what the environment leaves open, prints nothing and changes nothing', () => {
    const env = { PORT: '4002' };
    const print = jest.spyOn(console, 'log');
    expect(loadConfig(env, file)).toEqual({ ...defaults, port: 4002, logLevel: 'debug' });
    expect(env).toEqual({ PORT: '4002' });
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });

  test('may be missing', () => {
    expect(loadConfig({}, join(folder, 'none'))).toEqual(defaults);
  });

  test('must be readable when it is there', () => {
    const error = catchError(() => loadConfig({}, folder));
    expect(error.problems).toEqual([
      'The .env file is there but cannot be read; allow the process to read it, or remove it.',
    ]);
    expect(error.cause).toMatchObject({ code: 'EISDIR' });
  });
});

describe('.env.example', () => {
  const text = readFileSync(join(__dirname, '..', '.env.example'), 'utf8');
  const uncommented = parse(text.replace(/^# (?=\w+=)/gm, ''));

  test('names every variable there is, and no other', () => {
    expect(Object.keys(uncommented).sort()).toEqual([...VARIABLES].sort());
  });

  test('changes nothing as it is, and shows the real defaults', () => {
    expect(parse(text)).toEqual({});
    expect(readConfig(uncommented)).toEqual(defaults);
  });
});
