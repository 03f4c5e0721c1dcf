import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { sentences, type Variables } from './variables';

/** The cloud that the bot is registered in: whom its callers' tokens come from, and where its answers may go. */
export interface Cloud {
  readonly kind: 'public' | 'usGovernment';
  /** Who signs the tokens of callers: `iss`, exactly. */
  readonly issuer: string;
  /** The OpenID metadata document that names the keys they are signed with. */
  readonly openIdMetadata: string;
  /** Hosts that answers may be sent to, and all hosts below them, in lower case. */
  readonly serviceHosts: readonly string[];
}

/**
 * What Microsoft documents for each cloud: bot-service "Authentication with the Bot Connector API" and "Configure bots for US government
 * customers" (GCC High and DoD); the hosts are those that Microsoft's own SDKs let a bot's token go to (Agents SDK, Teams SDK).
 */
export const clouds: Readonly<Record<Cloud['kind'], Cloud>> = {
  public: {
    kind: 'public',
    issuer: 'https://api.botframework.com',
    openIdMetadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    // Not trafficmanager.net: anybody can have a name below it.
    serviceHosts: [
      'smba.trafficmanager.net',
      'smba.onyx.prod.teams.trafficmanager.net',
      'teams.microsoft.com',
      'botframework.com',
    ],
  },
  usGovernment: {
    kind: 'usGovernment',
    issuer: 'https://api.botframework.us',
    openIdMetadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    serviceHosts: ['teams.microsoft.us', 'botframework.azure.us', 'botframework.us'],
  },
};

/** What the SDK, too, calls the cloud of the US government. */
const usGovernment = 'https://botframework.azure.us';

const settings = z.object({
  ChannelService: z
    .string()
    .toLowerCase()
    .transform((value) => value.replace(/\/$/, ''))
    .refine((value) => value === usGovernment, {
      error: `ChannelService must be ${usGovernment}, for the cloud of the US government, or absent.`,
    })
    .optional(),
  BotOpenIdMetadata: z
    .string()
    .refine(isSafeAddress, {
      error:
        'BotOpenIdMetadata must be an https address without a password: whoever answers there decides who is believed to be Teams. Plain http is allowed to this machine only.',
    })
    .optional(),
  SERVICE_HOSTS: z
    .string()
    .toLowerCase()
    .transform((value) => value.split(/[\s,;]+/).filter((host) => host !== ''))
    .refine((hosts) => hosts.every((host) => hostInAddresses(host) !== null), {
      error:
        'SERVICE_HOSTS must be names of hosts such as smba.example.com, or IP addresses, separated by commas, without scheme, path, port, zone or *.',
    })
    .transform((hosts) => hosts.flatMap((host) => hostInAddresses(host) ?? []))
    .prefault(''),
});

export const CLOUD_VARIABLES: readonly string[] = Object.keys(settings.shape);

/** The cloud the variables name; undefined when they cannot be used, with a sentence for each problem added to `problems`. */
export function readCloud(variables: Variables, problems: string[]): Cloud | undefined {
  const read = settings.safeParse(variables);
  if (!read.success) {
    problems.push(...sentences(read.error));
    return undefined;
  }
  const cloud = read.data.ChannelService === undefined ? clouds.public : clouds.usGovernment;
  return {
    ...cloud,
    openIdMetadata: read.data.BotOpenIdMetadata ?? cloud.openIdMetadata,
    serviceHosts: [...cloud.serviceHosts, ...read.data.SERVICE_HOSTS],
  };
}

/**
 * A host as the addresses that are compared with it have it, whose parser writes an IP address in its one shortest form, with brackets if
 * it is of version 6; null for what is none. A name of one part is none: it would let in all of .com.
 */
function hostInAddresses(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const isName = /^(?:[a-z\d-]+\.)+[a-z\d-]+$/.test(host);
  const address = `https://${isIPv6(bare) ? `[${bare}]` : host}`;
  return (isName || isIPv6(bare)) && URL.canParse(address) ? new URL(address).hostname : null;
}

/** Whether nobody on the way can read or change what is sent to an address: https, or this machine itself. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')));
}

export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return isIP(host) !== 0 && loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
