import { join, resolve } from 'node:path';
import { Child } from './child';
import { freePort } from './free-port';
import { LOOPBACK } from './listen';

const ROOT = resolve(__dirname, '../..');

export interface BotOptions {
  /** Arguments for Node; the built bot by default. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Any free one by default. Give the port of a stopped bot to start it again in its place. */
  readonly port?: number;
}

export class Bot {
  constructor(
    readonly port: number,
    private readonly child: Child,
  ) {}

  get endpoint(): string {
    return `http://${LOOPBACK}:${this.port}/api/messages`;
  }

  /** All it has written so far, both streams. */
  output(): string {
    return this.child.output();
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  /** End it as a power cut would, without a word. */
  async kill(): Promise<void> {
    await this.child.die();
  }
}

/** Start a bot without an app id and wait until /healthz answers 200. */
export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const port = options.port ?? (await freePort());
  // Empty, not absent: an app id from a developer's .env must not come back.
  const anonymous = {
    MicrosoftAppType: '',
    MicrosoftAppId: '',
    MicrosoftAppPassword: '',
    MicrosoftAppTenantId: '',
  };
  const child = new Child('the bot', options.args ?? [join(ROOT, 'dist/index.js')], ROOT, {
    ...anonymous,
    STORAGE: 'memory',
    ...options.env,
    HOST: LOOPBACK,
    PORT: String(port),
  });
  await child.answers(`http://${LOOPBACK}:${port}/healthz`);
  return new Bot(port, child);
}
