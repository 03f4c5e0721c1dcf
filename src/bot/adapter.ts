import { LRUCache } from 'lru-cache';
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import type { Identity } from '../config';
import { isError, type Log } from '../log';

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
  const adapter = new QuietAdapter(new Authentication(keys(identity)));
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

/**
 * CloudAdapter prints what fails outside a turn's logic to the console and sends its message to whoever asked. Handed over as the
 * body, it is logged with a reference and answered without details.
 */
class QuietAdapter extends CloudAdapter {
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
