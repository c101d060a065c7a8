// Owns the proof that encoded bytes decode to a source, bounded by that source: whatever they claim to
// hold, no more is decoded than it has bytes. Knows nothing of files.
import type { Buffer } from 'node:buffer';
import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import type { ContentCoding } from './content-coding.js';
import {
  beginsLikeGzipVariant,
  GZIP_HEADER_BYTES,
  GZIP_TRAILER_BYTES,
  GzipMember,
  gzipTrailer,
} from './gzip-member.js';

/** What the decoders of node:zlib answer with the option `info`. */
interface Decoded {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the encoded bytes that the decoder took. */
  readonly engine: { readonly bytesWritten: number };
}

interface DecodeOptions {
  readonly chunkSize: number;
  readonly maxOutputLength: number;
  readonly info: true;
}

type DecodeSync = (encoded: Uint8Array, options: DecodeOptions) => unknown;

/** The part of node:zlib that Node 20 does not have; it came with 22.15 and 23.8. */
interface ZstdDecoders {
  readonly zstdDecompressSync?: DecodeSync;
  readonly createZstdDecompress?: () => Transform;
}

const { zstdDecompressSync, createZstdDecompress } = zlib as ZstdDecoders;

const DECODE_SYNC: Readonly<Record<ContentCoding, DecodeSync | undefined>> = {
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: zstdDecompressSync,
};

const CREATE_DECODER: Readonly<Record<ContentCoding, (() => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  zstd: createZstdDecompress,
};

/** The types of Node 20 do not know it, which came with 20.15 and 22.2. */
const { crc32 } = zlib as unknown as { crc32: (bytes: Uint8Array, before?: number) => number };

/** The smallest chunk that node:zlib takes. */
const LEAST_CHUNK_BYTES = 64;

/** Whether this Node can decode a content-coding: zstd from 22.15 and 23.8 on. */
export function canDecode(contentCoding: ContentCoding): boolean {
  return DECODE_SYNC[contentCoding] !== undefined;
}

/**
 * Whether encoded bytes decode to just these source bytes, with nothing left over on either side: bytes
 * behind the end of a stream, which some decoders pass over and others refuse, are no proof. Several
 * gzip members one behind the other are (RFC 1952, 2.2).
 */
export function decodesTo(
  encoded: Uint8Array,
  source: Buffer,
  contentCoding: ContentCoding,
): boolean {
  const decode = DECODE_SYNC[contentCoding];
  return decode !== undefined && decodes(decode, encoded, source);
}

function decodes(decode: DecodeSync, encoded: Uint8Array, source: Buffer): boolean {
  try {
    const { buffer, engine } = decode(encoded, {
      // One byte more than is right: the whole comes in one chunk, and what is too long shows in it.
      chunkSize: Math.max(source.length + 1, LEAST_CHUNK_BYTES),
      maxOutputLength: Math.max(source.length, 1),
      info: true,
    }) as Decoded;
    return engine.bytesWritten === encoded.length && buffer.equals(source);
  } catch (error) {
    // Whatever is wrong with the bytes has a code of its decoder's; memory may be short, too.
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return false;
    throw error;
  }
}

/**
 * Whether encoded bytes are such as `encode` makes of a source: they decode to it, and gzip comes as one
 * member without a name. Several members are as right by RFC 1952, but a browser may stop behind the
 * first.
 */
export function isVariantOf(
  encoded: Buffer,
  source: Buffer,
  contentCoding: ContentCoding,
): boolean {
  if (contentCoding !== 'gzip') return decodesTo(encoded, source, contentCoding);
  if (!beginsLikeGzipVariant(encoded)) return false;
  const end = encoded.length - GZIP_TRAILER_BYTES;
  if (end < GZIP_HEADER_BYTES) return false;
  const trailer = gzipTrailer(crc32(source), source.length);
  if (!encoded.subarray(end).equals(trailer)) return false;
  return decodes(zlib.inflateRawSync, encoded.subarray(GZIP_HEADER_BYTES, end), source);
}

/**
 * As `decodesTo`, for what is too large to be held whole. Memory is bounded by the chunks.
 *
 * @param encoded - the encoded bytes in chunks; a chunk may be changed once the next is asked for
 * @param source - the source in chunks, likewise
 * @throws what the iterables throw
 */
export async function chunksDecodeTo(
  encoded: Iterable<Uint8Array>,
  source: Iterable<Buffer>,
  contentCoding: ContentCoding,
): Promise<boolean> {
  const decoder = CREATE_DECODER[contentCoding]?.();
  return decoder !== undefined && (await streamDecodes(decoder, encoded, source));
}

/**
 * As `isVariantOf`, for what is too large to be held whole.
 *
 * @throws what the iterables throw
 */
export async function chunksAreVariantOf(
  encoded: Iterable<Buffer>,
  source: Iterable<Buffer>,
  contentCoding: ContentCoding,
): Promise<boolean> {
  if (contentCoding !== 'gzip') return chunksDecodeTo(encoded, source, contentCoding);
  const member = new GzipMember(encoded);
  let crc = 0;
  let sourceBytes = 0;
  const counted = function* (): Generator<Buffer> {
    for (const chunk of source) {
      crc = crc32(chunk, crc);
      sourceBytes += chunk.length;
      yield chunk;
    }
  };
  const isDecoded = await streamDecodes(zlib.createInflateRaw(), member.body(), counted());
  return isDecoded && member.isWhole(gzipTrailer(crc, sourceBytes));
}

async function streamDecodes(
  decoder: Transform,
  encoded: Iterable<Uint8Array>,
  source: Iterable<Buffer>,
): Promise<boolean> {
  const expected = new ExpectedBytes(source);
  let encodedBytes = 0;
  let failure: unknown;
  decoder.on('data', (decoded: Buffer) => {
    try {
      if (!expected.accept(decoded)) decoder.destroy();
    } catch (error) {
      failure = error;
      decoder.destroy();
    }
  });
  try {
    for (const chunk of encoded) {
      encodedBytes += chunk.length;
      if (!(await write(decoder, chunk))) break;
    }
    if (!decoder.destroyed) {
      decoder.end();
      await finished(decoder);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return false;
  } finally {
    decoder.destroy();
  }
  if (failure !== undefined) throw failure as Error;
  const { bytesWritten } = decoder as unknown as Decoded['engine'];
  return bytesWritten === encodedBytes && expected.isDone();
}

/** Settles when the decoder has taken the chunk: with false when it wants no more. */
function write(decoder: Transform, chunk: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (decoder.destroyed) {
      resolve(false);
      return;
    }
    const done = (): void => {
      decoder.off('close', done);
      resolve(!decoder.destroyed);
    };
    decoder.once('close', done);
    decoder.once('error', done);
    decoder.write(chunk, () => {
      decoder.off('error', done);
      done();
    });
  });
}

/** Compares bytes that come in chunks with those of an iterable, whose chunks have other borders. */
class ExpectedBytes {
  readonly #chunks: Iterator<Buffer>;
  #chunk: Buffer | undefined;
  #hasDiffered = false;

  constructor(chunks: Iterable<Buffer>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** @returns whether all was as expected so far */
  accept(actual: Buffer): boolean {
    for (let offset = 0; offset < actual.length && !this.#hasDiffered;) {
      const chunk = this.#next();
      if (chunk === undefined) return this.#differ();
      const length = Math.min(chunk.length, actual.length - offset);
      if (chunk.compare(actual, offset, offset + length, 0, length) !== 0) return this.#differ();
      this.#chunk = chunk.subarray(length);
      offset += length;
    }
    return !this.#hasDiffered;
  }

  /** Whether all that was expected has come, and nothing else. */
  isDone(): boolean {
    return !this.#hasDiffered && this.#next() === undefined;
  }

  #differ(): false {
    this.#hasDiffered = true;
    return false;
  }

  #next(): Buffer | undefined {
    while (this.#chunk === undefined || this.#chunk.length === 0) {
      const next = this.#chunks.next();
      if (next.done === true) return undefined;
      this.#chunk = next.value;
    }
    return this.#chunk;
  }
}
