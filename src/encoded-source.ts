// Owns the encoding of a source that is held in memory, once for each codec however often it is asked
// for, and the memory of the sources just encoded, so that their twins cost no second encode.
import type { Buffer } from 'node:buffer';
import { encode } from './codec.js';
import type { CodecSettings } from './job.js';
import { probe } from './probe.js';

/** What a codec made of a source: the variant, or just its size where that is too large to be kept. */
export type Encoded = { readonly whole: Buffer } | { readonly tooLargeBytes: number };

/** A source's content and what was made of it so far. */
export class EncodedSource {
  readonly #encoded = new Map<CodecSettings, Encoded>();

  constructor(readonly content: Buffer) {}

  /** @throws a RangeError when there is no memory for it */
  encode(codec: CodecSettings): Encoded {
    let encoded = this.#encoded.get(codec);
    if (encoded === undefined) {
      const tooLargeBytes = probe(this.content, codec);
      encoded =
        tooLargeBytes === undefined ? { whole: encode(this.content, codec) } : { tooLargeBytes };
      this.#encoded.set(codec, encoded);
    }
    return encoded;
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

  /** What is known of this content: compared byte for byte, or new. */
  of(content: Buffer): EncodedSource {
    const known = this.#recent.find((source) => source.content.equals(content));
    if (known !== undefined) return known;
    const isSameSize = this.#recent[0]?.content.length === content.length;
    if (!isSameSize || this.#recent.length * content.length >= REMEMBERED_BYTES) {
      this.#recent.length = 0;
    }
    const source = new EncodedSource(content);
    this.#recent.push(source);
    return source;
  }
}
