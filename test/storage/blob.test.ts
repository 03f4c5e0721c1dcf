import { randomUUID } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobServiceClient } from '@azure/storage-blob';
import { openBlobStorage } from '../../src/storage/blob';
import { StorageError, type KeyValueStorage } from '../../src/storage/storage';
import { startAzurite, type Azurite } from './azurite';
import { describeContract } from './contract';

describeContract('Azure Blob, by Azurite', { isAtomic: false, many: 5_001, rounds: 10 });

/** What somebody between does with a request: pass it on and bring back the answer, pass it on and lose the answer, or answer. */
type Mischief = 'pass' | 'lose' | number;

/** Stands between the storage and Azurite, and is asked about every request. */
interface Between {
  port: number;
  /** Requests since the last change of `next`, as `PUT /…`. */
  seen: string[];
  next: (decide: (method: string, path: string, count: number) => Mischief) => void;
  close: () => Promise<void>;
}

async function standBetween(target: number): Promise<Between> {
  let decide: (method: string, path: string, count: number) => Mischief = () => 'pass';
  const seen: string[] = [];
  const server: Server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url: path = '', headers } = incoming;
    seen.push(`${method} ${path}`);
    const mischief = decide(method, path, seen.length);
    if (typeof mischief === 'number') {
      incoming.resume();
      // Not writeHead: restify, where it is loaded, puts its own in place for the whole process, and that returns nothing.
      outgoing.statusCode = mischief;
      outgoing.setHeader('x-ms-error-code', 'ServerBusy');
      outgoing.end();
      return;
    }
    const passed = request({ host: '127.0.0.1', port: target, method, path, headers }, (answer) => {
      if (mischief === 'lose') {
        answer.resume().once('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    next: (decision) => {
      decide = decision;
      seen.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

describe('Azure Blob, when things go wrong', () => {
  let azurite: Azurite;
  let between: Between;
  let storage: KeyValueStorage;
  const open = (connectionString: string, container = 'trouble'): Promise<KeyValueStorage> =>
    openBlobStorage({
      access: { kind: 'connectionString', connectionString },
      container,
      newId: randomUUID,
    });

  beforeAll(async () => {
    azurite = await startAzurite();
    between = await standBetween(azurite.port);
    storage = await open(azurite.connectionString(between.port));
  });
  beforeEach(() => {
    between.next(() => 'pass');
  });
  afterAll(async () => {
    await between.close();
    await azurite.stop();
  });

  describe('the answer to a write gets lost, and the SDK writes again', () => {
    const loseFirst = (): void => {
      between.next((method, _, count) => (method === 'PUT' && count === 1 ? 'lose' : 'pass'));
    };

    test('who has created is told so', async () => {
      loseFirst();
      expect(await storage.create('lost/create', { n: 1 })).toBe(true);
      expect(between.seen.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
      expect(await storage.create('lost/create', { n: 2 })).toBe(false);
      expect((await storage.read(['lost/create']))['lost/create']?.['n']).toBe(1);
    });

    test('a write with an eTag is no conflict with itself', async () => {
      await storage.write({ 'lost/write': { n: 1 } });
      const { 'lost/write': item } = await storage.read(['lost/write']);
      loseFirst();
      await storage.write({ 'lost/write': { ...item, n: 2 } });
      expect(between.seen.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
      expect((await storage.read(['lost/write']))['lost/write']?.['n']).toBe(2);
    });

    test('a deletion is a deletion', async () => {
      await storage.write({ 'lost/delete': {} });
      between.next((method, _, count) => (method === 'DELETE' && count === 1 ? 'lose' : 'pass'));
      await storage.delete(['lost/delete']);
      expect(await storage.read(['lost/delete'])).toEqual({});
    });
  });

  test('a service that is busy for a moment is asked again', async () => {
    between.next((_method, _path, count) => (count <= 2 ? 503 : 'pass'));
    await storage.write({ busy: { n: 1 } });
    between.next((_method, _path, count) => (count <= 2 ? 500 : 'pass'));
    expect((await storage.read(['busy']))['busy']?.['n']).toBe(1);
    expect(between.seen).toHaveLength(3);
  });

  test('one that stays busy is given up within a turn', async () => {
    between.next(() => 503);
    const begun = Date.now();
    await expect(storage.read(['busy'])).rejects.toThrow();
    await expect(storage.write({ busy: {} })).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(2 * 7_000);
  });

  test('a container that has gone is a fault, and not an empty one', async () => {
    const gone = await open(azurite.connectionString(), 'gone');
    await BlobServiceClient.fromConnectionString(azurite.connectionString()).deleteContainer('gone');
    await expect(gone.read(['a'])).rejects.toMatchObject({ code: 'ContainerNotFound' });
    await expect(gone.create('a', {})).rejects.toMatchObject({ code: 'ContainerNotFound' });
    await expect(gone.delete(['a'])).rejects.toMatchObject({ code: 'ContainerNotFound' });
  });

  test('what others keep in the container is left alone', async () => {
    const shared = await open(azurite.connectionString(), 'shared');
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient(
      'shared',
    );
    for (const name of ['readme.txt', 'a~zz.json', 'a~~zz.json', 'A.b.json', 'a~2f.json', 'folder/notes'])
      await container.uploadBlockBlob(name, 'x', 1);
    await shared.write({ a: {} });
    const keys: string[] = [];
    for await (const { key } of shared.list('')) keys.push(key);
    expect(keys).toEqual(['a']);
  });

  test('blobs have names and contents that people can read', async () => {
    const readable = await open(azurite.connectionString(), 'readable');
    await readable.write({ 'cases/0b5c-1': { v: 2 }, 'msteams/conversations/19:x@thread.v2/users/ü/': {} });
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString()).getContainerClient(
      'readable',
    );
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names.sort()).toEqual([
      'cases/0b5c-1.json',
      'msteams/conversations/19~3Ax~40thread~2Ev2/users/~C3~BC/.json',
    ]);
    const blob = container.getBlobClient('cases/0b5c-1.json');
    const { contentType } = await blob.getProperties();
    expect(contentType).toBe('application/json; charset=utf-8');
    expect(JSON.parse((await blob.downloadToBuffer()).toString())).toMatchObject({
      key: 'cases/0b5c-1',
      value: { v: 2 },
    });
  });

  describe('one sentence at the start', () => {
    const wrongKey = Buffer.from('wrong').toString('base64');
    test.each<[name: string, connection: () => string, container: string, sentence: RegExp]>([
      [
        'nobody there',
        () => azurite.connectionString(1),
        'desk',
        /^The storage cannot be used: the storage account cannot be reached \(\w+\)\. Check AZURE_STORAGE_CONNECTION_STRING, and/,
      ],
      [
        'a wrong key',
        () => azurite.connectionString(undefined, wrongKey),
        'desk',
        /^The storage cannot be used: the storage account (?:refuses|does not know this key or signature) \(\w+\)\./,
      ],
      [
        'half a connection string',
        () => 'AccountName=desk',
        'desk',
        /^The storage cannot be used: the container desk of the storage account cannot be opened \(\w+\)\. Check AZURE_STORAGE_CONNECTION_STRING and/,
      ],
    ])('%s', async (_, connection, container, sentence) => {
      const error: unknown = await open(connection(), container).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({ message: expect.stringMatching(sentence) as string });
      expect(String(error)).not.toContain('AccountKey');
    });
  });
});
