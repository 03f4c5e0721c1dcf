import { z } from 'zod';
import { closest, plain, suggestion } from './nearest-name';
import { sentences, type Variables } from './variables';

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

export const IDENTITY_VARIABLES = [
  'MicrosoftAppType',
  'MicrosoftAppId',
  'MicrosoftAppPassword',
  'MicrosoftAppTenantId',
] as const;

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

/** Who the variables say the bot is; undefined when they cannot say, with a sentence for each problem added to `problems`. */
export function readIdentity(variables: Variables, problems: string[]): Identity | undefined {
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

/** Names people use for ours that are too far off for `closest`. */
const ALIASES: Variables = {
  microsoftappsecret: 'MicrosoftAppPassword',
  microsoftappclientsecret: 'MicrosoftAppPassword',
  microsoftappclientid: 'MicrosoftAppId',
};

/** The identity variable that was meant by one of another spelling; other programs' `MICROSOFT_…` are none of our business. */
export function misspelt(name: string): string | undefined {
  if (!/^microsoft/i.test(name)) return undefined;
  const letters = plain(name);
  return ALIASES[letters] ?? closest(letters, IDENTITY_VARIABLES, 2);
}
