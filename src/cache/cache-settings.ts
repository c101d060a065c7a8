// Owns what a worker is told of the cache. Data that can be cloned from thread to thread; knows no file.

/** What a worker is told of the cache. */
export interface CacheSettings {
  /** Without segments when everything is to be encoded anew. */
  readonly reading: CacheReading;
  /** Nothing when nothing may be written. */
  readonly addition: CacheAddition | undefined;
  /** Where the sidecars that are written are noted, if at all. */
  readonly historyPath: string | undefined;
}

/** Where a thread finds what is in the cache. */
export interface CacheReading {
  readonly index: IndexMemory;
  /** The segments behind it, in the order of their records. */
  readonly segments: readonly {
    readonly indexPath: string;
    readonly packPath: string;
    /** How many records of the index stand in front of this segment's. */
    readonly firstRecord: number;
  }[];
  /** Whether what turns out to be wrong may be struck out. */
  readonly isWritable: boolean;
}

/** The memory of an index: see shared-index.ts. */
export interface IndexMemory {
  /** The records, `RECORD_BYTES` each. */
  readonly records: SharedArrayBuffer;
  /** The hash table: for each slot the number of a record and 1, or 0. */
  readonly slots: SharedArrayBuffer;
  /** For each record whether this run has used it. */
  readonly used: SharedArrayBuffer;
}

/** Where the threads of a run add what they have encoded. */
export interface CacheAddition {
  readonly indexPath: string;
  readonly packPath: string;
  /** Of one 64-bit number: where in the pack the next bytes go. */
  readonly end: SharedArrayBuffer;
  /** Larger variants are not added: they would drive out too many others. */
  readonly maxEntryBytes: number;
}
