// Owns the conduct of a run: scan → plan → pool → report, and its end when it is aborted. Does no
// input or output of its own.
import { dirname } from 'node:path';
import type { ContentCoding } from './content-coding.js';
import { AbortError, UsageError } from './errors.js';
import type { CodecSettings, SourceOutcome } from './job.js';
import { removeLeftovers, removeTemporaryFiles } from './leftovers.js';
import { resolveOptions, type CompressOptions, type ResolvedOptions } from './options.js';
import { plan, twinCandidates, type Plan } from './plan.js';
import { Pool } from './pool.js';
import { createReport, type Report } from './report.js';
import { scanFiles, scanRoot, type Scan, type ScanOptions } from './scan.js';
import { createSelector } from './select.js';
import { temporaryPrefix } from './temporary-file.js';
import { findTwins } from './twins.js';
import { WriteGate } from './write-gate.js';

/**
 * How long the end of a run waits for those who are writing. A sidecar is written in milliseconds;
 * on a disk that takes longer, what is half written is removed behind the writer's back.
 */
const WRITERS_TIMEOUT_MS = 250;

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
 * Compresses just these files, under the same rules as `compress`. Globs are relative to the working
 * directory. A path that does not exist or is a directory is a failure in the report.
 *
 * @throws UsageError, ThreadError and AbortError as `compress` does
 */
export function compressFiles(
  paths: readonly string[],
  options: CompressOptions = {},
): Promise<Report> {
  const scan = (scanOptions: ScanOptions): Promise<Scan> => {
    if (!Array.isArray(paths)) throw new UsageError('paths', paths, 'a list of paths');
    return scanFiles(
      Array.from(paths, (path) => checkPath('paths', path)),
      scanOptions,
    );
  };
  return run(null, scan, options);
}

async function run(
  root: string | null,
  scan: (options: ScanOptions) => Promise<Scan>,
  givenOptions: CompressOptions,
): Promise<Report> {
  const start = performance.now();
  const options = resolveOptions(givenOptions);
  const { signal, follow, dryRun } = options;
  throwIfAborted(signal);
  const scanned = await scan({ follow, skip: createSelector(options), signal });
  throwIfAborted(signal);
  options.onEvent?.({
    type: 'scanned',
    sources: scanned.sources.length,
    durationMs: performance.now() - start,
  });
  const leftoversRemoved = await removeLeftovers(scanned.temporaryFiles, dryRun);
  const twins = await findTwins(twinCandidates(scanned.sources, options), signal);
  throwIfAborted(signal);
  const planned = plan(scanned.sources, options, twins);
  const threads = Math.min(options.threads, planned.batches.length);
  const { sources, sourceBytes } = planned;
  options.onEvent?.({ type: 'planned', sources, sourceBytes, threads });
  const outcomes = threads === 0 ? [] : await work(planned, threads, options);
  const report = createReport({
    root,
    dryRun,
    threads,
    durationMs: performance.now() - start,
    contentCodings: codecsOf(options).map(({ contentCoding }): ContentCoding => contentCoding),
    outcomes,
    skipped: [...scanned.skipped, ...planned.skipped],
    failures: scanned.failures,
    leftoversRemoved,
  });
  options.onEvent?.({ type: 'finished', report });
  return report;
}

/** Callers without types may hand in anything; a NUL can stand in no path. */
function checkPath(option: string, path: unknown): string {
  if (typeof path === 'string' && !path.includes('\0')) return path;
  throw new UsageError(option, path, 'a path');
}

/** Runs a plan on a pool of its own; however that ends, nothing half written is left. */
async function work(
  { batches }: Plan,
  threads: number,
  options: ResolvedOptions,
): Promise<SourceOutcome[]> {
  const { signal, onEvent, maxRatio, dryRun } = options;
  throwIfAborted(signal);
  const gate = new WriteGate();
  const prefix = temporaryPrefix();
  const pool = new Pool(threads, {
    codecs: codecsOf(options),
    maxRatio,
    dryRun,
    temporaryPrefix: prefix,
    gate: gate.memory,
  });
  const outcomes: SourceOutcome[] = [];
  const running = pool.run(batches, {
    onStarted: (batch) => {
      for (const { relativePath, size } of batch) {
        onEvent?.({ type: 'source-started', relativePath, sourceBytes: size });
      }
    },
    onSettled: (source, outcome) => {
      outcomes.push(outcome);
      onEvent?.({ type: 'source-settled', outcome, sourceBytes: source.size });
    },
  });
  using abortion = new Abortion(signal);
  try {
    await Promise.race([running, abortion.promise]);
    await removeTemporaryFiles(pool.abandoned.map(folderOf), prefix);
    await pool.destroy();
    return outcomes;
  } catch (error) {
    pool.stop();
    gate.close();
    const haveLeft = await gate.waitForWriters(WRITERS_TIMEOUT_MS);
    if (!haveLeft) await removeTemporaryFiles(pool.abandoned.map(folderOf), prefix);
    // Not awaited: a thread in the middle of an encode cannot be ended before that is done.
    void Promise.allSettled([running, pool.destroy()]);
    throw error;
  }
}

/** The codec settings of the content-codings that are on. */
function codecsOf(options: ResolvedOptions): CodecSettings[] {
  const codecs: CodecSettings[] = [];
  if (options.gzip) codecs.push({ contentCoding: 'gzip', level: options.gzipLevel });
  if (options.brotli) codecs.push({ contentCoding: 'br', quality: options.brotliQuality });
  return codecs;
}

function folderOf({ path }: { readonly path: string }): string {
  return dirname(path);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

/** A promise that rejects with an AbortError when a signal is aborted, and never settles else. */
class Abortion implements Disposable {
  readonly promise: Promise<never>;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.promise = new Promise((_resolve, reject) => {
      this.#onAbort = () => {
        reject(new AbortError(signal?.reason));
      };
      if (signal?.aborted === true) this.#onAbort();
      signal?.addEventListener('abort', this.#onAbort);
    });
  }

  [Symbol.dispose](): void {
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
