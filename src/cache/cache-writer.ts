// Owns what a thread adds to the cache: it gathers small entries and writes them together, the bytes
// first and the records behind them. When that fails it adds nothing more, and says why.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, writeSync } from 'node:fs';
import { FileFailed, toFailure, type Failure } from '../failure.js';
import type { Found } from './cache-reader.js';
import type { CacheAddition } from './cache-settings.js';
import { type CacheRecord, moveRecord, NO_DIGEST, RECORD_BYTES, writeRecord } from './record.js';
import { openToWrite } from './segment.js';

/** What is to be added, but for the place of its bytes. */
export type NewEntry = Omit<CacheRecord, 'offset'>;

/** Bytes that are gathered before they are written. */
const GATHERED_BYTES = 1024 * 1024;

/** Each thread writes where it was told to. */
const PACK_FLAGS = constants.O_WRONLY | constants.O_CREAT;

/** What threads append is never mixed: a write of the system is one step. */
const INDEX_FLAGS = PACK_FLAGS | constants.O_APPEND;

/** Adds to the cache for one thread. */
export class CacheWriter {
  readonly #addition: CacheAddition;
  #records: Buffer[] = [];
  #payloads: Buffer[] = [];
  #gatheredBytes = 0;
  #failure: Failure | undefined;

  constructor(addition: CacheAddition) {
    this.#addition = addition;
  }

  /** Why nothing more is added, if so. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /**
   * Adds what is known of a variant: soon, and at the latest with `flush`.
   *
   * @param payload - the encoded bytes and their SHA-256; nothing for a variant that was discarded
   */
  add(entry: NewEntry, payload?: { readonly encoded: Buffer; readonly digest: Buffer }): void {
    const bytes = payload?.encoded.length ?? 0;
    if (this.#failure !== undefined || bytes > this.#addition.maxEntryBytes) return;
    // The offset is among what was gathered until it is known where that goes.
    this.#records.push(recordFor({ ...entry, offset: this.#gatheredBytes }, payload?.digest));
    if (payload !== undefined) this.#payloads.push(payload.encoded);
    this.#gatheredBytes += bytes;
    if (this.#gatheredBytes >= GATHERED_BYTES) this.flush();
  }

  /**
   * Adds a variant that is too large to be held whole, unless its bytes turn out to be others.
   *
   * @param digest - the SHA-256 of its bytes
   * @returns where it is from now on
   */
  addChunks(entry: NewEntry, encoded: Iterable<Buffer>, digest: Buffer): Found | undefined {
    if (this.#failure !== undefined || entry.encodedBytes > this.#addition.maxEntryBytes) return;
    const { packPath } = this.#addition;
    return this.#attempt(() => {
      const offset = this.#reserve(entry.encodedBytes);
      const hash = createHash('sha256');
      let written = 0;
      for (const chunk of encoded) {
        // Behind what was reserved are the bytes of others.
        if (written + chunk.length > entry.encodedBytes) return undefined;
        hash.update(chunk);
        writeBytes(packPath, PACK_FLAGS, chunk, offset + written);
        written += chunk.length;
      }
      if (!hash.digest().equals(digest)) return undefined;
      const bytes = recordFor({ ...entry, offset }, digest);
      this.#appendRecords([bytes]);
      return { ...entry, offset, bytes, packPath, number: undefined };
    });
  }

  /** Writes what was gathered. */
  flush(): void {
    const [records, payloads, bytes] = [this.#records, this.#payloads, this.#gatheredBytes];
    if (records.length === 0) return;
    this.#records = [];
    this.#payloads = [];
    this.#gatheredBytes = 0;
    this.#attempt(() => {
      const start = this.#reserve(bytes);
      if (bytes > 0) {
        const [first, ...others] = payloads;
        const joined = others.length === 0 && first !== undefined ? first : Buffer.concat(payloads);
        writeBytes(this.#addition.packPath, PACK_FLAGS, joined, start);
      }
      for (const record of records) moveRecord(record, start);
      this.#appendRecords(records);
    });
  }

  /** Room in the pack that no other thread uses. */
  #reserve(bytes: number): number {
    return Number(Atomics.add(new BigInt64Array(this.#addition.end), 0, BigInt(bytes)));
  }

  #appendRecords(records: readonly Buffer[]): void {
    writeBytes(this.#addition.indexPath, INDEX_FLAGS, Buffer.concat(records), null);
  }

  #attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      // What could not be read was not the cache's: the sidecar may be gone again.
      if (!(error instanceof FileFailed)) {
        this.#failure = toFailure(error, 'write', this.#addition.packPath);
      }
      return undefined;
    }
  }
}

function recordFor(record: CacheRecord, digest: Buffer = NO_DIGEST): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  writeRecord(bytes, record, digest);
  return bytes;
}

/** Opened anew each time: a thread that has nothing to write holds no descriptor. */
function writeBytes(path: string, flags: number, bytes: Buffer, position: number | null): void {
  const fd = openToWrite(path, flags);
  try {
    for (let done = 0; done < bytes.length;) {
      const at = position === null ? null : position + done;
      done += writeSync(fd, bytes, done, bytes.length - done, at);
    }
  } finally {
    closeSync(fd);
  }
}
