// Owns what encoding takes of memory: how much a source does, and how much a run may, so that memory is
// bounded however large the files are and however many cores there are. Pure.
import type { CodecSettings } from './job.js';

const MIB = 1024 * 1024;

/**
 * Sources above this are streamed. At once takes up to 15 % less CPU, but some 1.3 bytes of memory for
 * each of the source's on every thread: 411 MB for 256 MB, where a stream takes 112 MB whatever the
 * size (brotli quality 5). Up to 32 MB a stream saves no memory: 191 against 167 MB (quality 11).
 */
export const STREAM_ABOVE_BYTES = 32 * MIB;

/** From this quality on, brotli keeps a tree of the whole window. */
const TREE_QUALITY = 10;

/** The largest windows, which the memory of an encoder grows with. */
const MAX_BROTLI_WINDOW_BYTES = 16 * MIB;
const MAX_ZSTD_WINDOW_BYTES = 8 * MIB;

/** From this level on, zstd keeps a tree of the whole window. */
const ZSTD_TREE_LEVEL = 13;

/**
 * An estimate, rather high than low, of the bytes of memory that a thread takes for a source: for the
 * encoder, and for the source and its variants where they are held whole. Measured of the encoder at
 * quality 11: 4 MB for 64 KiB, 16 for 1 MiB, 45 for 4, 70 for 8, 148 for 16 and 157 for 27 MiB; at
 * quality 9 a third of that. Of zstd at level 22: 2 MB for 64 KiB, 18 for 1 MiB, 70 for 4, 138 for 8 and 147 for
 * 40; level 19 took 53 and 100 for 4 and 8, level 12 45 and 59 for 4 and 40.
 *
 * The encoders of a source that is held whole work one after the other, those of a streamed one together.
 */
export function encodeMemoryBytes(sourceBytes: number, codecs: readonly CodecSettings[]): number {
  const encoders = codecs.map((codec) => encoderBytes(sourceBytes, codec));
  return sourceBytes > STREAM_ABOVE_BYTES
    ? 12 * MIB + encoders.reduce((sum, bytes) => sum + bytes, 0)
    : 12 * MIB + Math.max(...encoders) + 2 * sourceBytes;
}

function encoderBytes(sourceBytes: number, codec: CodecSettings): number {
  switch (codec.contentCoding) {
    case 'gzip':
      // Its own memory is nothing beside that of its output in pieces, which a stream hands on.
      return sourceBytes > STREAM_ABOVE_BYTES ? 0 : 3 * Math.min(sourceBytes, 16 * MIB);
    case 'br': {
      const windowBytes = Math.min(sourceBytes, MAX_BROTLI_WINDOW_BYTES);
      return (codec.quality >= TREE_QUALITY ? 9 : 3) * windowBytes;
    }
    case 'zstd': {
      const windowBytes = Math.min(sourceBytes, MAX_ZSTD_WINDOW_BYTES);
      return (codec.level >= ZSTD_TREE_LEVEL ? 19 : 12) * windowBytes;
    }
  }
}

/** What the process takes beside its worker threads and their encodes, at least. */
const BARE_PROCESS_BYTES = 64 * MIB;

/**
 * What a thread takes beside its encodes, rather high than low: 14 MB were measured on Node 20, and 19 on
 * Node 24.
 */
const BARE_THREAD_BYTES = 24 * MIB;

/** What is to be left for the encodes of each thread, where memory is short: enough for a small file. */
const SMALL_ENCODE_BYTES = 8 * MIB;

/** What a thread may take in the mean, when there are many: as much as a source of 4 MiB needs. */
const BUDGET_OF_THREAD_BYTES = 64 * MIB;

/** What a run may take in any case: the largest source, and a small one beside it. */
const LEAST_BUDGET_BYTES = 256 * MIB;

/** Of the memory that a process may use: what it may take without asking, and what it never takes. */
const MODEST_SHARE = 1 / 8;
const LARGEST_SHARE = 1 / 2;

/**
 * What all encodes of a run together may take: the most of 256 MiB, 64 MiB a thread and an eighth of the
 * memory that this process may use, and never more than half of that, nor than what the process and its
 * threads leave. A source that needs more than the whole budget is encoded alone.
 */
export function memoryBudgetBytes(threads: number, usableBytes: number): number {
  const wanted = Math.max(
    LEAST_BUDGET_BYTES,
    threads * BUDGET_OF_THREAD_BYTES,
    usableBytes * MODEST_SHARE,
  );
  const leftBytes = usableBytes - BARE_PROCESS_BYTES - threads * BARE_THREAD_BYTES;
  return Math.max(1, Math.min(wanted, usableBytes * LARGEST_SHARE, leftBytes));
}

/**
 * How many of these threads there is memory for, at least one: a container of 128 MB on a machine of many
 * cores would otherwise be ended by the system before its first encode.
 */
export function threadsWithinMemory(threads: number, usableBytes: number): number {
  const affordable = Math.floor(
    (usableBytes - BARE_PROCESS_BYTES) / (BARE_THREAD_BYTES + SMALL_ENCODE_BYTES),
  );
  return Math.max(1, Math.min(threads, affordable));
}
