// Owns the report of a run: a pure fold of what was skipped, what failed and what became of each
// source. The object is JSON-ready and is the very document that `--json` prints. Knows no I/O.
import { sidecarPath, type ContentCoding } from './content-coding.js';
import type { Failure } from './failure.js';
import type { SourceOutcome, StaleSidecar, VariantOutcome } from './job.js';
import { byRelativePath } from './order.js';
import type { Orphan, OrphanFailure } from './orphan.js';
import type { Skip, SkipReason } from './skip.js';

/** A failure and the file of the tree that it befell. */
export interface ReportedFailure extends Failure {
  /** Relative to root, always with `/`; bytes that are not valid UTF-8 stand as `\xNN`. */
  readonly relativePath: string;
  /** The variant that failed, or `null` when the source or folder itself did. */
  readonly contentCoding: ContentCoding | null;
}

/** A source that was read and encoded. */
export type ReportedSource = Omit<
  Extract<SourceOutcome, { status: 'settled' }>,
  'status' | 'stale'
>;

/**
 * A sidecar that does not decode to the source beside it, and that no variant replaced: its content-coding
 * is off, or its source is left out.
 */
export interface ReportedStale {
  /** Of the sidecar, relative to root, always with `/`. */
  readonly relativePath: string;
  readonly contentCoding: ContentCoding;
  /** Whether it was removed (with `prune`). */
  readonly removed: boolean;
}

/** How the cache was used. */
export interface CacheReport {
  /** Its folder, absolute, or `null` when there was no place for one. */
  readonly path: string | null;
  /** What the encodes took that it spared, when they were done; milliseconds of a thread. */
  readonly savedMs: number;
  /** Why something could not be added to it, or `null`. */
  readonly failure: Failure | null;
}

/** What happened to the variants of one content-coding, counted. */
export interface ContentCodingTotals {
  readonly written: number;
  /** Written from what the cache held. */
  readonly restored: number;
  readonly unchanged: number;
  readonly discarded: number;
  readonly failed: number;
  /** Sidecars of earlier runs that were removed because their variant is now discarded. */
  readonly removed: number;
  /** Bytes of the sources whose variant was kept (written, restored or unchanged). */
  readonly sourceBytes: number;
  /** Bytes of the kept variants themselves. */
  readonly encodedBytes: number;
}

/** What a run did. */
export interface Report {
  /** Version of this shape; a change that breaks readers counts it up. */
  readonly reportVersion: 1;
  /** The root as it was given, or `null` for a list of files. */
  readonly root: string | null;
  /** The slice of the tree that this is about, such as `2/5`; `null` for the whole. */
  readonly shard: string | null;
  /** Whether nothing was written or deleted, so that all that follows is what would be. */
  readonly dryRun: boolean;
  /** Wall time of the whole run. */
  readonly durationMs: number;
  /** Worker threads that were used; 0 when there was nothing to compress. */
  readonly threads: number;
  readonly totals: {
    /** Sources that were read and encoded. */
    readonly sources: number;
    readonly sourceBytes: number;
    /** By content-coding, only those that were on. */
    readonly contentCodings: Readonly<Partial<Record<ContentCoding, ContentCodingTotals>>>;
    readonly skipped: number;
    /** By reason, only those that occurred. */
    readonly skippedByReason: Readonly<Partial<Record<SkipReason, number>>>;
    readonly failed: number;
    /** Temporary files of runs that were killed, removed. */
    readonly leftoversRemoved: number;
  };
  /** `null` when there was none: `cache` was off. */
  readonly cache: CacheReport | null;
  /** Sorted by `relativePath`, in the order of UTF-16 code units. */
  readonly sources: readonly ReportedSource[];
  /** Sorted likewise. */
  readonly skipped: readonly Skip[];
  /** Sorted likewise. */
  readonly stale: readonly ReportedStale[];
  /** Sorted likewise; looked for only with `prune`. */
  readonly orphans: readonly Orphan[];
  /** Sorted likewise. */
  readonly failures: readonly ReportedFailure[];
}

/** What a report is folded from. */
export interface ReportInput extends Pick<
  Report,
  'root' | 'shard' | 'dryRun' | 'durationMs' | 'threads'
> {
  /** The content-codings that were on, in the order in which they are to be shown. */
  readonly contentCodings: readonly ContentCoding[];
  readonly outcomes: readonly SourceOutcome[];
  readonly skipped: readonly Skip[];
  /** Files and folders of the tree that failed before they became sources. */
  readonly failures: readonly { readonly relativePath: string; readonly failure: Failure }[];
  readonly leftoversRemoved: number;
  readonly orphans: readonly Orphan[];
  readonly orphanFailures: readonly OrphanFailure[];
  readonly cache: Omit<CacheReport, 'savedMs'> | undefined;
}

/** Folds what happened into a report. The same happenings in any order give the same report. */
export function createReport(input: ReportInput): Report {
  const { sources, failures, stale } = sortOut(input);
  const { root, shard, dryRun, durationMs, threads, leftoversRemoved, cache } = input;
  return {
    reportVersion: 1,
    root,
    shard,
    dryRun,
    durationMs,
    threads,
    totals: {
      sources: sources.length,
      sourceBytes: sources.reduce((sum, source) => sum + source.sourceBytes, 0),
      contentCodings: Object.fromEntries(
        input.contentCodings.map((coding) => [coding, totalsOf(coding, sources)]),
      ),
      skipped: input.skipped.length,
      skippedByReason: countByReason(input.skipped),
      failed: failures.length,
      leftoversRemoved,
    },
    cache:
      cache === undefined
        ? null
        : { ...cache, savedMs: sources.reduce((sum, { savedMs }) => sum + savedMs, 0) },
    sources: sources.sort(byRelativePath),
    skipped: [...input.skipped].sort(byRelativePath),
    stale: stale.sort(byRelativePath),
    orphans: [...input.orphans].sort(byRelativePath),
    failures: failures.sort(byRelativePath),
  };
}

interface SortedOut {
  readonly sources: ReportedSource[];
  readonly stale: ReportedStale[];
  readonly failures: ReportedFailure[];
}

function sortOut(input: ReportInput): SortedOut {
  const sources: ReportedSource[] = [];
  const stale: ReportedStale[] = [];
  const failures = [
    ...input.failures.map(({ relativePath, failure }) =>
      reportedFailure(relativePath, null, failure),
    ),
    ...input.orphanFailures.map(({ relativePath, contentCoding, failure }) =>
      reportedFailure(relativePath, contentCoding, failure),
    ),
  ];
  const addStale = (relativePath: string, sidecars: readonly StaleSidecar[]): void => {
    for (const { contentCoding, removed, failure } of sidecars) {
      const path = sidecarPath(relativePath, contentCoding);
      stale.push({ relativePath: path, contentCoding, removed });
      if (failure !== undefined) {
        failures.push(reportedFailure(relativePath, contentCoding, failure));
      }
    }
  };
  for (const outcome of input.outcomes) {
    const { relativePath } = outcome;
    switch (outcome.status) {
      case 'failed':
        failures.push(reportedFailure(relativePath, null, outcome.failure));
        break;
      case 'left-out':
        addStale(relativePath, outcome.stale);
        break;
      case 'checked':
        break;
      case 'settled': {
        const { sourceBytes, durationMs, savedMs, variants } = outcome;
        sources.push({ relativePath, sourceBytes, durationMs, savedMs, variants });
        addStale(relativePath, outcome.stale);
        for (const variant of variants) {
          if (variant.status !== 'failed') continue;
          failures.push(reportedFailure(relativePath, variant.contentCoding, variant.failure));
        }
      }
    }
  }
  return { sources, stale, failures };
}

/** A failure with the file of the tree that it befell. */
export function reportedFailure(
  relativePath: string,
  contentCoding: ContentCoding | null,
  { code, operation, path, message }: Failure,
): ReportedFailure {
  return { relativePath, contentCoding, code, operation, path, message };
}

function totalsOf(coding: ContentCoding, sources: readonly ReportedSource[]): ContentCodingTotals {
  const totals = {
    written: 0,
    restored: 0,
    unchanged: 0,
    discarded: 0,
    failed: 0,
    removed: 0,
    sourceBytes: 0,
    encodedBytes: 0,
  };
  for (const source of sources) {
    for (const variant of source.variants) {
      if (variant.contentCoding !== coding) continue;
      totals[variant.status] += 1;
      if (variant.status === 'discarded' && variant.removed) totals.removed += 1;
      if (isKept(variant)) {
        totals.sourceBytes += source.sourceBytes;
        totals.encodedBytes += variant.encodedBytes;
      }
    }
  }
  return totals;
}

/** Whether a variant has its sidecar: written, restored or unchanged. */
export function isKept(
  variant: VariantOutcome,
): variant is Extract<VariantOutcome, { status: 'written' | 'restored' | 'unchanged' }> {
  const { status } = variant;
  return status === 'written' || status === 'restored' || status === 'unchanged';
}

function countByReason(skipped: readonly Skip[]): Partial<Record<SkipReason, number>> {
  const counts: Partial<Record<SkipReason, number>> = {};
  for (const { reason } of skipped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
