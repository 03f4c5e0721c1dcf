import { once } from 'node:events';
import { z } from 'zod';

export const LOOPBACK = '127.0.0.1';

/** Let a server listen on a free port of this machine only. */
export async function listen(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return z.object({ port: z.number() }).parse(server.address()).port;
}
