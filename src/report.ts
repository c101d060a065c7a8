// Owns the report of a run: a pure fold of what was skipped, what failed and what became of each
// source. The object is JSON-ready and is the very document that `--json` prints. Knows no I/O.
import { type ContentCoding } from './content-coding.js';
import { type Failure } from './failure.js';
import { type SourceOutcome } from './job.js';
import { type Skip, type SkipReason } from './skip.js';

/** A failure and the file of the tree that it befell. */
export interface ReportedFailure extends Failure {
  /** Relative to root, always with `/`; bytes that are not valid UTF-8 stand as `\xNN`. */
  readonly relativePath: string;
  /** The variant that failed, or `null` when the source or folder itself did. */
  readonly contentCoding: ContentCoding | null;
}

/** A source that was read and encoded. */
export type ReportedSource = Omit<Extract<SourceOutcome, { status: 'settled' }>, 'status'>;

/** What happened to the variants of one content-coding, counted. */
export interface ContentCodingTotals {
  readonly written: number;
  readonly unchanged: number;
  readonly discarded: number;
  readonly failed: number;
  /** Sidecars of earlier runs that were removed because their variant is now discarded. */
  readonly removed: number;
  /** Bytes of the sources whose variant was kept (written or unchanged). */
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
  /** Sorted by `relativePath`, in the order of UTF-16 code units. */
  readonly sources: readonly ReportedSource[];
  /** Sorted likewise. */
  readonly skipped: readonly Skip[];
  /** Sorted likewise. */
  readonly failures: readonly ReportedFailure[];
}
