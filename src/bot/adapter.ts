import { LRUCache } from 'lru-cache';
import {
  ActivityTypes,
  CallerIdConstants,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
  type InvokeResponse,
  type ResourceResponse,
  type TurnContext,
} from 'botbuilder';
import { validateAndFixActivity } from 'botbuilder/lib/activityValidator';
import { AuthenticationConstants, ClaimsIdentity, GovernmentConstants } from 'botframework-connector';
import type { Cloud, Identity } from '../config';
import { clouds } from '../config/cloud';
import type { Log } from '../log';
import { createTokenCheck, Refused, type TokenCheck } from './channel-token';
import { createConnector } from './connector';
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery';
import { isServiceAddress } from './service-address';
import { createSigningKeys, KeysUnavailable } from './signing-keys';
import { beginTurnTime, endOfTurn } from './turn-time';

type ConnectorFactory = ReturnType<ConfigurationBotFrameworkAuthentication['createConnectorFactory']>;
type UserTokenClient = ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>;
type Authenticated = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>;
type Turn = (context: TurnContext) => Promise<void>;

/** A POST whose body is an object with a `type`, and the way to answer it. */
interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}
interface Outgoing {
  status(code: number): unknown;
  send(body?: unknown): unknown;
}

/** The SDK's adapter, with a short way in for what the server has looked at already. */
export interface Adapter extends CloudAdapter {
  /** Run one turn and answer the request; it has been answered when the promise is fulfilled. */
  serve(request: Incoming, response: Outgoing, logic: Turn): Promise<void>;
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
): Adapter {
  if (identity.kind === 'anonymous')
    log.warn('There is no app id: whoever reaches the port is believed to be Teams.');
  const delivery = createDelivery({ ...clock, request: createConnector(tokenOf(identity, cloud)).request });
  const authentication = new Authentication(keys(identity, cloud), cloud.kind, checkOf(identity, cloud, log));
  // Without an identity there is no token that could go astray.
  const trusts = (url: string): boolean =>
    identity.kind === 'anonymous' || isServiceAddress(url, cloud.serviceHosts);
  const adapter = new QuietAdapter(authentication, delivery, trusts, clock.now);
  adapter.onTurnError = onTurnError;
  return adapter;
}

/** Null where nobody is authenticated. */
function checkOf(identity: Identity, cloud: Cloud, log: Log): TokenCheck | null {
  if (identity.kind === 'anonymous') return null;
  const keys = createSigningKeys({ openIdMetadata: cloud.openIdMetadata, log });
  return createTokenCheck({ appId: identity.appId, cloud, keys });
}

/** The settings under the SDK's own names. A key too many matters: any password makes it refuse a managed identity. */
function keys(identity: Identity, cloud: Cloud): ConfigurationBotFrameworkAuthenticationOptions {
  const place = cloud.kind === 'public' ? {} : { ChannelService: GovernmentConstants.ChannelService };
  switch (identity.kind) {
    case 'anonymous':
      return {};
    case 'singleTenant':
      return {
        ...place,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
        MicrosoftAppPassword: identity.password,
      };
    case 'managedIdentity':
      return {
        ...place,
        MicrosoftAppType: 'UserAssignedMsi',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
      };
    case 'multiTenant':
      return {
        ...place,
        MicrosoftAppType: 'MultiTenant',
        MicrosoftAppId: identity.appId,
        MicrosoftAppPassword: identity.password,
      };
  }
}

/** The access token for calls to the Bot Connector, from the SDK's cache or from Entra; null where nobody is authenticated. */
function tokenOf(identity: Identity, cloud: Cloud): () => Promise<string | null> {
  if (identity.kind === 'anonymous') return () => Promise.resolve(null);
  const factory = new ConfigurationServiceClientCredentialFactory(keys(identity, cloud));
  // The SDK puts the bot's own tenant, or managed identity, in the place of the login address's.
  const { ToChannelFromBotOAuthScope: audience, ToChannelFromBotLoginUrl: login } =
    cloud.kind === 'public' ? AuthenticationConstants : GovernmentConstants;
  const credentials = factory.createCredentials(identity.appId, audience, login, true);
  credentials.catch(() => undefined); // Whoever asks for a token hears of it.
  return async () => {
    const known: object = await credentials;
    if (!givesTokens(known)) throw new Error('The SDK gave credentials without tokens.');
    return await known.getToken();
  };
}

const givesTokens = (credentials: object): credentials is { getToken(): Promise<string> } =>
  'getToken' in credentials && typeof credentials.getToken === 'function';

/** Who calls is found out by our own check of the token; what the SDK makes of it for a turn stays the SDK's. */
class Authentication extends ConfigurationBotFrameworkAuthentication {
  readonly #appId: string;
  readonly #cloud: Cloud['kind'];
  readonly #check: TokenCheck | null;
  /**
   * The SDK builds a client for the Connector and one for sign-ins anew in every turn, pipeline and all: 0.2 ms of CPU, a
   * ninth of a turn. They keep no state of a turn, and we have one identity, so one for each address is enough.
   */
  readonly #connectors = new LRUCache<string, ReturnType<ConnectorFactory['create']>>({ max: 32 });
  #userTokens: UserTokenClient | undefined;

  constructor(
    options: ConfigurationBotFrameworkAuthenticationOptions,
    cloud: Cloud['kind'],
    check: TokenCheck | null,
  ) {
    super(options);
    this.#appId = options.MicrosoftAppId ?? '';
    this.#cloud = cloud;
    this.#check = check;
  }

  override createUserTokenClient(claims: ClaimsIdentity): UserTokenClient {
    return (this.#userTokens ??= super.createUserTokenClient(claims));
  }

  override async authenticateRequest(activity: Activity, header: string): Promise<Authenticated> {
    if (this.#check !== null) return this.resultFor((await this.#check(header, activity)).serviceUrl);
    const result = await super.authenticateRequest(activity, header);
    return result.connectorFactory === undefined
      ? result
      : { ...result, connectorFactory: this.reusing(result.connectorFactory) };
  }

  /** What the SDK's own check would have answered for a caller who may send answers to this address. */
  private resultFor(serviceUrl: string): Authenticated {
    const claims = new ClaimsIdentity(
      [
        { type: AuthenticationConstants.AudienceClaim, value: this.#appId },
        { type: AuthenticationConstants.ServiceUrlClaim, value: serviceUrl },
      ],
      true,
    );
    const isPublic = this.#cloud === 'public';
    return {
      audience: (isPublic ? AuthenticationConstants : GovernmentConstants).ToChannelFromBotOAuthScope,
      callerId: isPublic ? CallerIdConstants.PublicAzureChannel : CallerIdConstants.USGovChannel,
      claimsIdentity: claims,
      connectorFactory: this.reusing(this.createConnectorFactory(claims)),
    };
  }

  private reusing(factory: ConnectorFactory): ConnectorFactory {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- botbuilder does not export the class
    return {
      create: (serviceUrl, audience) => {
        const key = `${serviceUrl} ${audience}`;
        const known = this.#connectors.get(key);
        if (known !== undefined) return known;
        const created = factory.create(serviceUrl, audience);
        this.#connectors.set(key, created);
        created.catch(() => this.#connectors.delete(key));
        return created;
      },
    };
  }
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
class QuietAdapter extends CloudAdapter implements Adapter {
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
   * What `process` of CloudAdapter does. That one describes request and response to zod anew in every turn, which costs a fortieth of
   * it, and the server has looked at both already.
   */
  async serve({ headers, body }: Incoming, response: Outgoing, logic: Turn): Promise<void> {
    if (!isActivity(body)) throw new TypeError('An activity has a type.');
    const token = headers['authorization'];
    const answer = await this.processActivity(
      typeof token === 'string' ? token : '',
      validateAndFixActivity(body),
      logic,
    );
    response.status(answer?.status ?? 200);
    response.send(answer?.body);
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
    const path = `v3/conversations/${encodeURIComponent(conversation.id)}/activities`;
    const url = `${serviceUrl.replace(/\/$/, '')}/${path}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
    const answer = await this.#delivery.deliver(
      {
        method,
        url,
        conversation: conversation.id,
        body: JSON.stringify(method === 'PUT' ? activity : { ...activity, id: undefined }),
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
