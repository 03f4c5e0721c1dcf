import { isIPv6 } from 'node:net';
import { isError, type Log } from '../log';
import type { RestifyApp } from './restify-app';

/** The server could not start listening; the message is for the operator. */
export class ListenError extends Error {
  readonly code = 'LISTEN_FAILED';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
  }
}

/** @throws ListenError naming the variable to change */
export function listen(
  app: RestifyApp,
  { host, port, log }: { host: string; port: number; log: Log },
): Promise<{ url: string; port: number }> {
  const { server } = app;
  return new Promise((resolve, reject) => {
    app.on('error', (error) => {
      if (!server.listening) reject(listenError(error, host, port));
      else log.error('The server reports an error.', { error });
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`, port: bound });
    });
  });
}

function listenError(cause: unknown, host: string, port: number): ListenError {
  const code = isError(cause) && 'code' in cause ? cause.code : undefined;
  const sentences: Readonly<Partial<Record<string, string>>> = {
    EADDRINUSE: `Port ${port} of ${host} is taken by another program: set PORT to another one, or to 0 for any free port.`,
    EACCES: `The system does not let this program listen on port ${port}: set PORT to 1024 or higher.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set HOST to one it has, or to 0.0.0.0 for all of them.`,
    ENOTFOUND: `The name ${host} leads to no address: set HOST to an address of this machine.`,
  };
  return new ListenError(
    sentences[String(code)] ?? `Cannot listen on port ${port} of ${host}: check HOST and PORT.`,
    { cause },
  );
}
