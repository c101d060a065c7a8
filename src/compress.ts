// Owns the conduct of a run: scan → plan → pool → report, with the cache at its side. Does no input or
// output of its own.
import { Cache } from './cache/cache.js';
import { cacheFolder } from './cache/location.js';
import type { ContentCoding } from './content-coding.js';
import { removeLeftovers } from './leftovers.js';
import {
  resolveOptions,
  type CompressOptions,
  type FilesOptions,
  type ResolvedOptions,
} from './options.js';
import type { Orphan } from './orphan.js';
import { settleOrphans, withoutOrphans } from './orphans.js';
import { MAX_KNOWN_BATCH_BYTES, plan, twinCandidates, type Plan } from './plan.js';
import { createReport, type Report } from './report.js';
import { codecsOf, runPlan, threadsFor, throwIfAborted } from './run-plan.js';
import { scanFiles, scanRoot, type ScannedRoot, type ScanOptions } from './scan.js';
import { checkPath, checkPaths, scanTree, splitFilesOptions } from './scan-tree.js';
import type { Skip } from './skip.js';
import { findTwins } from './twins.js';

/**
 * Compresses the files under a root: leaves `app.js.gz` and `app.js.br` beside `app.js` where they
 * are smaller.
 *
 * @param root - a directory, or one file
 * @returns what was done. The failure of a single file is in the report, never thrown.
 * @throws UsageError for an option that makes no sense
 * @throws RootError when the root is missing, unreadable, or neither a directory nor a file
 * @throws ThreadError when the system lets no such number of worker threads start
 * @throws AbortError when `options.signal` is aborted. Nothing half written is left; a thread in the
 *   middle of an encode lives on until that is done, and writes nothing.
 */
export function compress(root: string, options: CompressOptions = {}): Promise<Report> {
  return run(root, (scanOptions) => scanRoot(checkPath('root', root), scanOptions), options);
}

/**
 * Compresses just these files, under the same rules as `compress`. A path that does not exist or is a
 * directory is a failure in the report.
 *
 * @throws UsageError, ThreadError and AbortError as `compress` does, and RootError when there is a root
 *   and it is no directory that can be read
 */
export function compressFiles(
  paths: readonly string[],
  options: FilesOptions = {},
): Promise<Report> {
  const { root, others } = splitFilesOptions(options);
  const scan = (scanOptions: ScanOptions) => scanFiles(checkPaths(paths), scanOptions, root);
  return run(root ?? null, scan, others);
}

async function run(
  root: string | null,
  scan: (options: ScanOptions) => Promise<ScannedRoot>,
  givenOptions: CompressOptions,
): Promise<Report> {
  const start = performance.now();
  const options = resolveOptions(givenOptions);
  const { signal, dryRun } = options;
  // Before anything is awaited: the caller may change the working directory meanwhile.
  const folder = cacheFolder(options.cacheDir);
  const scanned = await scanTree(scan, options, folder, start);
  using cache = options.cache ? openCache(options, folder, scanned.folder) : undefined;
  const { orphans, failures: orphanFailures } = await pruneOrphans(scanned, options, cache);
  const leftoversRemoved = await removeLeftovers(scanned.temporaryFiles, dryRun);
  const planned = await planWork(scanned, orphans, options, cache);
  const threads = threadsFor(planned, options.threads);
  const { sources, sourceBytes } = planned;
  options.onEvent?.({ type: 'planned', sources, sourceBytes, threads });
  const { outcomes, cacheFailure } = await runPlan(
    planned,
    threads,
    {
      codecs: codecsOf(options),
      maxRatio: options.maxRatio,
      dryRun,
      isCheck: false,
      keepValid: options.keepValid,
      prune: options.prune !== false,
      cache: cache?.settings,
    },
    options,
  );
  const report = createReport({
    root,
    shard: options.shard ?? null,
    dryRun,
    threads,
    durationMs: performance.now() - start,
    contentCodings: codecsOf(options).map(({ contentCoding }): ContentCoding => contentCoding),
    outcomes,
    skipped: [...withoutRemoved(scanned.skipped, orphans), ...planned.skipped],
    failures: scanned.failures,
    leftoversRemoved,
    orphans,
    orphanFailures,
    cache: cache && {
      path: cache.folder ?? null,
      failure: cache.failure ?? cacheFailure ?? null,
    },
  });
  options.onEvent?.({ type: 'finished', report });
  await cache?.close(signal);
  return report;
}

function openCache(
  { cacheMaxSize, force, dryRun }: ResolvedOptions,
  folder: string | undefined,
  root: string | undefined,
): Cache {
  return new Cache({
    folder,
    maxBytes: cacheMaxSize,
    isRead: !force,
    isWritten: !dryRun,
    root,
  });
}

/** Sidecars whose source is gone, where the options ask for them. */
function pruneOrphans(
  { possibleOrphans }: ScannedRoot,
  { prune, dryRun, signal }: ResolvedOptions,
  cache: Cache | undefined,
): ReturnType<typeof settleOrphans> {
  if (prune === false) return settleOrphans([], { history: undefined, prune, dryRun, signal });
  return settleOrphans(possibleOrphans, { history: cache?.readHistory(), prune, dryRun, signal });
}

/** What was skipped, but for the orphans that were removed. */
function withoutRemoved(skipped: readonly Skip[], orphans: readonly Orphan[]): readonly Skip[] {
  if (orphans.length === 0) return skipped;
  const removed = new Set(
    orphans.filter((orphan) => orphan.removed).map(({ relativePath }) => relativePath),
  );
  return skipped.filter(({ relativePath }) => !removed.has(relativePath));
}

/** The plan for what was found, but for the orphans, which are sources no more. */
async function planWork(
  { sources, leftOut }: ScannedRoot,
  orphans: readonly Orphan[],
  options: ResolvedOptions,
  cache: Cache | undefined,
): Promise<Plan> {
  const found = withoutOrphans(sources, orphans);
  const twins = await findTwins(
    twinCandidates(found, options, cache?.settings.addition !== undefined),
    options.signal,
  );
  throwIfAborted(options.signal);
  return plan(found, options, twins, leftOut, cache?.isFilled ? MAX_KNOWN_BATCH_BYTES : undefined);
}
