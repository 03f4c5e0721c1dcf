/** What one key holds; `eTag` changes with every write. */
export interface Item {
  eTag?: string;
  [field: string]: unknown;
}
export type Items = Record<string, Item>;

export interface Listed {
  key: string;
  /** When the key was last written, by the clock of the engine; Azure's counts whole seconds. */
  written: Date;
}

/**
 * Key and value, the same for every engine. `read`, `write` and `delete` are what the Bot Framework's BotState wants as its
 * `Storage`. Any string is a key, of any length; a value is an object that JSON can hold. All methods reject when the
 * engine fails.
 */
export interface KeyValueStorage {
  /** What is there of these keys; a key that is not there is left out. */
  read(keys: string[]): Promise<Items>;
  /**
   * Write in the order given. A value with an `eTag` is written only if the key still has it; without one, or with `*`,
   * the last one wins. Memory and the embedded engine write all keys or none; Azure Blob writes one after the other and
   * stops at the first that fails.
   * @throws ETagConflict when a key was written or deleted since it was read.
   */
  write(changes: Record<string, unknown>): Promise<void>;
  /** Write the key if nobody has. True for exactly one of all callers, on whatever instance they run. */
  create(key: string, value: object): Promise<boolean>;
  /** What is not there is deleted already. */
  delete(keys: string[]): Promise<void>;
  /** Delete those of the keys that were last written before that moment, looked at again by the engine as it deletes. How many it were. */
  deleteOlder(keys: string[], before: Date): Promise<number>;
  /** All keys that begin so, in no order to rely on. What is written or deleted meanwhile may or may not be among them. */
  list(prefix: string): AsyncIterable<Listed>;
  /** Finish what was begun, and let go of files and connections. */
  close(): Promise<void>;
}

/** Somebody else has written or deleted the key since it was read. */
export class ETagConflict extends Error {
  readonly code = 'ETAG_CONFLICT';
  constructor(key: string) {
    super(`The key "${key}" was changed by somebody else since it was read.`);
    this.name = 'ETagConflict';
  }
}

/** The storage cannot be used; the sentence says why and which setting to look at, and repeats no secret. */
export class StorageError extends Error {
  readonly code = 'STORAGE_UNUSABLE';
  constructor(sentence: string, options?: ErrorOptions) {
    super(`The storage cannot be used: ${sentence}`, options);
    this.name = 'StorageError';
  }
}
