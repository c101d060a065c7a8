// Owns the shape of what a report page is made of: what the command writes into it as JSON, and the script in
// it reads. Types only, so that the page's script takes nothing else of the command with it.

/** What a page shows. */
export interface PageData {
  /** Version of wn-compress. */
  readonly version: string;
  /** When the run ended, as ISO 8601. */
  readonly madeAt: string;
  readonly root: string | null;
  readonly shard: string | null;
  readonly dryRun: boolean;
  readonly durationMs: number;
  readonly threads: number;
  /** What the cache saved, in milliseconds of a thread; `null` when there was none. */
  readonly cacheSavedMs: number | null;
  /** The content-codings that were on, by their HTTP tokens, in the order in which they are shown. */
  readonly contentCodings: readonly string[];
  readonly files: FileColumns;
  /** Why files were skipped, most frequent first. */
  readonly skipReasons: readonly SkipReasonCount[];
  readonly failures: readonly PageFailure[];
  readonly stale: readonly PageSidecar[];
  readonly orphans: readonly PageSidecar[];
  readonly hints: readonly Hint[];
}

/**
 * All files but sidecars, by columns and sorted by path: of 20,000 files this takes a fifth of what an object
 * for each would.
 */
export interface FileColumns {
  /** How many UTF-16 code units each path shares with the one before. */
  readonly shared: readonly number[];
  /** What follows behind these. */
  readonly rest: readonly string[];
  /** Bytes of the source; -1 where it is not known. */
  readonly sizes: readonly number[];
  /** A character for each: `s` a source, `f` one that failed, else a skip reason's number as a digit of base 36. */
  readonly states: string;
  /** For each content-coding, in their order. */
  readonly variants: readonly VariantColumns[];
}

/** The variants of one content-coding, of sources only, in their order. */
export interface VariantColumns {
  /** A character for each: see `VariantState`; `-` where there is no variant. */
  readonly states: string;
  /** Bytes of each variant; 0 where there is none, or it failed. */
  readonly bytes: readonly number[];
}

/** What became of a variant: written, restored, unchanged, discarded, failed. */
export type VariantState = 'w' | 'r' | 'u' | 'd' | 'f';

/** A reason for which files were skipped. */
export interface SkipReasonCount {
  /** As it reads behind a number. */
  readonly words: string;
  readonly count: number;
  /** Whether these files stand in the columns: sidecars do not. */
  readonly isListed: boolean;
}

/** A failure, with the file of the tree that it befell. */
export interface PageFailure {
  readonly path: string;
  readonly contentCoding: string | null;
  readonly message: string;
}

/** A sidecar that is not as it should be. */
export interface PageSidecar {
  readonly path: string;
  readonly removed: boolean;
}

/** Something to try, with the numbers that speak for it. */
export interface Hint {
  readonly title: string;
  readonly text: string;
  /** The option to add to the command, in a form that each shell reads alike; `null` when none helps. */
  readonly option: string | null;
}
