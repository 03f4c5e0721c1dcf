import { z } from 'zod';
import { suggestion } from './nearest-name';
import { sentences, wholeNumber, type Variables } from './variables';

/** How the bot gets at an Azure storage account: with a key or signature, or as an identity that has been given the right. */
export type BlobAccess =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      /** `https://<account>.blob.core.windows.net`, without a path or query. */
      readonly accountUrl: string;
      /** Of a user-assigned managed identity; undefined for whatever identity the machine has. */
      readonly clientId: string | undefined;
    };

/** Where cases and places in conversations are kept. */
export type StorageConfig =
  | { readonly engine: 'memory' }
  /** The folder as given: made if it is not there. */
  | { readonly engine: 'embedded'; readonly folder: string }
  | { readonly engine: 'azureBlob'; readonly container: string; readonly access: BlobAccess };

const ENGINES = ['embedded', 'memory', 'azure-blob'] as const;

const settings = z.object({
  STORAGE: z
    .string()
    .toLowerCase()
    .pipe(
      z.enum(ENGINES, {
        error: ({ input }) =>
          `STORAGE must be one of ${ENGINES.join(', ')}${suggestion(String(input), ENGINES)}.`,
      }),
    )
    .prefault('embedded'),
  DATA_DIR: z.string().prefault('data'),
  CASE_RETENTION_DAYS: wholeNumber('CASE_RETENTION_DAYS', 30, 1, 3_650),
});

/** Looked at only with STORAGE=azure-blob: other programs read variables of these names too. */
const azureSettings = z
  .object({
    AZURE_STORAGE_CONNECTION_STRING: z
      .string()
      // An endpoint with a shared access signature, or an account and its key; the emulator has a word of its own.
      .regex(/(?:^|;) *(?:AccountName|BlobEndpoint|UseDevelopmentStorage) *=/i, {
        error:
          'AZURE_STORAGE_CONNECTION_STRING must be a connection string, as the storage account’s page "Access keys" shows it.',
      })
      .optional(),
    AZURE_STORAGE_ACCOUNT_URL: z
      .url({
        protocol: /^https$/,
        error: 'AZURE_STORAGE_ACCOUNT_URL must be an address such as https://account.blob.core.windows.net.',
      })
      .refine((url) => !url.includes('?'), {
        error:
          'AZURE_STORAGE_ACCOUNT_URL must have no "?": put a shared access signature into AZURE_STORAGE_CONNECTION_STRING.',
      })
      .optional(),
    AZURE_STORAGE_CONTAINER: z
      .string()
      .regex(/^(?=.{3,63}$)[a-z\d]+(?:-[a-z\d]+)*$/, {
        error:
          'AZURE_STORAGE_CONTAINER must be 3 to 63 small letters, digits and single dashes, such as bounce-desk.',
      })
      .prefault('bounce-desk'),
    AZURE_CLIENT_ID: z
      .guid({ error: 'AZURE_CLIENT_ID must be a GUID: it is the client id of a managed identity.' })
      .optional(),
  })
  .refine(
    (read) =>
      (read.AZURE_STORAGE_CONNECTION_STRING === undefined) !== (read.AZURE_STORAGE_ACCOUNT_URL === undefined),
    {
      error:
        'Set either AZURE_STORAGE_ACCOUNT_URL, for a managed identity, or AZURE_STORAGE_CONNECTION_STRING: STORAGE=azure-blob needs one of them.',
    },
  );

export const STORAGE_VARIABLES: readonly string[] = [
  ...Object.keys(settings.shape),
  ...Object.keys(azureSettings.shape),
];

export interface StorageSettings {
  storage: StorageConfig;
  caseRetentionDays: number;
}

/**
 * Where the variables say data are kept; undefined when they cannot say, with a sentence for each problem added to `problems`.
 * `botClientId` is that of the managed identity the bot itself has, if it has one.
 */
export function readStorage(
  variables: Variables,
  botClientId: string | undefined,
  problems: string[],
): StorageSettings | undefined {
  const read = settings.safeParse(variables);
  if (!read.success) {
    problems.push(...sentences(read.error));
    return undefined;
  }
  const { STORAGE, DATA_DIR, CASE_RETENTION_DAYS: caseRetentionDays } = read.data;
  if (STORAGE === 'memory') return { storage: { engine: 'memory' }, caseRetentionDays };
  if (STORAGE === 'embedded') return { storage: { engine: 'embedded', folder: DATA_DIR }, caseRetentionDays };
  const azure = azureSettings.safeParse(variables);
  if (!azure.success) {
    problems.push(...sentences(azure.error));
    return undefined;
  }
  const {
    AZURE_STORAGE_CONNECTION_STRING: connectionString,
    AZURE_STORAGE_ACCOUNT_URL: accountUrl = '',
    AZURE_STORAGE_CONTAINER: container,
    AZURE_CLIENT_ID: clientId = botClientId,
  } = azure.data;
  const access: BlobAccess =
    connectionString === undefined
      ? { kind: 'identity', accountUrl, clientId }
      : { kind: 'connectionString', connectionString };
  return { storage: { engine: 'azureBlob', container, access }, caseRetentionDays };
}
