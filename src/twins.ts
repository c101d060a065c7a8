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

/** What is looked at first: sources of one size often differ in their first bytes already. */
const HEAD_BYTES = 4096;

type Groups = readonly (readonly SourceFile[])[];

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
): Promise<Groups> {
  const alikeAtFirst = await groupByDigest(candidates, HEAD_BYTES, signal);
  return groupByDigest(alikeAtFirst.flat(), Infinity, signal);
}

/** Groups of sources of one size that are alike in their first bytes, or in all. */
async function groupByDigest(
  sources: readonly SourceFile[],
  upToBytes: number,
  signal: AbortSignal | undefined,
): Promise<Groups> {
  const groups = new Map<string, SourceFile[]>();
  const queue = sources.values();
  const lane = async (): Promise<void> => {
    for (const source of queue) {
      const digest = await digestOf(source.path, Math.min(source.size, upToBytes), signal);
      if (digest === undefined) continue;
      const key = `${source.size} ${digest}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [source]);
      else group.push(source);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_FILES }, lane));
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * The SHA-256 of the first bytes of a file, or `undefined` when they cannot be read, when there are not
 * so many any more, or when the signal says so.
 */
async function digestOf(
  path: string,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    // O_NONBLOCK: a FIFO may have taken its place since the scan, and open() must not wait for it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return undefined;
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(bytes, CHUNK_BYTES));
    for (let remaining = bytes; remaining > 0;) {
      if (signal?.aborted === true) return undefined;
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
