// Owns the judgement of a sidecar that is there: whether what stands at its name decodes to the source.
// Writes nothing. Links are followed, as servers do: what counts is what would be sent.
import { Buffer } from 'node:buffer';
import { type BigIntStats, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ContentCoding } from './content-coding.js';
import { canDecode, chunksDecodeTo, decodesTo } from './decoder.js';
import { attempt } from './failure.js';
import { STREAM_ABOVE_BYTES } from './memory.js';
import { closeRead } from './close-read.js';

/** A source to be compared with. */
export interface SourceContent {
  readonly size: number;
  /** The whole, where it is held in memory. */
  readonly whole: Buffer | undefined;
  /** Its bytes from the beginning. */
  readonly readChunks: () => Iterable<Buffer>;
}

/** What a sidecar is found to be. */
export interface Verification {
  /**
   * `absent`: no file stands there. `unverifiable`: this Node has no decoder for its content-coding.
   */
  readonly verdict: 'valid' | 'stale' | 'absent' | 'unverifiable';
  /** Its size; 0 when there is none. */
  readonly encodedBytes: number;
  /** How the file was that was read; of a link, the one that it leads to. */
  readonly state: BigIntStats | undefined;
}

const ABSENT: Verification = { verdict: 'absent', encodedBytes: 0, state: undefined };

/** Read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** O_NONBLOCK: a FIFO is not waited for. Undefined on Windows, which counts as 0 here. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Judges the file at the name of a sidecar. It is read as far as it decodes to the source, and never held
 * in memory beyond `STREAM_ABOVE_BYTES`.
 *
 * @throws FileFailed when it cannot be read; what reading the source throws
 */
export async function verifySidecar(
  path: string,
  contentCoding: ContentCoding,
  source: SourceContent,
): Promise<Verification> {
  const fd = attempt('open', path, () => openIfThere(path));
  if (fd === undefined) return ABSENT;
  try {
    const state = attempt('stat', path, () => fstatSync(fd, { bigint: true }));
    const encodedBytes = Number(state.size);
    if (!state.isFile()) return ABSENT;
    if (!canDecode(contentCoding)) return { verdict: 'unverifiable', encodedBytes, state };
    const isValid =
      source.whole !== undefined && encodedBytes <= STREAM_ABOVE_BYTES
        ? decodesTo(readWhole(fd, encodedBytes, path), source.whole, contentCoding)
        : await chunksDecodeTo(readChunks(fd, path), source.readChunks(), contentCoding);
    return { verdict: isValid ? 'valid' : 'stale', encodedBytes, state };
  } finally {
    closeRead(fd);
  }
}

/**
 * The content of a file, in chunks.
 *
 * @throws FileFailed when it cannot be read
 */
export function* readFileChunks(path: string): Generator<Buffer> {
  const fd = attempt('open', path, () => openSync(path, READ_FLAGS));
  try {
    yield* readChunks(fd, path);
  } finally {
    closeRead(fd);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    // Not opened to find out: that alone starts a watchdog, rewinds a tape, or frees a FIFO's writer,
    // and a link to one is as good.
    if (!statSync(path).isFile()) return undefined;
    return openSync(path, READ_FLAGS);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Nothing there, a link to nowhere, or what cannot be opened as a file: a socket. */
function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO' || code === 'ENOTDIR';
}

function readWhole(fd: number, bytes: number, path: string): Buffer {
  const buffer = attempt('read', path, () => Buffer.allocUnsafeSlow(bytes));
  return buffer.subarray(0, readUpTo(fd, buffer, path));
}

function* readChunks(fd: number, path: string): Generator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const count = readUpTo(fd, chunk, path);
    if (count > 0) yield chunk.subarray(0, count);
    if (count < chunk.length) return;
  }
}

/** Fills a buffer as far as there is something to read. */
function readUpTo(fd: number, into: Buffer, path: string): number {
  let filled = 0;
  while (filled < into.length) {
    const count = attempt('read', path, () =>
      readSync(fd, into, filled, into.length - filled, null),
    );
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
