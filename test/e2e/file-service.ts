import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';

/** Where Teams keeps the files of a personal chat. */
const HOST = 'contoso-my.sharepoint.com';

export interface FileService {
  /** Arguments for Node before the bot's own: its network asks us where it would ask that host. */
  readonly nodeArgs: readonly string[];
  /** What was asked for, oldest first. */
  readonly asked: readonly string[];
  /** Where a file of this name is fetched. */
  url(name: string): string;
  close(): Promise<void>;
}

/**
 * Stands in for OneDrive. The bot is the built one, with its own list of hosts; only the way from the allowed host's name to a server is
 * ours, which a process without a network would otherwise not find. A name it may not ask never gets here.
 */
export async function startFileService(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<FileService> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(name);
    const file = files[name];
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const detour = `
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      return url.host === '${HOST}' ? fetch('http://127.0.0.1:${port}' + url.pathname, init) : fetch(input, init);
    };`;
  return {
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(detour)}`],
    asked,
    url: (name) => `https://${HOST}/${encodeURIComponent(name)}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
