import { readFileSync } from 'node:fs';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { parse } from 'dotenv';
import { z } from 'zod';
import { isError, LOG_LEVELS, type LogLevel } from './log';

/** As whom the bot speaks to the Bot Framework. App ids are in lower case, as tokens carry them and the SDK compares them. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'singleTenant';
      readonly appId: string;
      readonly tenantId: string;
      readonly password: string;
    }
  | { readonly kind: 'managedIdentity'; readonly appId: string; readonly tenantId: string }
  | { readonly kind: 'multiTenant'; readonly appId: string; readonly password: string };

export interface Config {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly identity: Identity;
  /** A folder of the organisation's own articles, laid over ours, as given. */
  readonly knowledgeDir: string | undefined;
  /** How often that folder is looked at for changes; 0: at the start only. */
  readonly knowledgePollMs: number;
  readonly logLevel: LogLevel;
  readonly maxBodyBytes: number;
  readonly shutdownGraceMs: number;
}

/** The environment cannot be used. Every problem is one sentence that names the variable to change and repeats no value. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      `The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      options,
    );
    this.name = 'ConfigError';
  }
}

const LOCAL_HOST = '127.0.0.1';

const IDENTITY_VARIABLES = [
  'MicrosoftAppType',
  'MicrosoftAppId',
  'MicrosoftAppPassword',
  'MicrosoftAppTenantId',
] as const;

const settings = z.object({
  HOST: z
    .string()
    .refine((host) => isIP(host) !== 0 || /^[\w.-]{1,253}$/.test(host), {
      error: 'HOST must be a bare address or name, such as 127.0.0.1, without scheme, brackets or port.',
    })
    .prefault(LOCAL_HOST),
  PORT: wholeNumber('PORT', 3978, 0, 65_535),
  ALLOW_MULTI_TENANT: z.enum(['0', '1'], { error: 'ALLOW_MULTI_TENANT must be 1, or absent.' }).optional(),
  KNOWLEDGE_DIR: z.string().optional(),
  KNOWLEDGE_POLL_SECONDS: wholeNumber('KNOWLEDGE_POLL_SECONDS', 5, 0, 86_400),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(
      z.enum(LOG_LEVELS, {
        error: ({ input }) =>
          `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}${suggestion(String(input), LOG_LEVELS)}.`,
      }),
    )
    .prefault('info'),
  // The largest activity is one with a pasted message as text and again as HTML: about 100 KB each, the rest is room. A file never
  // comes in the body, only its address.
  MAX_BODY_BYTES: wholeNumber('MAX_BODY_BYTES', 4_194_304, 1_024, 16_777_216),
  // Azure and Kubernetes kill a process 30 s after asking it to stop; a turn ends within 10 s.
  SHUTDOWN_GRACE_MS: wholeNumber('SHUTDOWN_GRACE_MS', 10_000, 0, 300_000),
});

/** Every variable we know. */
export const VARIABLES: readonly string[] = [...IDENTITY_VARIABLES, ...Object.keys(settings.shape)];

/** What the types of bot are called in `MicrosoftAppType`. */
const TYPES = {
  SingleTenant: 'singleTenant',
  UserAssignedMsi: 'managedIdentity',
  MultiTenant: 'multiTenant',
} as const;

/** What each kind of identity needs and must not have; the keys are ours, the sentences name the variables. */
const identities: Readonly<Record<Identity['kind'] | 'unknown', z.ZodType<Identity | undefined>>> = {
  anonymous: z
    .object({
      tenantId: z.undefined({
        error:
          'Set MicrosoftAppId, or remove MicrosoftAppTenantId: a tenant means nothing without an app id.',
      }),
      password: z.undefined({
        error:
          'Set MicrosoftAppId, or remove MicrosoftAppPassword: a password means nothing without an app id.',
      }),
    })
    .transform(() => ({ kind: 'anonymous' })),
  singleTenant: z
    .object({ appId: appId(), tenantId: tenantId(), password: password() })
    .transform((fields) => ({ kind: 'singleTenant', ...fields })),
  managedIdentity: z
    .object({
      appId: appId(),
      tenantId: tenantId(),
      password: z.undefined({
        error: 'Remove MicrosoftAppPassword: a bot of type UserAssignedMsi has no password.',
      }),
    })
    .transform((fields) => ({ kind: 'managedIdentity', appId: fields.appId, tenantId: fields.tenantId })),
  multiTenant: z
    .object({ appId: appId(), password: password() })
    .transform((fields) => ({ kind: 'multiTenant', ...fields })),
  // The type is in doubt, and reported: what is left to tell is whether the ids have their shape.
  unknown: z
    .object({ appId: appId().optional(), tenantId: tenantId().optional() })
    .transform(() => undefined),
};

type Variables = Readonly<Partial<Record<string, string>>>;

/**
 * Read and check the settings; the environment is an argument and nothing else is looked at.
 * @throws ConfigError with every problem, not only the first.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const variables = readVariables(env, problems);
  const read = settings.safeParse(variables);
  if (!read.success) problems.push(...sentences(read.error));
  const identity = readIdentity(variables, problems);
  // An empty app id switches authentication off in the SDK: whoever reaches the port could speak as anybody.
  if (identity?.kind === 'anonymous' && !isLoopback(variables['HOST'] ?? LOCAL_HOST)) {
    problems.push(
      'Set MicrosoftAppId and MicrosoftAppType, or set HOST to 127.0.0.1: without an app id nobody is authenticated, which is allowed only where no other machine can connect.',
    );
  }
  if (!read.success || identity === undefined || problems.length > 0) throw new ConfigError(problems);

  return {
    host: read.data.HOST,
    port: read.data.PORT,
    identity,
    knowledgeDir: read.data.KNOWLEDGE_DIR,
    knowledgePollMs: read.data.KNOWLEDGE_POLL_SECONDS * 1000,
    logLevel: read.data.LOG_LEVEL,
    maxBodyBytes: read.data.MAX_BODY_BYTES,
    shutdownGraceMs: read.data.SHUTDOWN_GRACE_MS,
  };
}

/**
 * The same from the process's own environment and, for what that does not set, from a `.env` file if there is one. Neither is
 * changed. `dotenv.config` is not used: it prints, and has variables of its own that switch it to other files.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, path = '.env'): Config {
  return readConfig({ ...readEnvFile(path), ...env });
}

function readEnvFile(path: string): Record<string, string> {
  try {
    return parse(readFileSync(path));
  } catch (cause) {
    if (isError(cause) && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new ConfigError(
      ['The .env file is there but cannot be read; allow the process to read it, or remove it.'],
      { cause },
    );
  }
}

/** Blank means unset, as `.env` files cannot say otherwise; blanks around a value come from copying and belong to nobody. */
function readVariables(env: NodeJS.ProcessEnv, problems: string[]): Variables {
  const values = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  const set = values.filter(([, value]) => value !== '');
  const known = new Map(set.filter(([name]) => VARIABLES.includes(name)));
  for (const [name, value] of set) {
    const meant = known.has(name) ? undefined : misspelt(name);
    if (meant === undefined) continue;
    problems.push(`Rename ${name} to ${meant}: under its present name it is not read.`);
    // Read on as if it were renamed, or each misspelling would be followed by the complaint that the right one is missing.
    if (!known.has(meant)) known.set(meant, value);
  }
  return Object.fromEntries(known);
}

/** Names people use for ours that are too far off for `closest`. */
const ALIASES: Variables = {
  microsoftappsecret: 'MicrosoftAppPassword',
  microsoftappclientsecret: 'MicrosoftAppPassword',
  microsoftappclientid: 'MicrosoftAppId',
};

/** The identity variable that was meant by one of another spelling; other programs' `MICROSOFT_…` are none of our business. */
function misspelt(name: string): string | undefined {
  if (!/^microsoft/i.test(name)) return undefined;
  const letters = plain(name);
  return ALIASES[letters] ?? closest(letters, IDENTITY_VARIABLES, 2);
}

function readIdentity(variables: Variables, problems: string[]): Identity | undefined {
  const kind = readKind(variables, problems);
  const read = identities[kind].safeParse({
    appId: variables['MicrosoftAppId'],
    tenantId: variables['MicrosoftAppTenantId'],
    password: variables['MicrosoftAppPassword'],
  });
  if (read.success) return read.data;
  problems.push(...sentences(read.error));
  return undefined;
}

function readKind(variables: Variables, problems: string[]): keyof typeof identities {
  const given = variables['MicrosoftAppType'];
  if (given === undefined) {
    if (variables['MicrosoftAppId'] === undefined) return 'anonymous';
    problems.push(
      'Set MicrosoftAppType to SingleTenant or UserAssignedMsi: without it the SDK takes the bot for a multi-tenant one.',
    );
    return 'unknown';
  }
  const names: readonly (keyof typeof TYPES)[] = ['SingleTenant', 'UserAssignedMsi', 'MultiTenant'];
  const type = closest(plain(given), names, given.length / 3);
  if (type === 'MultiTenant' && variables['ALLOW_MULTI_TENANT'] !== '1') {
    problems.push(
      'Set MicrosoftAppType to SingleTenant or UserAssignedMsi: Microsoft allows no new multi-tenant bots since 31 July 2025; for a bot that is older, set ALLOW_MULTI_TENANT=1.',
    );
    return 'unknown';
  }
  if (type?.toLowerCase() !== given.toLowerCase()) {
    problems.push(`MicrosoftAppType must be SingleTenant or UserAssignedMsi${suggestion(given, names)}.`);
  }
  return type === undefined ? 'unknown' : TYPES[type];
}

function appId() {
  return guid('MicrosoftAppId', 'it is the application (client) id of the bot’s registration');
}

function tenantId() {
  return guid('MicrosoftAppTenantId', 'it is the directory (tenant) id of the bot’s registration');
}

function guid(name: string, meaning: string) {
  return z
    .guid({
      error: ({ input }) =>
        input === undefined ? `Set ${name}: ${meaning}.` : `${name} must be a GUID: ${meaning}.`,
    })
    .toLowerCase();
}

function password() {
  return z.string({
    error:
      'Set MicrosoftAppPassword: it is the value (not the id) of a client secret of the bot’s registration.',
  });
}

function wholeNumber(name: string, fallback: number, least: number, most: number) {
  const error = `${name} must be a whole number from ${least} to ${most}.`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error })
    .prefault(String(fallback));
}

function sentences(error: z.ZodError): string[] {
  return error.issues.map(({ message }) => message);
}

function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return isIP(host) !== 0 && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

function plain(name: string): string {
  return name.replace(/[^a-z\d]/gi, '').toLowerCase();
}

function suggestion(given: string, valid: readonly string[]): string {
  const meant = closest(plain(given), valid, given.length / 3);
  return meant === undefined ? '' : `; the closest is ${meant}`;
}

/** The candidate nearest to `letters`, if it is at most `most` edits away. */
function closest<T extends string>(letters: string, candidates: readonly T[], most: number): T | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    edits: editDistance(letters, candidate.toLowerCase()),
  }));
  const [best] = ranked.sort((left, right) => left.edits - right.edits);
  return best !== undefined && best.edits <= most ? best.candidate : undefined;
}

/** Levenshtein, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(from).entries()) {
    let left = line + 1;
    row = row.map((above, column) => {
      if (column === 0) return left;
      const diagonal = row[column - 1] ?? 0;
      left = Math.min(above + 1, left + 1, diagonal + (letter === to[column - 1] ? 0 : 1));
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
