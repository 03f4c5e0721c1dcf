import { ActivityTypes, type Activity, type Middleware } from 'botbuilder';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { AllowedTenants } from '../config';
import type { Log } from '../log';
import type { Phrases } from '../phrases';
import { localeOf } from './locale';

export interface TenantGateOptions {
  allowed: AllowedTenants;
  phrasesOf: (locale: string) => Pick<Phrases, 't'>;
  log: Log;
  now?: () => number;
}

/** The same tenant is told of in the log, and a conversation told no, once in this time, in milliseconds. */
const quietFor = 60 * 60_000;
const remembered = 5000;

/**
 * Lets through what comes from an allowed tenant. The rest ends here, before anything is read, written or understood: a
 * message gets one sentence, at most once an hour in a conversation; an invoke always gets an answer; everything else silence.
 */
export function createTenantGate({ allowed, phrasesOf, log, now = Date.now }: TenantGateOptions): Middleware {
  const logged = onceAnHour(now);
  const told = onceAnHour(now);
  return {
    async onTurn(context, next) {
      if (allowed === 'any') {
        await next();
        return;
      }
      const { activity } = context;
      const tenants = tenantsOf(activity);
      if (isAllowed(tenants, allowed)) {
        await next();
        return;
      }
      const type: string = activity.type;
      const names = (tenants ?? []).map(short);
      if (logged(names.join(' ')))
        log.warn('turned away: not of a tenant in ALLOWED_TENANTS', {
          tenants: names,
          channel: short(activity.channelId),
          type: short(type),
        });
      const sentence = phrasesOf(localeOf(activity)).t('outsider');
      if (type === 'invoke')
        await context.sendActivity({
          type: ActivityTypes.InvokeResponse,
          value: answerTo(activity.name, sentence),
        });
      else if (type === 'message' && tenants !== null && told(activity.conversation.id))
        await context.sendActivity(sentence);
    },
  };
}

/** Every tenant that an activity names has to be on the list; one that names none is nobody's. */
function isAllowed(tenants: readonly string[] | null, allowed: ReadonlySet<string>): boolean {
  return tenants !== null && tenants.length > 0 && tenants.every((tenant) => allowed.has(tenant));
}

const named = z.string().toLowerCase().nullish();
const tenancy = z.object({
  conversation: z.object({ id: z.string(), tenantId: named }),
  channelData: z.object({ tenant: z.object({ id: named }).nullish() }).nullish(),
});

/** The tenant in which it was sent, as both places of an activity have it; null where one of them has no such shape. */
function tenantsOf(activity: Activity): string[] | null {
  const parsed = tenancy.safeParse(activity);
  if (!parsed.success) return null;
  const { conversation, channelData } = parsed.data;
  const both = [conversation.tenantId ?? '', channelData?.tenant?.id ?? ''];
  return [...new Set(both.filter((tenant) => tenant !== ''))];
}

/** Enough of what a stranger wrote to know it again. */
const short = (value: unknown): string => (typeof value === 'string' ? value : '').slice(0, 64);

/** What Teams shows to whoever pressed, searched or asked; an invoke that we do not know is told 403. */
function answerTo(name: unknown, sentence: string): { status: number; body: object } {
  const forbidden = { status: 403, body: { error: { code: 'forbidden', message: sentence } } };
  if (typeof name !== 'string') return forbidden;
  if (name === 'adaptiveCard/action')
    return {
      status: 200,
      body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence },
    };
  if (name.startsWith('composeExtension/query'))
    return { status: 200, body: { composeExtension: { type: 'message', text: sentence } } };
  if (/^(?:task\/|composeExtension\/(?:fetchTask|submitAction)$)/.test(name))
    return { status: 200, body: { task: { type: 'message', value: sentence } } };
  return forbidden;
}

function onceAnHour(now: () => number): (key: string) => boolean {
  const last = new LRUCache<string, number>({ max: remembered });
  return (key) => {
    const before = last.get(key);
    if (before !== undefined && now() - before < quietFor) return false;
    last.set(key, now());
    return true;
  };
}
