import { maxFile } from '../ndr/unreadable';
import type { AttachedFile } from './attachments';

/** Why a file could not be fetched. `blocked`: its address is not one of Teams; `failed`: it was not there, or not in time. */
export type FileTrouble = 'blocked' | 'tooLarge' | 'failed';

export type Fetched = { bytes: Uint8Array } | { trouble: FileTrouble };

export interface FileFetcher {
  /** Get the bytes of a dropped file. Never throws, stores nothing, and asks only hosts of Microsoft's file services. */
  fetch(file: AttachedFile): Promise<Fetched>;
}

export interface FileFetcherOptions {
  /** Host suffixes that may be asked; the address in the activity is whatever its sender wrote. */
  hosts?: readonly string[];
  maxBytes?: number;
  timeoutMs?: number;
  /** The edge of our world, for tests. */
  request?: typeof fetch;
}

/** Where Teams keeps the files of personal chats: OneDrive and SharePoint of the public and the national clouds. */
export const fileHosts: readonly string[] = [
  'sharepoint.com',
  'sharepoint.us',
  'sharepoint-mil.us',
  'sharepoint.cn',
  'svc.ms',
];

const maxRedirects = 3;

export function createFileFetcher({
  hosts = fileHosts,
  maxBytes = maxFile,
  timeoutMs = 8000,
  request = fetch,
}: FileFetcherOptions = {}): FileFetcher {
  return {
    async fetch({ url }) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        let target = allowed(url, hosts);
        for (let redirects = 0; target !== null && redirects <= maxRedirects; redirects += 1) {
          const response = await request(target, { redirect: 'manual', signal });
          if (response.status >= 300 && response.status < 400) {
            await response.body?.cancel();
            target = allowed(new URL(response.headers.get('location') ?? '', target).href, hosts);
            continue;
          }
          if (response.ok) return await bounded(response, maxBytes);
          await response.body?.cancel();
          return { trouble: 'failed' };
        }
        return { trouble: target === null ? 'blocked' : 'failed' };
      } catch {
        return { trouble: 'failed' };
      }
    },
  };
}

/** The address when it may be asked: https, the usual port, no password, a host on the list or below one that is. */
function allowed(address: string, hosts: readonly string[]): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const name = url.hostname.toLowerCase();
  const isListed = hosts.some((host) => name === host || name.endsWith(`.${host}`));
  const isPlain = url.port === '' && url.username === '' && url.password === '';
  return url.protocol === 'https:' && isPlain && isListed ? url : null;
}

/** The body, unless it is longer than allowed; a length that is announced is not believed, only used to stop early. */
async function bounded(response: Response, maxBytes: number): Promise<Fetched> {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    return { trouble: 'tooLarge' };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | Uint8Array[] = response.body ?? [];
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) return { trouble: 'tooLarge' };
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks, length) };
}
