// Owns the making of a source's variants when it is held in memory: from the cache where they are there,
// else encoded, once for each codec however often it is asked for; and the memory of the sources just
// encoded, so that their twins cost no second encode.
import type { Buffer } from 'node:buffer';
import { digestOf } from './cache/fingerprint.js';
import type { CachedVariant, VariantCache } from './cache/variant-cache.js';
import { encode } from './codec.js';
import type { CodecSettings } from './job.js';
import { probe } from './probe.js';

/** What a codec makes of a source: the variant, or just its size where that is too large to be kept. */
export type Encoded = (
  | {
      readonly whole: Buffer;
      /** SHA-256 of the variant, where there is a cache that asks for it. */
      readonly digest: Buffer | undefined;
    }
  | { readonly tooLargeBytes: number }
) & {
  /** What the encode took, in milliseconds. */
  readonly encodeMs: number;
  /** Whether it came from the cache, so that this time was saved. */
  readonly isCached: boolean;
};

/** A source's content and what was made of it so far. */
export class EncodedSource {
  readonly #encoded = new Map<CodecSettings, Encoded>();
  readonly #cache: VariantCache | undefined;
  #digest: Buffer | undefined;

  /** @param cache - where variants may be found, and are added */
  constructor(
    readonly content: Buffer,
    cache?: VariantCache,
  ) {
    this.#cache = cache;
  }

  /** @throws a RangeError when there is no memory for it */
  encode(codec: CodecSettings): Encoded {
    let encoded = this.#encoded.get(codec);
    if (encoded === undefined) {
      encoded = this.#fromCache(codec) ?? this.#encodeAnew(codec);
      this.#encoded.set(codec, encoded);
    }
    return encoded;
  }

  /**
   * Whether a sidecar is what the cache knows, proven like anything from there, so that the variant need
   * not be read from it.
   *
   * @param readSidecar - the content of the sidecar, if it has so many bytes
   * @returns what its encode took in milliseconds, and its size
   */
  recognise(
    codec: CodecSettings,
    readSidecar: (encodedBytes: number) => Buffer | undefined,
  ): { readonly encodeMs: number; readonly encodedBytes: number } | undefined {
    if (this.#cache === undefined || this.#encoded.has(codec)) return undefined;
    const source = { digest: this.#contentDigest(), size: this.content.length };
    return this.#cache.recognise(codec, source, this.content, readSidecar);
  }

  #fromCache(codec: CodecSettings): Encoded | undefined {
    const cached: CachedVariant | undefined = this.#cache?.find(
      codec,
      this.content,
      this.#contentDigest(),
    );
    return cached === undefined ? undefined : { ...cached, isCached: true };
  }

  #encodeAnew(codec: CodecSettings): Encoded {
    const { content } = this;
    const start = performance.now();
    const tooLargeBytes = probe(content, codec);
    const variant =
      tooLargeBytes === undefined ? { whole: encode(content, codec) } : { tooLargeBytes };
    const encodeMs = performance.now() - start;
    if (this.#cache === undefined) {
      return { ...variant, digest: undefined, encodeMs, isCached: false };
    }
    const digest = 'whole' in variant ? digestOf(variant.whole) : undefined;
    const source = { digest: this.#contentDigest(), size: content.length };
    this.#cache.add(codec, source, { ...variant, encodeMs }, digest);
    return { ...variant, digest, encodeMs, isCached: false };
  }

  #contentDigest(): Buffer {
    this.#digest ??= digestOf(this.content);
    return this.#digest;
  }
}

/** Bytes of content that are remembered besides the latest source: a batch of small ones. */
const REMEMBERED_BYTES = 64 * 1024;

/**
 * The sources of a batch that were encoded last and have the same size: the plan puts twins one behind
 * the other.
 */
export class RecentSources {
  readonly #recent: EncodedSource[] = [];
  readonly #cache: VariantCache | undefined;

  constructor(cache?: VariantCache) {
    this.#cache = cache;
  }

  /** What is known of this content: compared byte for byte, or new. */
  of(content: Buffer): EncodedSource {
    const known = this.#recent.find((source) => source.content.equals(content));
    if (known !== undefined) return known;
    const isSameSize = this.#recent[0]?.content.length === content.length;
    if (!isSameSize || this.#recent.length * content.length >= REMEMBERED_BYTES) {
      this.#recent.length = 0;
    }
    const source = new EncodedSource(content, this.#cache);
    this.#recent.push(source);
    return source;
  }
}
