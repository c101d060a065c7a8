// Owns what a worker asks the cache and tells it: the variant of a source, proven to decode to just that
// source or not given at all, and what was encoded and written. Knows no sidecar.
import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { chunksAreVariantOf, isVariantOf } from '../decoder.js';
import { toFailure, type Failure } from '../failure.js';
import type { CodecSettings } from '../job.js';
import { isWorthKeeping } from '../keep-rule.js';
import { CacheReader, type Found } from './cache-reader.js';
import type { CacheSettings } from './cache-settings.js';
import { CacheWriter } from './cache-writer.js';
import { digestOf, keyOf } from './fingerprint.js';
import { appendHistory, historyRecord } from './history.js';
import { isIntact, NO_DIGEST } from './record.js';

/** A variant from the cache, or just its size when it is too large to be kept. */
export type CachedVariant =
  | {
      readonly whole: Buffer;
      /** SHA-256 of the variant. */
      readonly digest: Buffer;
      /** What the encode took when it was done, in milliseconds of a thread. */
      readonly encodeMs: number;
    }
  | { readonly tooLargeBytes: number; readonly encodeMs: number };

/** A source by what its key is made of. */
export interface DigestedSource {
  /** SHA-256 of the source. */
  readonly digest: Buffer;
  readonly size: number;
}

/** A variant that was encoded, or just its size when it is too large to be kept. */
export type NewVariant =
  | { readonly whole: Buffer; readonly encodeMs: number }
  | { readonly tooLargeBytes: number; readonly encodeMs: number };

/** No codec makes more of a source than this and twice its size; a record that says so lies. */
const HEADER_BYTES = 1024;

/** The cache as one worker uses it. */
export class VariantCache {
  readonly #reader: CacheReader;
  readonly #writer: CacheWriter | undefined;
  readonly #maxRatio: number;
  readonly #historyPath: string | undefined;
  #history: Buffer[] = [];
  #historyFailure: Failure | undefined;
  #lastKey:
    { readonly digest: Buffer; readonly codec: CodecSettings; readonly key: Buffer } | undefined;
  /** Large variants that this thread has added, by key: the twin of their source may come next. */
  readonly #added = new Map<string, Found>();

  /** @param maxRatio - see `isWorthKeeping` */
  constructor({ reading, addition, historyPath }: CacheSettings, maxRatio: number) {
    this.#reader = new CacheReader(reading);
    this.#writer = addition === undefined ? undefined : new CacheWriter(addition);
    this.#historyPath = historyPath;
    this.#maxRatio = maxRatio;
  }

  /** Why nothing more is added, if so. */
  get failure(): Failure | undefined {
    return this.#writer?.failure ?? this.#historyFailure;
  }

  /** The variant of a source that is held in memory. */
  find(codec: CodecSettings, source: Buffer, digest: Buffer): CachedVariant | undefined {
    const found = this.look(codec, { digest, size: source.length });
    if (found === undefined) return undefined;
    const { encodeMs, encodedBytes } = found;
    if (!found.isKept) return { tooLargeBytes: encodedBytes, encodeMs };
    const payload = this.#reader.read(found);
    if (payload === undefined) return undefined;
    if (!isVariantOf(payload.encoded, source, codec.contentCoding)) {
      this.#reader.drop(found);
      return undefined;
    }
    this.#reader.markUsed(found);
    return { whole: payload.encoded, digest: payload.digest, encodeMs };
  }

  /**
   * Whether a sidecar holds just the bytes that are noted, and decodes to the source: see `EncodedSource`.
   */
  recognise(
    codec: CodecSettings,
    digested: DigestedSource,
    source: Buffer,
    readSidecar: (encodedBytes: number) => Buffer | undefined,
  ): { readonly encodeMs: number; readonly encodedBytes: number } | undefined {
    const found = this.look(codec, digested);
    const { encodedBytes = 0, encodeMs = 0 } = found ?? {};
    if (found?.isKept !== true) return undefined;
    if (!isWorthKeeping(encodedBytes, digested.size, this.#maxRatio)) return undefined;
    const sidecar = readSidecar(encodedBytes);
    if (sidecar === undefined || !isIntact(found.bytes, digestOf(sidecar))) return undefined;
    if (!isVariantOf(sidecar, source, codec.contentCoding)) return undefined;
    this.#reader.markUsed(found);
    return { encodeMs, encodedBytes };
  }

  /**
   * What is noted of the variant of a source. That it was discarded is all there is to know; the bytes of
   * one that was kept are still to be proven.
   */
  look(codec: CodecSettings, source: DigestedSource): Found | undefined {
    const key = this.#keyOf(source, codec);
    const found = this.#added.get(key.toString('latin1')) ?? this.#reader.find(key);
    if (found === undefined) return undefined;
    if (!this.#isPlausible(found, codec, source.size)) {
      this.#reader.drop(found);
      return undefined;
    }
    if (found.isKept) return found;
    // With another ratio, what was discarded may be kept.
    if (isWorthKeeping(found.encodedBytes, source.size, this.#maxRatio)) return undefined;
    this.#reader.markUsed(found);
    return found;
  }

  /**
   * Hands out a large variant in chunks while it is proven.
   *
   * @param accept - given each chunk, before anything of it is proven
   * @param readSource - the source from its beginning
   * @returns the SHA-256 of the variant, or `undefined` when it is none: what was handed out is void
   * @throws what `accept` and `readSource` throw
   */
  async restore(
    found: Found,
    chunkBytes: number,
    accept: (encoded: Buffer) => void,
    readSource: () => Iterable<Buffer>,
  ): Promise<Buffer | undefined> {
    const reader = this.#reader;
    const hash = createHash('sha256');
    const chunks = function* (): Generator<Buffer> {
      for (const chunk of reader.readChunks(found, chunkBytes)) {
        hash.update(chunk);
        accept(chunk);
        yield chunk;
      }
    };
    const isProven = await chunksAreVariantOf(chunks(), readSource(), found.contentCoding);
    const digest = hash.digest();
    if (isProven && isIntact(found.bytes, digest)) {
      reader.markUsed(found);
      return digest;
    }
    reader.drop(found);
    return undefined;
  }

  /**
   * As `recognise`, for what is too large to be held in memory.
   *
   * @param readSidecar - its content from the beginning
   * @throws what `readSidecar` and `readSource` throw
   */
  async recogniseChunks(
    found: Found,
    readSidecar: () => Iterable<Buffer>,
    readSource: () => Iterable<Buffer>,
  ): Promise<boolean> {
    const hash = createHash('sha256');
    for (const chunk of readSidecar()) hash.update(chunk);
    if (!isIntact(found.bytes, hash.digest())) return false;
    const isProven = await chunksAreVariantOf(readSidecar(), readSource(), found.contentCoding);
    if (isProven) this.#reader.markUsed(found);
    return isProven;
  }

  /**
   * Adds what became of an encode.
   *
   * @param digest - the SHA-256 of the variant, if there is one
   */
  add(
    codec: CodecSettings,
    source: DigestedSource,
    variant: NewVariant,
    digest: Buffer | undefined,
  ): void {
    if (this.#writer === undefined) return;
    const { contentCoding } = codec;
    const { encodeMs } = variant;
    const key = this.#keyOf(source, codec);
    const encodedBytes = 'whole' in variant ? variant.whole.length : variant.tooLargeBytes;
    const isKept = 'whole' in variant && isWorthKeeping(encodedBytes, source.size, this.#maxRatio);
    const entry = { key, contentCoding, isKept, encodedBytes, encodeMs };
    if (!isKept) this.#writer.add(entry);
    else if (digest !== undefined) this.#writer.add(entry, { encoded: variant.whole, digest });
  }

  /** Adds a large variant that was kept, from wherever it can be read. */
  addChunks(
    codec: CodecSettings,
    source: DigestedSource,
    variant: { readonly encodedBytes: number; readonly digest: Buffer; readonly encodeMs: number },
    chunks: Iterable<Buffer>,
  ): void {
    const { contentCoding } = codec;
    const { encodedBytes, digest, encodeMs } = variant;
    const key = this.#keyOf(source, codec);
    const entry = { key, contentCoding, isKept: true, encodedBytes, encodeMs };
    const found = this.#writer?.addChunks(entry, chunks, digest);
    if (found !== undefined) this.#added.set(key.toString('latin1'), found);
  }

  /**
   * Notes that a sidecar was written.
   *
   * @param relativePath - of the sidecar
   * @param digest - the SHA-256 of its bytes
   */
  noteWritten(relativePath: string, digest: Buffer): void {
    if (this.#historyPath !== undefined) this.#history.push(historyRecord(relativePath, digest));
  }

  /** Writes what was added and noted. */
  flush(): void {
    this.#writer?.flush();
    const records = this.#history;
    if (this.#historyPath === undefined || records.length === 0) return;
    this.#history = [];
    try {
      appendHistory(this.#historyPath, records);
    } catch (error) {
      this.#historyFailure = toFailure(error, 'write', this.#historyPath);
    }
  }

  /** The key of a variant: asked for when it is looked for, and mostly once more when it is added. */
  #keyOf(source: DigestedSource, codec: CodecSettings): Buffer {
    if (this.#lastKey?.digest !== source.digest || this.#lastKey.codec !== codec) {
      const key = keyOf(source.digest, codec, source.size);
      this.#lastKey = { digest: source.digest, codec, key };
    }
    return this.#lastKey.key;
  }

  #isPlausible(found: Found, { contentCoding }: CodecSettings, sourceBytes: number): boolean {
    if (found.contentCoding !== contentCoding) return false;
    if (found.isKept) return found.encodedBytes < sourceBytes;
    return found.encodedBytes <= 2 * sourceBytes + HEADER_BYTES && isIntact(found.bytes, NO_DIGEST);
  }
}
