// Owns what a thread finds in the cache: the record of a variant and its bytes, as they were written or
// not at all. Proves nothing of what they mean. Trouble with the cache means that nothing is found.
import { Buffer } from 'node:buffer';
import { closeSync, constants, writeSync } from 'node:fs';
import type { CacheReading } from './cache-settings.js';
import { digestOf } from './fingerprint.js';
import { type CacheRecord, isIntact, KIND_AT, readRecord, RECORD_BYTES } from './record.js';
import { openToRead, openToWrite, readInto } from './segment.js';
import { SharedIndex } from './shared-index.js';
import { closeRead } from '../close-read.js';

/** What is noted of a variant, and where. */
export interface Found extends CacheRecord {
  /** The record itself. */
  readonly bytes: Buffer;
  readonly packPath: string;
  /** Its number in the index; nothing when this thread has just added it. */
  readonly number: number | undefined;
}

/** Packs that are open at once: entries of one folder often lie in two in turn. */
const OPEN_PACKS = 4;

interface Pack {
  readonly fd: number;
  readonly size: number;
}

/** Reads the cache for one thread. */
export class CacheReader {
  readonly #reading: CacheReading;
  readonly #index: SharedIndex;
  /** By path, the one that was used last at the end. */
  readonly #packs = new Map<string, Pack>();

  constructor(reading: CacheReading) {
    this.#reading = reading;
    this.#index = new SharedIndex(reading.index);
  }

  /** What is noted of a variant. */
  find(key: Buffer): Found | undefined {
    const number = this.#index.find(key);
    if (number === undefined) return undefined;
    const bytes = this.#index.recordAt(number);
    const record = readRecord(bytes);
    const packPath = this.#segmentOf(number)?.packPath;
    if (record === undefined || packPath === undefined) return undefined;
    return { ...record, bytes, packPath, number };
  }

  /**
   * The bytes of a variant and their SHA-256.
   *
   * @returns `undefined` when they cannot be read, or are not what was written: then they are dropped
   */
  read(found: Found): { readonly encoded: Buffer; readonly digest: Buffer } | undefined {
    const pack = this.#openPack(found);
    if (pack === undefined) return undefined;
    if (found.offset + found.encodedBytes > pack.size) {
      this.drop(found);
      return undefined;
    }
    const encoded = Buffer.allocUnsafeSlow(found.encodedBytes);
    if (readInto(pack.fd, encoded, found.offset) < encoded.length) return undefined;
    const digest = digestOf(encoded);
    if (isIntact(found.bytes, digest)) return { encoded, digest };
    this.drop(found);
    return undefined;
  }

  /** The bytes of a variant in chunks, unchecked; they end early when they cannot be read. */
  *readChunks(found: Found, chunkBytes: number): Generator<Buffer> {
    for (let done = 0; done < found.encodedBytes;) {
      // Anew for each chunk: others may have been opened meanwhile, and this one closed.
      const pack = this.#openPack(found);
      if (pack === undefined) return;
      const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, found.encodedBytes - done));
      const count = readInto(pack.fd, chunk, found.offset + done);
      yield chunk.subarray(0, count);
      if (count < chunk.length) return;
      done += count;
    }
  }

  /** Notes that a variant was of use, so that it is among the last to go. */
  markUsed({ number }: Found): void {
    if (number !== undefined) this.#index.markUsed(number);
  }

  /** Strikes out a record that is not what it claims to be. */
  drop({ number, key }: Found): void {
    const segment = number === undefined ? undefined : this.#segmentOf(number);
    if (number === undefined || segment === undefined || !this.#reading.isWritable) return;
    const position = (number - segment.firstRecord) * RECORD_BYTES;
    try {
      const fd = openToWrite(segment.indexPath, constants.O_RDWR);
      try {
        // Only if it still stands there: the index may be another by now.
        const there = Buffer.alloc(RECORD_BYTES);
        if (
          readInto(fd, there, position) < RECORD_BYTES ||
          !there.subarray(0, key.length).equals(key)
        )
          return;
        writeSync(fd, Buffer.from([0]), 0, 1, position + KIND_AT);
      } finally {
        closeSync(fd);
      }
    } catch {
      // Then it is found again, and found wrong again.
    }
  }

  #openPack({ packPath: path }: Found): Pack | undefined {
    const known = this.#packs.get(path);
    const pack = known ?? openToRead(path);
    if (pack === undefined) return undefined;
    this.#packs.delete(path);
    this.#packs.set(path, pack);
    const [eldest] = this.#packs;
    if (this.#packs.size > OPEN_PACKS && eldest !== undefined) {
      closeRead(eldest[1].fd);
      this.#packs.delete(eldest[0]);
    }
    return pack;
  }

  #segmentOf(number: number): CacheReading['segments'][number] | undefined {
    return this.#reading.segments.findLast(({ firstRecord }) => firstRecord <= number);
  }
}
