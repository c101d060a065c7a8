// Owns the first stage of a run or a check: its options turned into the rules of a scan, and the scan.
import { join } from 'node:path';
import { FORMAT_FOLDER } from './cache/segment.js';
import { UsageError } from './errors.js';
import type { ResolvedOptions } from './options.js';
import { throwIfAborted } from './run-plan.js';
import type { ScannedRoot, ScanOptions } from './scan.js';
import { createSelector } from './select.js';
import { parseShard, shardOf } from './shard.js';

/**
 * Scans by the rules of a run, and tells when that is done.
 *
 * @param cache - where the cache is, which is passed over
 * @param startMs - when the run began, as `performance.now()` counts
 * @throws RootError, or AbortError when the signal says so
 */
export async function scanTree(
  scan: (options: ScanOptions) => Promise<ScannedRoot>,
  options: ResolvedOptions,
  cache: string | undefined,
  startMs: number,
): Promise<ScannedRoot> {
  const { signal, follow, onEvent } = options;
  throwIfAborted(signal);
  const skip = createSelector(options);
  const ignoredFolder = cache === undefined ? undefined : join(cache, FORMAT_FOLDER);
  const found = await scan({ follow, skip, signal, ignoredFolder });
  const shard = parseShard(options.shard ?? '');
  const scanned = shard === undefined ? found : shardOf(found, shard);
  throwIfAborted(signal);
  const durationMs = performance.now() - startMs;
  onEvent?.({ type: 'scanned', sources: scanned.sources.length, durationMs });
  return scanned;
}

/**
 * Callers without types may hand in anything; a NUL can stand in no path.
 *
 * @throws UsageError
 */
export function checkPath(option: string, path: unknown): string {
  if (typeof path === 'string' && !path.includes('\0')) return path;
  throw new UsageError(option, path, 'a path');
}

/**
 * The same of a list of paths.
 *
 * @throws UsageError
 */
export function checkPaths(paths: unknown): string[] {
  if (!Array.isArray(paths)) throw new UsageError('paths', paths, 'a list of paths');
  return Array.from(paths, (path) => checkPath('paths', path));
}

/**
 * The root of a list of files, and the options of any run.
 *
 * @throws UsageError
 */
export function splitFilesOptions<Options extends { readonly root?: string }>(
  options: Options,
): { readonly root: string | undefined; readonly others: Omit<Options, 'root'> } {
  if (typeof options !== 'object' || (options as unknown) === null) {
    return { root: undefined, others: options };
  }
  const { root, ...others } = options;
  return { root: root === undefined ? undefined : checkPath('root', root), others };
}
