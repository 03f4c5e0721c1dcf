import { z } from 'zod';
import type { Identity } from './identity';
import type { Variables } from './variables';

/** The organizations that the bot answers: ids of their tenants in lower case, or every one. */
export type AllowedTenants = ReadonlySet<string> | 'any';

export const TENANT_VARIABLES: readonly string[] = ['ALLOWED_TENANTS'];

const guids = z.array(z.guid()).min(1);

/**
 * Whom the variables let the bot answer; undefined when they cannot say, with a sentence added to `problems`. A bot of one tenant
 * answers that tenant, unless told otherwise; one that every tenant can reach has to be told.
 */
export function readTenants(
  variables: Variables,
  identity: Identity,
  problems: string[],
): AllowedTenants | undefined {
  const given = variables['ALLOWED_TENANTS'];
  if (identity.kind === 'anonymous') {
    if (given === undefined) return 'any';
    problems.push(
      'Set MicrosoftAppId, or remove ALLOWED_TENANTS: without an app id nobody is authenticated, and anybody can name any tenant.',
    );
    return undefined;
  }
  if (given === undefined) {
    if (identity.kind !== 'multiTenant') return new Set([identity.tenantId]);
    problems.push(
      'Set ALLOWED_TENANTS to the ids of the tenants that may use the bot, or to * for all: a bot of type MultiTenant can be reached from every tenant.',
    );
    return undefined;
  }
  if (given === '*') return 'any';
  const read = guids.safeParse(given.split(/[\s,;]+/).filter((id) => id !== ''));
  if (read.success) return new Set(read.data.map((id) => id.toLowerCase()));
  problems.push(
    'ALLOWED_TENANTS must be directory (tenant) ids, which are GUIDs, separated by commas; or * alone for every tenant.',
  );
  return undefined;
}
