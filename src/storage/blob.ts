import type {
  BlobClient,
  BlockBlobClient,
  ContainerClient,
  StoragePipelineOptions,
} from '@azure/storage-blob' with { 'resolution-mode': 'import' };
import { z } from 'zod';
import type { BlobAccess } from '../config/storage';
import { isError } from '../log';
import { blobName, blobPrefix, isFoldedName, keyOfName } from './blob-name';
import { itemOf, itemsOf, jsonOf, requiredTag } from './item';
import { ETagConflict, StorageError, type Item, type KeyValueStorage } from './storage';

export interface BlobOptions {
  access: BlobAccess;
  /** Made if it is not there. */
  container: string;
  /** A new id, unlike any other. */
  newId: () => string;
}

/** What one call to the storage may take with all its retries, in ms: a turn has 10 s. */
const patienceMs = 6_000;
/** The same at the start, where a token for a managed identity has to be found as well. */
const startPatienceMs = 20_000;
/** The SDK's own retries, of lost connections and of 500 and 503: at once, then after 0.3, 0.9 and 2 s. */
const pipeline: StoragePipelineOptions = {
  retryOptions: {
    maxTries: 5,
    retryDelayInMs: 300,
    maxRetryDelayInMs: 2_000,
  },
};
/** Calls at a time where many keys are read or deleted. */
const width = 16;

/** What a blob holds. `write` names the one call that wrote it; the key is there for folded names, and for people. */
const stored = z.object({ key: z.string(), write: z.string(), value: z.unknown() });

/**
 * Storage in one container of an Azure storage account, one blob a key: for several instances. Azure knows no change of several
 * blobs at once, so `write` goes through its keys in order, each conditional on its own eTag.
 * @throws StorageError when the account cannot be reached, or refuses.
 */
export async function openBlobStorage(options: BlobOptions): Promise<KeyValueStorage> {
  const container = await openContainer(options);
  const blobOf = (key: string): BlockBlobClient => container.getBlockBlobClient(blobName(key).name);

  /** False when the condition does not hold. */
  async function upload(key: string, json: string, conditions: Conditions): Promise<boolean> {
    const write = options.newId();
    const body = Buffer.from(`${JSON.stringify({ key, write }).slice(0, -1)},"value":${json}}`);
    const blob = blobOf(key);
    try {
      await blob.upload(body, body.length, {
        conditions,
        blobHTTPHeaders: { blobContentType: 'application/json; charset=utf-8' },
        abortSignal: AbortSignal.timeout(patienceMs),
      });
      return true;
    } catch (error) {
      if (Object.keys(conditions).length === 0 || !isRefusal(error)) throw error;
      // The answer to a first try may have been lost, and the SDK's second then meets what the first has written.
      return (await download(blob))?.write === write;
    }
  }

  return {
    async read(keys) {
      const found = await each(keys, async (key): Promise<[string, Item] | null> => {
        const blob = await download(blobOf(key));
        return blob === null ? null : [key, itemOf(blob.value, blob.eTag)];
      });
      return itemsOf(found.filter((one) => one !== null));
    },
    async write(changes) {
      const ready = Object.entries(changes).map(([key, value]) => {
        return { key, json: jsonOf(value), tag: requiredTag(value) };
      });
      for (const { key, json, tag } of ready) {
        // Azure takes anything else for a malformed request.
        const isTag = tag === undefined || /^"[^"]+"$/.test(tag);
        if (!isTag || !(await upload(key, json, tag === undefined ? {} : { ifMatch: tag })))
          throw new ETagConflict(key);
      }
    },
    create: async (key, value) => upload(key, jsonOf(value), { ifNoneMatch: '*' }),
    async delete(keys) {
      await each(keys, (key) => remove(blobOf(key), {}));
    },
    async deleteOlder(keys, before) {
      // The header counts whole seconds: a blob of the second in question is not older.
      const ifUnmodifiedSince = new Date(before.getTime() - 1_000);
      const removed = await each(keys, (key) => remove(blobOf(key), { ifUnmodifiedSince }));
      return removed.filter(Boolean).length;
    },
    async *list(prefix) {
      for await (const { name, properties } of container.listBlobsFlat({ prefix: blobPrefix(prefix) })) {
        const key = isFoldedName(name)
          ? (await download(container.getBlobClient(name)))?.key
          : keyOfName(name);
        if (key?.startsWith(prefix) === true) yield { key, written: properties.lastModified };
      }
    },
    close: () => Promise.resolve(),
  };
}

type Conditions = { ifMatch?: string; ifNoneMatch?: string };

interface Downloaded extends z.infer<typeof stored> {
  eTag: string;
}

/** Null for a blob that is not there. */
async function download(blob: BlobClient): Promise<Downloaded | null> {
  try {
    const response = await blob.download(0, undefined, {
      abortSignal: AbortSignal.timeout(patienceMs),
      maxRetryRequests: 3,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    return { ...stored.parse(JSON.parse(text)), eTag: response.etag ?? '' };
  } catch (error) {
    if (codeOf(error) === 'BlobNotFound') return null;
    throw error;
  }
}

/** False when it is not there, or is newer. */
async function remove(blob: BlobClient, conditions: { ifUnmodifiedSince?: Date }): Promise<boolean> {
  try {
    const abortSignal = AbortSignal.timeout(patienceMs);
    await blob.delete({ conditions, deleteSnapshots: 'include', abortSignal });
    return true;
  } catch (error) {
    if (codeOf(error) === 'BlobNotFound' || isRefusal(error)) return false;
    throw error;
  }
}

async function each<K, V>(keys: readonly K[], call: (key: K) => Promise<V>): Promise<V[]> {
  const results: V[] = [];
  for (let from = 0; from < keys.length; from += width)
    results.push(...(await Promise.all(keys.slice(from, from + width).map(call))));
  return results;
}

/** Both SDKs are loaded here and not above: whoever keeps data elsewhere does without them. */
async function openContainer({ access, container: name }: BlobOptions): Promise<ContainerClient> {
  try {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const service =
      access.kind === 'connectionString'
        ? BlobServiceClient.fromConnectionString(access.connectionString, pipeline)
        : new BlobServiceClient(access.accountUrl, await credentialOf(access.clientId), pipeline);
    const container = service.getContainerClient(name);
    await requireContainer(container);
    return container;
  } catch (cause) {
    throw new StorageError(sentenceFor(cause, access, name), { cause });
  }
}

async function credentialOf(clientId: string | undefined) {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}

/** Look into the container, which is a right we need in any case; asking for its properties is a right of its own. */
async function requireContainer(container: ContainerClient): Promise<void> {
  const abortSignal = AbortSignal.timeout(startPatienceMs);
  try {
    await container.listBlobsFlat({ abortSignal }).byPage({ maxPageSize: 1 }).next();
  } catch (error) {
    if (codeOf(error) !== 'ContainerNotFound') throw error;
    await container.createIfNotExists({ abortSignal });
  }
}

function sentenceFor(error: unknown, access: BlobAccess, container: string): string {
  const variable =
    access.kind === 'identity' ? 'AZURE_STORAGE_ACCOUNT_URL' : 'AZURE_STORAGE_CONNECTION_STRING';
  const code = codeOf(error);
  switch (code) {
    case 'AuthorizationPermissionMismatch':
    case 'AuthorizationFailure':
      return `the storage account refuses (${code}). Give the identity the role Storage Blob Data Contributor on the container ${container} or its account, and let this machine through the account's firewall.`;
    case 'AuthenticationFailed':
      return `the storage account does not know this key or signature (${code}). Copy ${variable} again.`;
    case 'CredentialUnavailableError':
    case 'AggregateAuthenticationError':
      return 'this machine has no identity for the storage account. Assign a managed identity to it, and set AZURE_CLIENT_ID if that is neither the bot’s own nor its only one.';
    case 'ENOTFOUND':
    case 'ECONNREFUSED':
    case 'REQUEST_SEND_ERROR':
      return `the storage account cannot be reached (${code}). Check ${variable}, and that this machine may connect to it.`;
    default:
      return `the container ${container} of the storage account cannot be opened (${code}). Check ${variable} and AZURE_STORAGE_CONTAINER.`;
  }
}

/** 412: the condition does not hold. 409 is Azure's word for it where the blob must not be there yet. */
const isRefusal = (error: unknown): boolean =>
  ['ConditionNotMet', 'BlobAlreadyExists'].includes(codeOf(error));

/** Azure's code for what went wrong, else the system's, else the name of the error. */
function codeOf(error: unknown): string {
  if (!isError(error)) return 'unknown reason';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
