// Owns the question how many files this process may yet open, and how many threads they are enough for.
// Knows nothing of what the threads do.
import { readdirSync, readFileSync } from 'node:fs';

/** What the process opens beside its threads, such as its modules, rather high than low. */
const BARE_PROCESS_FILES = 16;

/**
 * What a thread has open at most: 6 of its event loop, as counted on Node 20 and 22, a source, and for each
 * content-coding a sidecar or a temporary one.
 */
const FILES_OF_THREAD = 10;

/** Files that may yet be opened; `Infinity` where that cannot be told: elsewhere than on Linux. */
export function openableFiles(): number {
  try {
    const [, limit] =
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? Infinity : Number(limit) - readdirSync('/proc/self/fd').length;
  } catch {
    return Infinity;
  }
}

/**
 * How many of these threads there are files for, at least one. Where a thread finds none left while it starts,
 * Node.js may end the whole process without a word (SIGABRT).
 */
export function threadsWithinFiles(threads: number, openable: number): number {
  const affordable = Math.floor((openable - BARE_PROCESS_FILES) / FILES_OF_THREAD);
  return Math.max(1, Math.min(threads, affordable));
}
