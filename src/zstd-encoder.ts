// Owns the encoding with zstd, which not every Node has: whether this one does, and the settings that browsers
// are known to take. Knows no other content-coding.
import type { Buffer } from 'node:buffer';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

interface ZstdOptions {
  readonly params: Readonly<Record<number, number>>;
  readonly pledgedSrcSize: number;
}

/** The part of node:zlib that Node 20 does not have; it came with 22.15 and 23.8. */
interface ZstdEncoders {
  readonly zstdCompressSync?: (source: Uint8Array, options: ZstdOptions) => Buffer;
  readonly createZstdCompress?: (options: ZstdOptions) => Transform;
}

const { zstdCompressSync, createZstdCompress } = zlib as ZstdEncoders;

/** The numbers of zstd.h, which never change; the types of Node 20 know none of them. */
const COMPRESSION_LEVEL = 100;
const WINDOW_LOG = 101;
const CONTENT_SIZE_FLAG = 200;
const CHECKSUM_FLAG = 201;

/**
 * The most that the content-coding `zstd` allows is 8 MB (RFC 9659, section 3; the field is that of RFC 8878,
 * section 3.1.1.1.2): Chromium refuses what declares more. Levels 20 to 22 would take up to 128 MB. It is an
 * upper bound: the encoder takes no larger window than the source needs.
 */
const MAX_WINDOW_LOG = 23;

/** Whether this Node can encode with zstd. */
export const CAN_ENCODE_ZSTD = zstdCompressSync !== undefined && createZstdCompress !== undefined;

/** Encodes bytes in one go into one frame. */
export function encodeZstd(source: Uint8Array, level: number): Buffer {
  if (zstdCompressSync === undefined) throw new TypeError('this Node.js has no zstd');
  return zstdCompressSync(source, optionsOf(level, source.length));
}

/**
 * Encodes a source of just so many bytes that comes in chunks; to the byte what `encodeZstd` makes, but for an
 * empty block (3 bytes) behind a source that is a multiple of 128 KiB. Each chunk is to be written when the one
 * before is done: behind a last chunk that had to wait, Node (24) puts an empty frame.
 */
export function createZstdTransform(level: number, sourceBytes: number): Transform {
  if (createZstdCompress === undefined) throw new TypeError('this Node.js has no zstd');
  return createZstdCompress(optionsOf(level, sourceBytes));
}

/** All that can change a byte, as a text. */
export function zstdParameters(level: number): string {
  return `level ${level} window ${MAX_WINDOW_LOG} size yes checksum no`;
}

/**
 * The frame tells the size of its content, for which a stream has to be told it: a decoder then needs no more
 * memory than that. It has no checksum: this would cost 4 bytes in each file and time in each browser, which
 * does without one in brotli too; TLS and the disk watch over the bytes.
 *
 * Nothing else is set. On the demo's site, long-distance matching,
 * a longer target length or one chunk for all made no difference of 0.01 %, and other strategies or
 * lengths of matches larger variants.
 */
function optionsOf(level: number, sourceBytes: number): ZstdOptions {
  return {
    params: {
      [COMPRESSION_LEVEL]: level,
      [WINDOW_LOG]: MAX_WINDOW_LOG,
      [CONTENT_SIZE_FLAG]: 1,
      [CHECKSUM_FLAG]: 0,
    },
    pledgedSrcSize: sourceBytes,
  };
}
