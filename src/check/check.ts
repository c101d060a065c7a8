// Owns the conduct of a check: scan → plan → pool → check report. Writes nothing, neither in the tree nor
// in the cache.
import { existsSync } from 'node:fs';
import { Cache } from '../cache/cache.js';
import { cacheFolder } from '../cache/location.js';
import { sourcePathOf } from '../content-coding.js';
import { UsageError } from '../errors.js';
import { resolveOptions, type CompressOptions, type FilesOptions } from '../options.js';
import { settleOrphans, withoutOrphans } from '../orphans.js';
import { MAX_KNOWN_BATCH_BYTES, plan } from '../plan.js';
import { codecsOf, runPlan, threadsFor } from '../run-plan.js';
import { checkPath, checkPaths, scanTree, splitFilesOptions } from '../scan-tree.js';
import { scanFiles, scanRoot, type ScannedRoot, type ScanOptions } from '../scan.js';
import { createCheckReport, type CheckReport } from './check-report.js';

/** The options of a check: those of `compress`, but for what only a run that writes can do. */
export type CheckOptions = Omit<CompressOptions, WritingOption>;

type WritingOption = 'prune' | 'dryRun' | 'keepValid';

/**
 * Checks whether the sidecars under a root are what `compress` with these options would leave, judged by
 * what they decode to: another version of a codec makes no difference. Whether one that is not there is
 * due is decided by encoding, or by the cache.
 *
 * @param root - a directory, or one file
 * @returns what was found. A file that cannot be read is in the report, never thrown.
 * @throws UsageError, RootError, ThreadError and AbortError as `compress` does
 */
export function check(root: string, options: CheckOptions = {}): Promise<CheckReport> {
  return run(root, (scanOptions) => scanRoot(checkPath('root', root), scanOptions), options);
}

/** The options of a check of named files. */
export type CheckFilesOptions = Omit<FilesOptions, WritingOption>;

/**
 * Checks just the sidecars of these files, as `check` does. A sidecar may be named in place of its source.
 *
 * @throws UsageError, ThreadError and AbortError as `compress` does, and RootError when there is a root
 *   and it is no directory that can be read
 */
export function checkFiles(
  paths: readonly string[],
  options: CheckFilesOptions = {},
): Promise<CheckReport> {
  const { root, others } = splitFilesOptions(options);
  const sourcesOf = () => checkPaths(paths).map(sourceOf);
  return run(root ?? null, (scanOptions) => scanFiles(sourcesOf(), scanOptions, root), others);
}

/** The source of a sidecar, if it is there; else the file that was named. */
function sourceOf(path: string): string {
  const source = sourcePathOf(path);
  return source !== undefined && existsSync(source) ? source : path;
}

async function run(
  root: string | null,
  scan: (options: ScanOptions) => Promise<ScannedRoot>,
  options: CheckOptions,
): Promise<CheckReport> {
  const start = performance.now();
  const resolved = resolveOptions(refuseWriting(options));
  const { signal, maxRatio, cache: isCached, cacheMaxSize, force } = resolved;
  // Before anything is awaited: the caller may change the working directory meanwhile.
  const folder = cacheFolder(resolved.cacheDir);
  const scanned = await scanTree(scan, resolved, folder, start);
  const cacheUse = { folder, maxBytes: cacheMaxSize, isRead: !force, isWritten: false };
  const cache = isCached ? new Cache({ ...cacheUse, root: scanned.folder }) : undefined;
  const { orphans } = await settleOrphans(scanned.possibleOrphans, {
    history: cache?.readHistory(),
    prune: false,
    dryRun: true,
    signal,
  });
  const planned = plan(
    withoutOrphans(scanned.sources, orphans),
    resolved,
    [],
    scanned.leftOut,
    MAX_KNOWN_BATCH_BYTES,
  );
  const threads = threadsFor(planned, resolved.threads);
  const { sources, sourceBytes } = planned;
  resolved.onEvent?.({ type: 'planned', sources, sourceBytes, threads });
  const settings = {
    codecs: codecsOf(resolved),
    maxRatio,
    dryRun: true,
    isCheck: true,
    keepValid: false,
    prune: false,
    cache: cache?.settings,
  };
  const { outcomes } = await runPlan(planned, threads, settings, resolved);
  return createCheckReport({
    root,
    shard: resolved.shard ?? null,
    durationMs: performance.now() - start,
    threads,
    outcomes,
    orphans,
    failures: scanned.failures,
  });
}

/** Callers without types may ask a check to write; that is refused rather than passed over. */
function refuseWriting(options: CheckOptions): CheckOptions {
  for (const option of ['prune', 'dryRun', 'keepValid'] as const) {
    const value: unknown = (options as CompressOptions | null)?.[option];
    if (value === undefined) continue;
    throw new UsageError(option, value, 'nothing: a check writes nothing, and changes no sidecar');
  }
  return options;
}
