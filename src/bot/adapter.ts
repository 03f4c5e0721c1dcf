import { LRUCache } from 'lru-cache';
import {
  ActivityTypes,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
  type InvokeResponse,
  type ResourceResponse,
  type TurnContext,
} from 'botbuilder';
import type { Identity } from '../config';
import { isError, type Log } from '../log';
import { createConnector } from './connector';
import { createDelivery, type Delivery } from './delivery';

type ConnectorFactory = ReturnType<ConfigurationBotFrameworkAuthentication['createConnectorFactory']>;
type UserTokenClient = ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>;
type Claims = Parameters<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>[0];
type Turn = (context: TurnContext) => Promise<void>;

/**
 * The Bot Framework's side of the conversation, for exactly one identity; the environment is not looked at. `onTurnError` gets what
 * the bot's own logic throws; what goes wrong before (a token, a key server) is answered by the server.
 */
export function createAdapter(
  identity: Identity,
  log: Log,
  onTurnError: (context: TurnContext, error: Error) => Promise<void>,
): CloudAdapter {
  if (identity.kind === 'anonymous')
    log.warn('There is no app id: whoever reaches the port is believed to be Teams.');
  const delivery = createDelivery({ request: createConnector(tokenOf(identity)).request });
  const adapter = new QuietAdapter(new Authentication(keys(identity)), delivery);
  adapter.onTurnError = onTurnError;
  return adapter;
}

/** The settings under the SDK's own names. A key too many matters: any password makes it refuse a managed identity. */
function keys(identity: Identity): ConfigurationBotFrameworkAuthenticationOptions {
  switch (identity.kind) {
    case 'anonymous':
      return {};
    case 'singleTenant':
      return {
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
        MicrosoftAppPassword: identity.password,
      };
    case 'managedIdentity':
      return {
        MicrosoftAppType: 'UserAssignedMsi',
        MicrosoftAppId: identity.appId,
        MicrosoftAppTenantId: identity.tenantId,
      };
    case 'multiTenant':
      return {
        MicrosoftAppType: 'MultiTenant',
        MicrosoftAppId: identity.appId,
        MicrosoftAppPassword: identity.password,
      };
  }
}

/** Where the tokens of the public cloud come from, and what they are for (botframework-connector, AuthenticationConstants). */
const loginEndpoint = 'https://login.microsoftonline.com/botframework.com';
const connectorAudience = 'https://api.botframework.com';

/** The access token for calls to the Bot Connector, from the SDK's cache or from Entra; null where nobody is authenticated. */
function tokenOf(identity: Identity): () => Promise<string | null> {
  if (identity.kind === 'anonymous') return () => Promise.resolve(null);
  const factory = new ConfigurationServiceClientCredentialFactory(keys(identity));
  const credentials = factory.createCredentials(identity.appId, connectorAudience, loginEndpoint, true);
  credentials.catch(() => undefined); // Whoever asks for a token hears of it.
  return async () => {
    const known: object = await credentials;
    if (!givesTokens(known)) throw new Error('The SDK gave credentials without tokens.');
    return await known.getToken();
  };
}

const givesTokens = (credentials: object): credentials is { getToken(): Promise<string> } =>
  'getToken' in credentials && typeof credentials.getToken === 'function';

/** The caller is not who they say; `message` is the SDK's reason. */
class Unauthorized extends Error {
  constructor(readonly original: Error) {
    super(original.message, { cause: original });
    this.name = 'Unauthorized';
  }
}

/**
 * The SDK mixes up whose fault it is: CloudAdapter answers a forged signature with 500 (the error is jsonwebtoken's), and key servers
 * it cannot reach with 401 (the error is an AuthenticationError, whose class `botbuilder` does not export).
 */
class Authentication extends ConfigurationBotFrameworkAuthentication {
  /**
   * The SDK builds a client for the Connector and one for sign-ins anew in every turn, pipeline and all: 0.2 ms of CPU, a
   * ninth of a turn. They keep no state of a turn, and we have one identity, so one for each address is enough.
   */
  readonly #connectors = new LRUCache<string, ReturnType<ConnectorFactory['create']>>({ max: 32 });
  #userTokens: UserTokenClient | undefined;

  override createUserTokenClient(claims: Claims): UserTokenClient {
    return (this.#userTokens ??= super.createUserTokenClient(claims));
  }

  override async authenticateRequest(activity: Activity, header: string) {
    try {
      const result = await super.authenticateRequest(activity, header);
      return result.connectorFactory === undefined
        ? result
        : { ...result, connectorFactory: this.reusing(result.connectorFactory) };
    } catch (error) {
      throw isError(error) && isCallersFault(error) ? new Unauthorized(error) : error;
    }
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

function isCallersFault(error: Error): boolean {
  if ('statusCode' in error) return error.statusCode === 401;
  return ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError'].includes(error.name);
}

/** Teams asks again after 15 s; all that a turn sends has to be out before, in milliseconds. */
const turnBudget = 10_000;

/** A card that cannot be changed is sent anew; there has to be time left for that, in milliseconds. */
const updateBudget = 4000;

/** Activities that are for the SDK itself and not for Teams. */
const notSent = new Set<string>(['delay', 'invokeResponse', ActivityTypes.Trace]);

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
  readonly #deadlines = new WeakMap<TurnContext, number>();

  constructor(authentication: ConfigurationBotFrameworkAuthentication, delivery: Delivery) {
    super(authentication);
    this.#delivery = delivery;
    this.use(async (context, next) => {
      this.#deadlines.set(context, Date.now() + turnBudget);
      await next();
    });
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

  private deadlineOf(context: TurnContext, method: 'POST' | 'PUT'): number {
    const end = this.#deadlines.get(context) ?? Date.now() + turnBudget;
    return method === 'PUT' ? Math.min(end, Date.now() + updateBudget) : end;
  }

  private async deliver(
    context: TurnContext,
    method: 'POST' | 'PUT',
    activity: Partial<Activity>,
    id: string | undefined,
  ): Promise<ResourceResponse> {
    const { serviceUrl, conversation } = { ...context.activity, ...activity };
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
      return { status: error instanceof Unauthorized ? 401 : 500, body: error };
    }
  }
}
