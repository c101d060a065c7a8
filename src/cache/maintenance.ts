// Owns what can be done to a cache besides using it: telling where it is and what is in it, pruning it,
// clearing it. Removes nothing but what a cache made.
import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../failure.js';
import { UsageError } from '../errors.js';
import { resolveOptions, type CompressOptions } from '../options.js';
import { historyFolder, isHistoryFile } from './history.js';
import { cacheFolder } from './location.js';
import { prune, recordsOf } from './prune.js';
import { isRealFolder, isSegmentFile, segmentFolder } from './segment.js';

/** What of the options is about the cache. */
export type CacheOptions = Pick<CompressOptions, 'cacheDir' | 'cacheMaxSize'>;

/** How large a cache is. */
export interface CacheSize {
  /** Its folder, absolute; nothing may be there. */
  readonly path: string;
  /** Bytes of all its files. */
  readonly bytes: number;
}

/** What is in a cache. */
export interface CacheStats extends CacheSize {
  /** Variants that were kept, and those that are known to be discarded. */
  readonly kept: number;
  readonly discarded: number;
  /** What the encodes of all of them took, in milliseconds of a thread. */
  readonly encodeMs: number;
}

/**
 * Where the cache is.
 *
 * @throws UsageError for an option that makes no sense
 */
export function cachePath(options: CacheOptions = {}): string {
  const { cacheDir } = resolveOptions(options);
  const path = cacheFolder(cacheDir);
  if (path !== undefined) return path;
  throw new UsageError(
    'cacheDir',
    cacheDir,
    'a folder: there is no home directory to put one into',
  );
}

/**
 * What is in the cache; a cache that is not there is empty.
 *
 * @throws UsageError as `cachePath` does; a system error when it cannot be read
 */
export function cacheStats(options: CacheOptions = {}): CacheStats {
  const path = cachePath(options);
  const bytes = filesOf(path).reduce((sum, file) => sum + sizeOf(file), 0);
  const stats = { kept: 0, discarded: 0, encodeMs: 0 };
  for (const { isKept, encodeMs } of recordsOf(segmentFolder(path))) {
    stats[isKept ? 'kept' : 'discarded'] += 1;
    stats.encodeMs += encodeMs;
  }
  return { path, bytes, ...stats };
}

/**
 * Brings the cache within `cacheMaxSize`, gathers what is left, and removes what killed runs left. Runs may
 * use it meanwhile.
 *
 * @returns what is in it then
 * @throws UsageError as `cachePath` does; a system error when it cannot be written
 */
export async function pruneCache(options: CacheOptions = {}): Promise<CacheStats> {
  const { cacheMaxSize } = resolveOptions(options);
  await prune(segmentFolder(cachePath(options)), { maxBytes: cacheMaxSize, isForced: true });
  return cacheStats(options);
}

/**
 * Empties the cache. With it goes the knowledge of what was written where: sidecars whose source is gone
 * later on are then unknown to `prune`.
 *
 * @returns how large it was
 * @throws UsageError as `cachePath` does; a system error when a file cannot be removed
 */
export function clearCache(options: CacheOptions = {}): CacheSize {
  const path = cachePath(options);
  const files = filesOf(path);
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  for (const file of files) {
    try {
      unlinkSync(file);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  return { path, bytes };
}

/** The files that a cache made, by their names: its folder may be anyone's. */
function filesOf(path: string): string[] {
  const of = (folder: string, isOurs: (name: string) => boolean): string[] =>
    (isRealFolder(folder) ? namesIn(folder) : []).filter(isOurs).map((name) => join(folder, name));
  return [...of(segmentFolder(path), isSegmentFile), ...of(historyFolder(path), isHistoryFile)];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
