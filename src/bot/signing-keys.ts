import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isSafeAddress } from '../config/cloud';
import { isError, type Log } from '../log';

export interface SigningKey {
  key: KeyObject;
  /** The channels that the owner of this key may speak for, such as `msteams`. */
  endorsements: readonly string[];
}

/** The keys that callers sign their tokens with, as the cloud publishes them. */
export interface SigningKeys {
  /** Null when there is no such key. @throws KeysUnavailable when that cannot be known. */
  find(kid: string): Promise<SigningKey | null>;
}

/** The keys could not be loaded: our trouble, and not the caller's. The message is for the operator. */
export class KeysUnavailable extends Error {
  readonly code = 'KEYS_UNAVAILABLE';
  constructor(address: string, options: ErrorOptions) {
    const reason = isError(options.cause) ? options.cause.message : String(options.cause);
    super(
      `Nobody can be let in: the keys of the Bot Framework could not be loaded from ${address} (${reason}). ` +
        'This machine must be able to reach that address and the one it names as jwks_uri; ChannelService and BotOpenIdMetadata choose another.',
      options,
    );
    this.name = 'KeysUnavailable';
  }
}

export interface SigningKeysOptions {
  /** Address of the OpenID metadata document. */
  openIdMetadata: string;
  log: Log;
  now?: () => number;
  timeoutMs?: number;
}

/** Older keys are loaded anew, but go on being used meanwhile: as long as the SDK takes them for fresh, in milliseconds. */
const freshFor = 24 * 60 * 60_000;
/** An unknown key, or a failure, is a reason to load again, but no more often than this: anybody can invent a key. */
const loadPause = 5 * 60_000;
/** The public cloud's document of keys had about 870 KB in 2026, for 250 keys. */
const maxBytes = 8_388_608;

const metadata = z.object({ jwks_uri: z.string() });
const keySet = z.object({ keys: z.array(z.unknown()).max(5000) });
const rsaKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
  endorsements: z.array(z.string()).default([]),
});
type Jwk = z.infer<typeof rsaKey>;

/** Everything is done on demand: nothing is loaded before the first caller comes. */
export function createSigningKeys({
  openIdMetadata,
  log,
  now = Date.now,
  timeoutMs = 5000,
}: SigningKeysOptions): SigningKeys {
  let published: ReadonlyMap<string, Jwk> | null = null;
  let loadedAt = 0;
  let triedAt = 0;
  let failure: KeysUnavailable | null = null;
  let loading: Promise<void> | null = null;
  const imported = new Map<string, SigningKey>();

  const load = async (): Promise<void> => {
    triedAt = now();
    try {
      const { jwks_uri } = metadata.parse(await getJson(openIdMetadata, timeoutMs));
      published = keysIn(await getJson(jwks_uri, timeoutMs));
      imported.clear();
      loadedAt = now();
      failure = null;
    } catch (cause) {
      failure = new KeysUnavailable(openIdMetadata, { cause });
      throw failure;
    } finally {
      loading = null;
    }
  };
  /** Whoever comes while the keys are being loaded waits for the same answer. */
  const loadOnce = (): Promise<void> => (loading ??= load());
  const mayLoad = (): boolean => loading !== null || now() - triedAt >= loadPause;

  const known = (kid: string): SigningKey | null => {
    const before = imported.get(kid);
    if (before !== undefined) return before;
    const jwk = published?.get(kid);
    if (jwk === undefined) return null;
    const { kty, n, e, endorsements } = jwk;
    const found = { key: createPublicKey({ key: { kty, n, e }, format: 'jwk' }), endorsements };
    imported.set(kid, found);
    return found;
  };

  return {
    async find(kid) {
      if (published === null) await loadOnce();
      else if (loading === null && now() - loadedAt >= freshFor && mayLoad())
        loadOnce().catch((error: unknown) => {
          log.warn('the keys of the Bot Framework are old and could not be loaded anew', { error });
        });
      const found = known(kid);
      if (found !== null) return found;
      if (mayLoad()) await loadOnce();
      const rotated = known(kid);
      // Whether it is a new key of theirs or an invention, only the document could have told.
      if (rotated === null && failure !== null) throw failure;
      return rotated;
    },
  };
}

/** The RSA keys of a JSON Web Key Set (RFC 7517) by id; what is not one is passed over. @throws when none is left. */
function keysIn(document: unknown): ReadonlyMap<string, Jwk> {
  const jwks = keySet.parse(document).keys.flatMap((entry) => {
    const parsed = rsaKey.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
  if (jwks.length === 0) throw new Error('the document has no RSA key');
  return new Map(jwks.map((jwk) => [jwk.kid, jwk]));
}

async function getJson(address: string, timeoutMs: number): Promise<unknown> {
  if (!isSafeAddress(address)) throw new Error('the metadata lead to an address without encryption');
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
  // A redirect has been followed: it must not have led out into the open.
  if (!response.ok || !isSafeAddress(response.url)) {
    await response.body?.cancel();
    throw new Error(
      response.ok ? 'redirected to an address without encryption' : `status ${response.status}`,
    );
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | Uint8Array[] = response.body ?? [];
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new Error('the document is too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks, length).toString('utf8'));
}
