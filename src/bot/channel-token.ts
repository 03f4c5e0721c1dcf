import { decode, verify } from 'jsonwebtoken';
import { z } from 'zod';
import type { Cloud } from '../config';
import { isError } from '../log';
import { isServiceAddress } from './service-address';
import type { SigningKey, SigningKeys } from './signing-keys';

/** The caller may not speak to the bot; `message` is the reason, for the log. 401: not who they say. 403: not for this. */
export class Refused extends Error {
  constructor(
    readonly status: 401 | 403,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Refused';
  }
}

/** What a token that was found good says of the activity it came with. */
export interface Caller {
  /** Where answers go: nobody but the Bot Framework can have written it. */
  serviceUrl: string;
}

export interface TokenCheck {
  /** The value of the `Authorization` header, and the activity's own words. @throws Refused, KeysUnavailable */
  (header: string, activity: { serviceUrl?: unknown; channelId?: unknown }): Promise<Caller>;
}

/** Tokens are signed with RSA; a wider choice would let a public key be taken for a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512'] as const;
/** How far two clocks may be apart, in seconds: the industry's custom, says the documentation. */
const clockSkew = 5 * 60;

const header = z.object({ alg: z.enum(algorithms), kid: z.string().min(1) });
const claims = z.object({ exp: z.number(), serviceurl: z.string().min(1) });

/**
 * The check of Microsoft's "Authentication with the Bot Connector API", connector to bot, in every point. The SDK's own is not used: it
 * also takes tokens of Entra, among them those that this bot itself is given for its answers, from any tenant and without an audience,
 * a service address or a channel; it takes a token without a service address in the activity, without a time of expiry, and one
 * signed by a key that is not meant for the channel; it remembers every tenant that anybody names, for ever; and it asks for keys without a
 * time limit.
 */
export function createTokenCheck({
  appId,
  cloud,
  keys,
  now = Date.now,
}: {
  appId: string;
  cloud: Pick<Cloud, 'issuer' | 'serviceHosts'>;
  keys: SigningKeys;
  now?: () => number;
}): TokenCheck {
  return async (authorization, { serviceUrl, channelId }) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization)?.[1];
    if (token === undefined) throw new Refused(401, 'There is no bearer token.');
    const { kid } = headerOf(token);
    const signedBy = await keys.find(kid);
    if (signedBy === null) throw new Refused(401, 'The token is signed with an unknown key.');
    const said = attempt(() =>
      claims.parse(
        verify(token, signedBy.key, {
          algorithms: [...algorithms],
          issuer: cloud.issuer,
          audience: appId,
          clockTolerance: clockSkew,
          clockTimestamp: Math.floor(now() / 1000),
        }),
      ),
    );
    if (said.serviceurl !== serviceUrl)
      throw new Refused(401, 'The token is for another service address than the activity names.');
    if (!vouchesFor(signedBy, channelId))
      throw new Refused(403, 'The key of the token does not vouch for the channel that the activity names.');
    if (!isServiceAddress(said.serviceurl, cloud.serviceHosts))
      throw new Refused(
        403,
        `Answers would go to ${hostOf(said.serviceurl)}, which is no host of Teams; if it is to be trusted, add it to SERVICE_HOSTS.`,
      );
    return { serviceUrl: said.serviceurl };
  };
}

/**
 * The keys of Teams name their channels, and only such a key may speak for Teams. Those of the web chat and Direct Line name none
 * since September 2023 (MicrosoftDocs/bot-docs issue 2300).
 */
function vouchesFor({ endorsements }: SigningKey, channelId: unknown): boolean {
  if (typeof channelId !== 'string' || channelId === '') return false;
  return endorsements.length === 0 ? channelId !== 'msteams' : endorsements.includes(channelId);
}

function headerOf(token: string): z.infer<typeof header> {
  return attempt(() => header.parse(decode(token, { complete: true })?.header));
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const isShapeless = cause instanceof z.ZodError;
    const reason = isShapeless
      ? cause.issues.map(({ path }) => path.join('.') || 'a header').join(', ')
      : messageOf(cause);
    throw new Refused(
      401,
      isShapeless
        ? `The token lacks, or has of another kind: ${reason}.`
        : `The token is not valid: ${reason}.`,
      { cause },
    );
  }
}

const messageOf = (error: unknown): string => (isError(error) ? error.message : String(error));

const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).host : 'what is no address';
