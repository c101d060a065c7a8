// Owns the form of a gzip member (RFC 1952): its header as variants have it, its trailer, and the taking
// apart of one that comes in chunks. Decodes nothing.
import { Buffer } from 'node:buffer';

/** Where the header of a gzip member names the operating system that made it (RFC 1952, 2.3.1). */
export const GZIP_OS_OFFSET = 9;

/** "Unknown". zlib writes 3, 10 or 19 by platform; with this, every platform makes the same bytes. */
export const GZIP_OS_UNKNOWN = 255;

/** Bytes of what stands in front of a gzip member that has no name, and behind it (RFC 1952, 2.3). */
export const GZIP_HEADER_BYTES = 10;
export const GZIP_TRAILER_BYTES = 8;

/**
 * Whether bytes begin like a gzip variant of `encode`: no flags and so no name, mtime 0, operating system
 * unknown (RFC 1952, 2.3). Of a file that `gzip` itself has made, none of these holds.
 */
export function beginsLikeGzipVariant(bytes: Uint8Array): boolean {
  const flagsAndTime = bytes.subarray(3, 8);
  return (
    bytes[0] === 0x1f &&
    bytes[1] === 0x8b &&
    bytes[2] === 8 &&
    flagsAndTime.length === 5 &&
    flagsAndTime.every((byte) => byte === 0) &&
    bytes[GZIP_OS_OFFSET] === GZIP_OS_UNKNOWN
  );
}

/** What stands behind the bytes of a gzip member: CRC-32 and size of the source (RFC 1952, 2.3.1). */
export function gzipTrailer(crc: number, sourceBytes: number): Buffer {
  const trailer = Buffer.alloc(GZIP_TRAILER_BYTES);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(sourceBytes % 2 ** 32, 4);
  return trailer;
}

/** A gzip member that comes in chunks, taken apart. */
export class GzipMember {
  readonly #chunks: Iterable<Buffer>;
  #hasHeader = false;
  #trailer: Buffer = Buffer.alloc(0);

  constructor(chunks: Iterable<Buffer>) {
    this.#chunks = chunks;
  }

  /** What stands between header and trailer. */
  *body(): Generator<Buffer> {
    let kept: Buffer = Buffer.alloc(0);
    for (const chunk of this.#chunks) {
      kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      if (!this.#hasHeader) {
        if (kept.length < GZIP_HEADER_BYTES) continue;
        if (!beginsLikeGzipVariant(kept)) return;
        this.#hasHeader = true;
        kept = kept.subarray(GZIP_HEADER_BYTES);
      }
      const end = Math.max(kept.length - GZIP_TRAILER_BYTES, 0);
      yield kept.subarray(0, end);
      // Copied: the chunk may be changed once the next is asked for.
      kept = Buffer.from(kept.subarray(end));
    }
    this.#trailer = kept;
  }

  /** Whether it was read to its end, and that is as it should be. */
  isWhole(trailer: Buffer): boolean {
    return this.#hasHeader && this.#trailer.equals(trailer);
  }
}
