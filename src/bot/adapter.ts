import {
  ActivityTypes,
  CloudAdapter,
  StatusCodes,
  type Activity,
  type InvokeResponse,
  type ResourceResponse,
  type TurnContext,
} from 'botbuilder';
import { validateAndFixActivity } from 'botbuilder/lib/activityValidator';
import { AuthenticationConstants, type ClaimsIdentity } from 'botframework-connector';
import { activityJson } from '../card-json';
import type { Cloud, Identity } from '../config';
import { clouds } from '../config/cloud';
import type { Log } from '../log';
import { createAuthentication, tokenOf, type Authentication } from './authentication';
import { Refused } from './channel-token';
import { createConnector } from './connector';
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery';
import { isServiceAddress } from './service-address';
import { KeysUnavailable } from './signing-keys';
import { beginTurnTime, endOfTurn } from './turn-time';

type Turn = (context: TurnContext) => Promise<void>;

/** What a turn ends in: a status, and for an invoke a body. An `Error` as body is for the log. */
interface Answer {
  status: number;
  body?: unknown;
}

/** How time passes for what is sent, and how chance falls; the system's own unless given. */
type Clock = Omit<DeliveryOptions, 'request'>;

/**
 * The Bot Framework's side of the conversation, for exactly one identity; the environment is not looked at. `onTurnError` gets what
 * the bot's own logic throws; what goes wrong before (a token, a key server) is answered by the server.
 */
export function createAdapter(
  identity: Identity,
  log: Log,
  onTurnError: (context: TurnContext, error: Error) => Promise<void>,
  cloud: Cloud = clouds.public,
  clock: Clock = {},
): QuietAdapter {
  if (identity.kind === 'anonymous')
    log.warn('There is no app id: whoever reaches the port is believed to be Teams.');
  const delivery = createDelivery({ ...clock, request: createConnector(tokenOf(identity, cloud)).request });
  const authentication = createAuthentication(identity, cloud, log);
  // Without an identity there is no token that could go astray.
  const trusts = (url: string): boolean =>
    identity.kind === 'anonymous' || isServiceAddress(url, cloud.serviceHosts);
  const adapter = new QuietAdapter(authentication, delivery, trusts, clock.now);
  adapter.onTurnError = onTurnError;
  return adapter;
}

/** A card that cannot be changed is sent anew; there has to be time left for that, in milliseconds. */
const updateBudget = 4000;

/** Activities that are for the SDK itself and not for Teams. */
const notSent = new Set<string>(['delay', 'invokeResponse', ActivityTypes.Trace]);

function statusOf(error: unknown): number {
  if (error instanceof Refused) return error.status;
  return error instanceof KeysUnavailable ? 503 : 500;
}

/** As far as anybody can say of what a stranger sent; whoever needs more of it looks again. */
const isActivity = (body: object): body is Activity => 'type' in body && typeof body.type === 'string';

function idIn(answer: string): string | null {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
      ? value.id
      : null;
  } catch {
    return null;
  }
}

/**
 * CloudAdapter prints what fails outside a turn's logic to the console and sends its message to whoever asked. Handed over as the
 * body, it is logged with a reference and answered without details.
 */
class QuietAdapter extends CloudAdapter {
  readonly #delivery: Delivery;
  readonly #trusts: (url: string) => boolean;
  readonly #now: () => number;

  constructor(
    authentication: Authentication,
    delivery: Delivery,
    trusts: (url: string) => boolean,
    now: () => number = Date.now,
  ) {
    super(authentication);
    this.#delivery = delivery;
    this.#trusts = trusts;
    this.#now = now;
    this.use(async (context, next) => {
      beginTurnTime(context, now());
      await next();
    });
  }

  /**
   * One turn, for a body that the server has looked at. `process` of CloudAdapter describes request and response to zod anew in every
   * turn, which costs a fortieth of it.
   */
  async serve(authorization: string | undefined, body: object, logic: Turn): Promise<Answer> {
    if (!isActivity(body)) throw new TypeError('An activity has a type.');
    const response = await this.processActivity(authorization ?? '', validateAndFixActivity(body), logic);
    return response ?? { status: StatusCodes.OK };
  }

  override async sendActivities(
    context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    for (const activity of activities) {
      if (activity.type === undefined || notSent.has(activity.type))
        responses.push(...(await super.sendActivities(context, [activity])));
      else responses.push(await this.deliver(context, 'POST', activity, activity.replyToId));
    }
    return responses;
  }

  override async updateActivity(context: TurnContext, activity: Activity): Promise<ResourceResponse> {
    return await this.deliver(context, 'PUT', activity, activity.id);
  }

  /** Where answers go: as the token of the caller says, where there is one, and not as anybody else does. */
  private serviceUrlOf(context: TurnContext): string {
    const caller: ClaimsIdentity | undefined = context.turnState.get(this.BotIdentityKey);
    const { serviceUrl } = context.activity;
    const proven = caller?.getClaimValue(AuthenticationConstants.ServiceUrlClaim) ?? serviceUrl;
    if (!this.#trusts(proven)) throw new Error('An answer was to go to an address that is no host of Teams.');
    return proven;
  }

  private deadlineOf(context: TurnContext, method: 'POST' | 'PUT'): number {
    const now = this.#now();
    const end = endOfTurn(context, now);
    return method === 'PUT' ? Math.min(end, now + updateBudget) : end;
  }

  private async deliver(
    context: TurnContext,
    method: 'POST' | 'PUT',
    activity: Partial<Activity>,
    id: string | undefined,
  ): Promise<ResourceResponse> {
    const { conversation } = { ...context.activity, ...activity };
    const serviceUrl = this.serviceUrlOf(context);
    const sent = method === 'PUT' ? activity : { ...activity, id: undefined };
    const path = `v3/conversations/${encodeURIComponent(conversation.id)}/activities`;
    const url = `${serviceUrl.replace(/\/$/, '')}/${path}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
    const answer = await this.#delivery.deliver(
      {
        method,
        url,
        conversation: conversation.id,
        body: activityJson(sent),
      },
      this.deadlineOf(context, method),
    );
    return { id: idIn(answer) ?? activity.id ?? '' };
  }

  protected override async processActivity(
    authorization: Parameters<CloudAdapter['processActivityDirect']>[0],
    activity: Activity,
    logic: Turn,
  ): Promise<InvokeResponse | undefined> {
    try {
      // Two calls, for two overloads.
      if (typeof authorization === 'string')
        return await super.processActivity(authorization, activity, logic);
      return await super.processActivity(authorization, activity, logic);
    } catch (error) {
      return { status: statusOf(error), body: error };
    }
  }
}
