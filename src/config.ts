import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parse } from 'dotenv';
import { z } from 'zod';
import { CLOUD_VARIABLES, isLoopback, readCloud, type Cloud } from './config/cloud';
import { IDENTITY_VARIABLES, misspelt, readIdentity, type Identity } from './config/identity';
import { suggestion } from './config/nearest-name';
import { readStorage, STORAGE_VARIABLES, type StorageConfig } from './config/storage';
import { readTenants, TENANT_VARIABLES, type AllowedTenants } from './config/tenants';
import { sentences, wholeNumber, type Variables } from './config/variables';
import { isError, LOG_LEVELS, type LogLevel } from './log';

export type { Cloud } from './config/cloud';
export type { Identity } from './config/identity';
export type { AllowedTenants } from './config/tenants';

export interface Config {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly identity: Identity;
  readonly cloud: Cloud;
  readonly allowedTenants: AllowedTenants;
  /** A folder of the organisation's own articles, laid over ours, as given. */
  readonly knowledgeDir: string | undefined;
  /** How often that folder is looked at for changes; 0: at the start only. */
  readonly knowledgePollMs: number;
  readonly logLevel: LogLevel;
  readonly maxBodyBytes: number;
  readonly shutdownGraceMs: number;
  readonly storage: StorageConfig;
  /** How long a case, and where somebody stands in a conversation, is kept after it was last written. */
  readonly caseRetentionDays: number;
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
export const VARIABLES: readonly string[] = [
  ...IDENTITY_VARIABLES,
  ...CLOUD_VARIABLES,
  ...TENANT_VARIABLES,
  ...Object.keys(settings.shape),
  ...STORAGE_VARIABLES,
];

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
  const cloud = readCloud(variables, problems);
  const allowedTenants = identity === undefined ? undefined : readTenants(variables, identity, problems);
  const botClientId = identity?.kind === 'managedIdentity' ? identity.appId : undefined;
  const kept = readStorage(variables, botClientId, problems);
  // An empty app id switches authentication off in the SDK: whoever reaches the port could speak as anybody.
  if (identity?.kind === 'anonymous' && !isLoopback(variables['HOST'] ?? LOCAL_HOST)) {
    problems.push(
      'Set MicrosoftAppId and MicrosoftAppType, or set HOST to 127.0.0.1: without an app id nobody is authenticated, which is allowed only where no other machine can connect.',
    );
  }
  if (
    !read.success ||
    identity === undefined ||
    cloud === undefined ||
    allowedTenants === undefined ||
    kept === undefined ||
    problems.length > 0
  )
    throw new ConfigError(problems);

  return {
    host: read.data.HOST,
    port: read.data.PORT,
    identity,
    cloud,
    allowedTenants,
    knowledgeDir: read.data.KNOWLEDGE_DIR,
    knowledgePollMs: read.data.KNOWLEDGE_POLL_SECONDS * 1000,
    logLevel: read.data.LOG_LEVEL,
    maxBodyBytes: read.data.MAX_BODY_BYTES,
    shutdownGraceMs: read.data.SHUTDOWN_GRACE_MS,
    ...kept,
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
