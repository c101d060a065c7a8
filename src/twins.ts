// Owns the finding of twins: sources that hold the same bytes, as an app.js and its app.0123abcd.js do.
// One thread then encodes them once, and compares them byte for byte: what is found here only says
// what is worth a try. Judges no source; one that cannot be read is left to whoever compresses it.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SourceFile } from './findings.js';

/** Read at a time: to hash it takes the main thread a millisecond. */
const CHUNK_BYTES = 1024 * 1024;

/** Files read at once: as many as libuv has threads for it. */
const CONCURRENT_FILES = 4;

/**
 * Finds the twins among sources.
 *
 * @param candidates - sources that others equal in size
 * @param signal - ends the search; what was found so far is returned
 * @returns groups of two or more sources that hold the same bytes
 */
export async function findTwins(
  candidates: readonly SourceFile[],
  signal: AbortSignal | undefined,
): Promise<readonly (readonly SourceFile[])[]> {
  const groups = new Map<string, SourceFile[]>();
  const queue = candidates.values();
  const lane = async (): Promise<void> => {
    for (const source of queue) {
      if (signal?.aborted === true) return;
      const digest = await digestOf(source);
      if (digest === undefined) continue;
      const group = groups.get(digest);
      if (group === undefined) groups.set(digest, [source]);
      else group.push(source);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_FILES }, lane));
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The SHA-256 of a file, or `undefined` when it cannot be read or is no longer what was found. */
async function digestOf({ path, size }: SourceFile): Promise<string | undefined> {
  try {
    // O_NONBLOCK: a FIFO may have taken its place since the scan, and open() must not wait for it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return undefined;
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
    for (let remaining = size; remaining > 0;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(remaining, buffer.length));
      if (bytesRead === 0) return undefined;
      hash.update(buffer.subarray(0, bytesRead));
      remaining -= bytesRead;
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
