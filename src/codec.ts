// Owns the encoding of bytes, at once or in chunks, and the settings that make equal bytes everywhere.
// With decoder.ts and zstd-encoder.ts the only user of node:zlib. Knows nothing of files, and does not judge
// what comes out.
import type { Buffer } from 'node:buffer';
import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzipSync,
  type ZlibOptions,
} from 'node:zlib';
import { GZIP_OS_OFFSET, GZIP_OS_UNKNOWN } from './gzip-member.js';
import type { CodecSettings } from './job.js';
import { createZstdTransform, encodeZstd, zstdParameters } from './zstd-encoder.js';

/**
 * Encodes bytes in one go, on the calling thread, which cannot be interrupted meanwhile.
 *
 * gzip variants are one member with mtime 0, no name and the operating system unknown (RFC 1952);
 * brotli variants one stream (RFC 7932), zstd variants one frame (RFC 8878). Equal bytes and settings
 * give equal variants within one build of the codec.
 */
export function encode(source: Uint8Array, settings: CodecSettings): Buffer {
  switch (settings.contentCoding) {
    case 'gzip': {
      const encoded = gzipSync(source, gzipOptions(settings, source.length));
      encoded[GZIP_OS_OFFSET] = GZIP_OS_UNKNOWN;
      return encoded;
    }
    case 'br':
      return brotliCompressSync(source, { params: brotliParams(settings, source.length) });
    case 'zstd':
      return encodeZstd(source, settings.level);
  }
}

/**
 * Everything of the settings that can change a byte of the variant of a source of this size, as a text:
 * the same settings mean other windows and memory for other sizes, and another release may choose
 * others. The size hint is missing because it is the size.
 */
export function encodingParameters(settings: CodecSettings, sourceBytes: number): string {
  switch (settings.contentCoding) {
    case 'gzip': {
      const {
        level,
        windowBits = 'default',
        memLevel = 'default',
      } = gzipOptions(settings, sourceBytes);
      return `level ${level} window ${windowBits} memory ${memLevel} os ${GZIP_OS_UNKNOWN}`;
    }
    case 'br': {
      const { window, block } = brotliRow(settings, sourceBytes);
      return `quality ${settings.quality} window ${window} block ${block}`;
    }
    case 'zstd':
      return zstdParameters(settings.level);
  }
}

/**
 * How large brotli makes a slice of some KiB, in a hundredth of the time of quality 11: at window 16
 * quality 9 chooses small hash tables (16 KiB: 0.16 ms, against 6.1 at window 18). Below quality 9 the encoder soon
 * skips through what looks random: of records of 512 bytes that have but the first 8 in common,
 * quality 5 sees nothing, and 11 saves 1.3 %.
 */
export function encodedSliceBytes(slice: Uint8Array): number {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 16,
    [constants.BROTLI_PARAM_SIZE_HINT]: slice.length,
  };
  return brotliCompressSync(slice, { params }).length;
}

/**
 * Encodes a source that comes in chunks, off the calling thread (on libuv's pool). The bytes are the
 * same as those of `encode`, but for gzip at level 0 and brotli below quality 2, which divide a source
 * by the chunks in which it comes, and for 3 bytes of zstd (see zstd-encoder.ts).
 */
export class StreamEncoder {
  readonly #transform: Transform;
  #isFirstChunk = true;

  /**
   * @param sourceBytes - how long the source is
   * @param accept - given each encoded chunk as it comes; must not throw
   */
  constructor(settings: CodecSettings, sourceBytes: number, accept: (encoded: Buffer) => void) {
    this.#transform = createTransform(settings, sourceBytes);
    this.#transform.on('data', (encoded: Buffer) => {
      if (this.#isFirstChunk && settings.contentCoding === 'gzip') {
        // zlib hands out its whole 10-byte header at once, in front of the first block.
        encoded[GZIP_OS_OFFSET] = GZIP_OS_UNKNOWN;
      }
      this.#isFirstChunk = false;
      accept(encoded);
    });
    // Whoever awaits write() or end() is told of it; without a listener it would end the thread.
    this.#transform.on('error', () => undefined);
  }

  /** Encodes one chunk and settles when the codec is done with it. The chunk must not change. */
  write(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#transform.write(chunk, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /**
   * Encodes the last chunk and settles when the last encoded bytes were accepted. To end behind the
   * last chunk instead of with it would cost brotli an empty block more.
   */
  async end(lastChunk: Uint8Array): Promise<void> {
    this.#transform.end(lastChunk);
    await finished(this.#transform);
  }

  /** Gives up: frees the codec's memory and accepts nothing more. */
  destroy(): void {
    this.#transform.destroy();
  }
}

function createTransform(settings: CodecSettings, sourceBytes: number): Transform {
  switch (settings.contentCoding) {
    case 'gzip':
      return createGzip(gzipOptions(settings, sourceBytes));
    case 'br':
      return createBrotliCompress({ params: brotliParams(settings, sourceBytes) });
    case 'zstd':
      return createZstdTransform(settings.level, sourceBytes);
  }
}

/**
 * Up to here a window of 4 KiB sees as far back as one of 32 KiB does: zlib looks no further than 262
 * bytes less than the window.
 */
const TINY_GZIP_BYTES = 4096 - 262;

/**
 * A tiny source gets the memory that it needs: to the byte the same variant in half of the time, of
 * which zlib otherwise spends most on the allocation of 268 KB (300 bytes: 10 against 24 µs).
 */
function gzipOptions(
  { level }: Extract<CodecSettings, { contentCoding: 'gzip' }>,
  sourceBytes: number,
): ZlibOptions & { readonly level: number } {
  return sourceBytes > TINY_GZIP_BYTES ? { level } : { level, windowBits: 12, memLevel: 6 };
}

/** The most that the encoder itself makes of a size. */
const MAX_SIZE_HINT = 2 ** 30;

interface BrotliRow {
  readonly upToBytes: number;
  readonly window: number;
  readonly block?: number;
  readonly fromQuality?: number;
}

/**
 * Brotli's window and block by the size of the source, both as powers of two; the first row that is
 * large enough holds. A window smaller than the source loses bytes, and 24 is the largest that the
 * content-coding `br` knows (RFC 7932, 9.1): the encoder sees 16 bytes less than the window back.
 *
 * Chosen by measuring (bench/results/grid.md, against the defaults: window 22, block 18), at quality 11:
 * - window 16 for small sources: −0.07 % and 3 % less CPU, since the header of a larger one takes more
 *   bits; that of 10 to 15 takes the most, +0.07 %. Below quality 10 it would have the encoder choose
 *   other hash tables, with which a list of numbers came out 78 % larger (quality 7);
 * - block 16 above 256 KiB: −0.05 %; below that +0.2 %;
 * - window 24 above 8 MiB, 23 above 4: −0.8 % of the benchmark's four large sources, most of it of the
 *   largest; block 17: −0.07 %.
 * At quality 5 and 9 the choice is as good or better. Font and text mode, other distance parameters and
 * larger blocks made no difference, or larger variants.
 */
const BROTLI_WINDOWS: readonly BrotliRow[] = [
  { upToBytes: 2 ** 16 - 16, window: 16, fromQuality: 10 },
  { upToBytes: 2 ** 18 - 16, window: 18 },
  { upToBytes: 2 ** 20 - 16, window: 20, block: 16 },
  { upToBytes: 2 ** 21 - 16, window: 21, block: 16 },
  { upToBytes: 2 ** 22 - 16, window: 22, block: 16 },
  { upToBytes: 2 ** 23 - 16, window: 23, block: 17 },
];

/** For all that are larger. */
const LARGEST_BROTLI_WINDOW = { window: 24, block: 17 };

/** Of the block. */
const ENCODERS_CHOICE = 0;

/**
 * Without a size hint the encoder takes the length of the first chunk for the size, and below quality
 * 10 chooses its hash table by that: a stream would encode to other bytes than the same source at once.
 */
function brotliParams(
  settings: Extract<CodecSettings, { contentCoding: 'br' }>,
  sourceBytes: number,
): Record<number, number> {
  const { window, block } = brotliRow(settings, sourceBytes);
  return {
    [constants.BROTLI_PARAM_QUALITY]: settings.quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: Math.min(sourceBytes, MAX_SIZE_HINT),
    [constants.BROTLI_PARAM_LGWIN]: window,
    [constants.BROTLI_PARAM_LGBLOCK]: block,
  };
}

function brotliRow(
  { quality }: Extract<CodecSettings, { contentCoding: 'br' }>,
  sourceBytes: number,
): Required<Pick<BrotliRow, 'window' | 'block'>> {
  const { window, block = ENCODERS_CHOICE } =
    BROTLI_WINDOWS.find(
      ({ upToBytes, fromQuality = 0 }) => sourceBytes <= upToBytes && quality >= fromQuality,
    ) ?? LARGEST_BROTLI_WINDOW;
  return { window, block };
}
