import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { answeredCard, messageIn, pressIn, type Json } from '../bot/desk-server';
import { program, startInstance, type Instance } from './instance';

jest.setTimeout(120_000);

const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-restart-'));
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/** Each ends with its test, however that ends. */
const started: Instance[] = [];
afterEach(async () => {
  for (const instance of started.splice(0)) {
    instance.kill();
    await instance.ended;
  }
});

/** The built product as an operator starts it, in a folder of the test's own. */
async function start(env: NodeJS.ProcessEnv = {}): Promise<Instance> {
  const instance = await startInstance('bot', cwd, env);
  started.push(instance);
  return instance;
}

const button = z.object({ data: z.object({ case: z.string() }).loose() });
/** The data of the first button that leads into the case. */
const firstButton = (card: unknown): Json | null => {
  if (typeof card !== 'object' || card === null) return null;
  if ('type' in card && card.type === 'Action.Execute') {
    const { data } = button.safeParse(card);
    if (data !== undefined) return data.data;
  }
  return Object.values(card).reduce<Json | null>((found, part) => found ?? firstButton(part), null);
};

// `npm test` builds first; a bare jest on a fresh clone has nothing to start.
const built = existsSync(program) ? describe : describe.skip;
built('the program', () => {
  test('is killed and started again, and knows the case still', async () => {
    const sent: Json[] = [];
    const connector = createServer((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => (text += chunk.toString()));
      req.on('end', () => {
        sent.push(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
        // Two statements: restify, loaded beside us, takes the answer of writeHead away.
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ id: `sent-${sent.length}` }));
      });
    });
    await new Promise<void>((resolve) => connector.listen(0, '127.0.0.1', resolve));
    const serviceUrl = `http://127.0.0.1:${(connector.address() as AddressInfo).port}/`;
    const post = async ({ url }: Instance, activity: Json): Promise<unknown> => {
      const response = await fetch(`${url ?? ''}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ serviceUrl, ...activity }),
      });
      expect(response.status).toBe(200);
      const text = await response.text();
      return text === '' ? null : JSON.parse(text);
    };

    const first = await start();
    await post(
      first,
      messageIn(
        'personal',
        '1',
        "550 5.7.124 <kim@fabrikam.com> isn't in the list\nRecipient Address: team@contoso.com",
      ),
    );
    const data = firstButton(sent.at(-1));
    first.kill();
    await first.ended;

    const second = await start();
    const answer = await post(second, pressIn('personal', '1', 'sent-1', data));
    expect(JSON.stringify(answeredCard(answer))).toContain('team@contoso.com');
    expect(await second.stop()).toBe(0);
    expect(readdirSync(cwd)).toEqual(['data']);
    connector.closeAllConnections();
    connector.close();
  });

  test.each<[name: string, env: NodeJS.ProcessEnv, spoil: () => void, sentence: string]>([
    [
      'damaged data',
      { DATA_DIR: 'damaged' },
      () => {
        mkdirSync(join(cwd, 'damaged'));
        writeFileSync(join(cwd, 'damaged/data.mdb'), 'no database'.repeat(5_000));
      },
      'The storage cannot be used: the data in the folder damaged (DATA_DIR) is damaged, or not ours (no data file of LMDB). Put a backup in its place, or move it away to begin with nothing.\n',
    ],
    [
      'no account',
      {
        STORAGE: 'azure-blob',
        AZURE_STORAGE_CONNECTION_STRING:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aHVzaA==;BlobEndpoint=http://127.0.0.1:1/a;',
      },
      () => undefined,
      'The storage cannot be used: the storage account cannot be reached (ECONNREFUSED). Check AZURE_STORAGE_CONNECTION_STRING, and that this machine may connect to it.\n',
    ],
  ])('says in one sentence why it does not start: %s', async (_, env, spoil, sentence) => {
    spoil();
    const instance = await start(env);
    expect(await instance.ended).toBe(1);
    expect(instance.said()).toBe(sentence);
  });
});
