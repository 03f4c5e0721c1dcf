import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log';

/** What a shutdown has to think of. */
export interface Live {
  readonly sockets: Set<Socket>;
  readonly turns: Map<ServerResponse, Promise<void>>;
}

/** Take no new connections, let running turns finish within the grace, then cut what is left. */
export async function close(
  server: HttpServer,
  { sockets, turns }: Live,
  { graceMs, log }: { graceMs: number; log: Log },
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // It reports a server that never listened as an error; that one is closed as well.
    server.close(() => {
      resolve();
    });
  });
  // Kept alive, the connection of a running turn would outlast its answer.
  for (const res of turns.keys()) if (!res.headersSent) res.setHeader('Connection', 'close');
  server.closeIdleConnections();
  // Node counts only those as idle that have had a request: one opened in advance, as proxies do, would cost the whole grace.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();

  // A turn may outlive its connection: Teams hangs up after 15 s.
  const finished = Promise.all([closed, ...turns.values()]).then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, graceMs, false);
  });
  const inTime = await Promise.race([finished, late]);
  clearTimeout(timer);
  if (inTime) return;
  log.warn('Connections were cut: the time for a graceful end is over.', { turns: turns.size });
  server.closeAllConnections();
  await closed;
}
