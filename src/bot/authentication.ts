import { LRUCache } from 'lru-cache';
import {
  CallerIdConstants,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
} from 'botbuilder';
import { AuthenticationConstants, ClaimsIdentity, GovernmentConstants } from 'botframework-connector';
import type { Cloud, Identity } from '../config';
import type { Log } from '../log';
import { createTokenCheck, type TokenCheck } from './channel-token';
import { createSigningKeys } from './signing-keys';

type ConnectorFactory = ReturnType<ConfigurationBotFrameworkAuthentication['createConnectorFactory']>;
type UserTokenClient = ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>;
type Authenticated = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>;

/** Who we are, and who calls, in the SDK's terms. */
export const createAuthentication = (identity: Identity, cloud: Cloud, log: Log): Authentication =>
  new Authentication(keys(identity, cloud), cloud.kind, checkOf(identity, cloud, log));

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
export function tokenOf(identity: Identity, cloud: Cloud): () => Promise<string | null> {
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
export class Authentication extends ConfigurationBotFrameworkAuthentication {
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
