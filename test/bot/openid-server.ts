import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './desk-server';

/** Whoever can sign: a key pair, and the id it is published under. */
export interface Signer {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function createSigner(kid: string): Signer {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of RFC 7519 that nobody checks before it is sent; `header` may say what it likes. */
export function signed(claims: unknown, { kid, privateKey }: Signer, header: Json = {}): string {
  const { alg = 'RS256' } = header;
  const unsigned = `${part({ alg, typ: 'JWT', kid, x5t: kid, ...header })}.${part(claims)}`;
  const hash = /^RS(\d+)$/.exec(typeof alg === 'string' ? alg : '')?.[1] ?? '256';
  return `${unsigned}.${sign(`RSA-SHA${hash}`, Buffer.from(unsigned), privateKey).toString('base64url')}`;
}

/** The same, with a shared secret. */
export function signedWithSecret(claims: unknown, kid: string, secret: string): string {
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** The same, with nothing. */
export function unsigned(claims: unknown, kid: string, alg = 'none'): string {
  return `${part({ alg, typ: 'JWT', kid })}.${part(claims)}.`;
}

export interface OpenIdServer {
  /** Address of the metadata document. */
  metadata: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  publish(...keys: { signer: Signer; endorsements?: string[] | undefined; change?: Json }[]): void;
  /** Answer everything this way; null: as it should be. */
  trouble(answer: ((path: string, res: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

/** A publisher of keys as the Bot Framework is one: a metadata document, and a set of keys with endorsements. */
export async function startOpenId(): Promise<OpenIdServer> {
  let keys: Json[] = [];
  let answer: ((path: string, res: ServerResponse) => void) | null = null;
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const path = req.url ?? '';
    asked.push(path);
    if (answer !== null) {
      answer(path, res);
      return;
    }
    const document =
      path === '/openid' ? { issuer: 'https://api.botframework.com', jwks_uri: `${base}/keys` } : { keys };
    res.end(JSON.stringify(document));
  });
  const base = await new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
  return {
    metadata: `${base}/openid`,
    asked,
    publish: (...published) => {
      keys = published.map(({ signer, endorsements, change = {} }) => ({
        ...signer.publicKey.export({ format: 'jwk' }),
        use: 'sig',
        kid: signer.kid,
        x5t: signer.kid,
        ...(endorsements === undefined ? {} : { endorsements }),
        ...change,
      }));
    },
    trouble: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
