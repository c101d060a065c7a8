// Owns the contract between the main thread and a worker: what a worker is told and what it answers.
// Everything here can be cloned from thread to thread; file bytes never are, a job carries paths.
import type { PackedOutcomes } from './batch-answer.js';
import type { CacheSettings } from './cache/cache-settings.js';
import type { ContentCoding } from './content-coding.js';
import type { Failure } from './failure.js';

/** How a variant is to be encoded: a content-coding and the settings that can change its bytes. */
export type CodecSettings =
  | {
      readonly contentCoding: 'gzip';
      /** 0 (stored) to 9 (smallest). */
      readonly level: number;
    }
  | {
      readonly contentCoding: 'br';
      /** 0 (fastest) to 11 (smallest). */
      readonly quality: number;
    }
  | {
      readonly contentCoding: 'zstd';
      /** 1 (fastest) to 22 (smallest). */
      readonly level: number;
    };

/** What holds for a whole run, given to each worker once, when it starts. */
export interface WorkerSettings {
  readonly codecs: readonly CodecSettings[];
  /** A variant is kept only at encodedBytes / sourceBytes ≤ maxRatio, and only when it is smaller. */
  readonly maxRatio: number;
  /** Do everything but write and delete. */
  readonly dryRun: boolean;
  /** Whether to look only: a source then comes out as `checked`. */
  readonly isCheck: boolean;
  /** Leave a sidecar that decodes to its source as it is, whatever made it. */
  readonly keepValid: boolean;
  /** Remove stale sidecars also where no variant replaces them. */
  readonly prune: boolean;
  /** The cache, if there is one. */
  readonly cache: CacheSettings | undefined;
  /** How the names of this run's temporary files begin: see temporary-file.ts. */
  readonly temporaryPrefix: string;
  /** The memory of the run's write gate: see write-gate.ts. */
  readonly gate: SharedArrayBuffer;
}

/** One source to be compressed. */
export interface Job {
  /** Where the source is, absolute. */
  readonly path: string;
  /** What it is called in reports: relative to root, always with `/`. */
  readonly relativePath: string;
  /**
   * Of which content-codings something that is no directory stood at the name of its sidecar when the
   * tree was scanned.
   */
  readonly sidecars: readonly ContentCoding[];
  /** Which of these are excluded themselves, so that nobody judges them. */
  readonly excludedSidecars?: readonly ContentCoding[];
  /** Whether the source is left out, so that its sidecars are looked at and nothing is made. */
  readonly isLeftOut?: boolean;
}

/** What became of one variant of a source. In a dry run: what would have. */
export type VariantOutcome =
  | {
      /**
       * The sidecar was newly written, or replaced because its bytes were others: with what was encoded
       * now (`written`), or with what the cache held, proven (`restored`).
       */
      readonly status: 'written' | 'restored';
      readonly contentCoding: ContentCoding;
      readonly encodedBytes: number;
      /** Whether there was another file of that name before. */
      readonly replaced: boolean;
    }
  | {
      /**
       * The sidecar already held exactly these bytes, or with `keepValid` others that decode to the source;
       * its times and mode were mended if need be.
       */
      readonly status: 'unchanged';
      readonly contentCoding: ContentCoding;
      readonly encodedBytes: number;
    }
  | {
      /** Encoded, and not small enough to keep. */
      readonly status: 'discarded';
      readonly contentCoding: ContentCoding;
      /** Where a quick look sufficed (see probe.ts): the size at the quality of that look. */
      readonly encodedBytes: number;
      /** Whether a sidecar of an earlier run stood there and was removed. */
      readonly removed: boolean;
    }
  | {
      readonly status: 'failed';
      readonly contentCoding: ContentCoding;
      readonly failure: Failure;
    };

/**
 * A sidecar that does not decode to the source beside it, and that no variant replaces: its
 * content-coding is off, or its source is left out.
 */
export interface StaleSidecar {
  readonly contentCoding: ContentCoding;
  /** Whether it was removed, or in a dry run would be. */
  readonly removed: boolean;
  /** Why it could not be. */
  readonly failure: Failure | undefined;
}

/** What a check finds at the name of a sidecar. */
export interface SidecarVerdict {
  readonly contentCoding: ContentCoding;
  /**
   * - `valid`: it decodes to the source, and is small enough to be kept
   * - `none-due`: there is none, and there would be none
   * - `stale`: it does not decode to the source
   * - `missing`: there is none, and there should be one
   * - `obstructed`: likewise, and something stands there that no run replaces: a directory, a FIFO
   * - `oversized`: it decodes to the source, but is not small enough to be kept
   * - `unverifiable`: this Node has no decoder for its content-coding
   */
  readonly verdict:
    'valid' | 'none-due' | 'stale' | 'missing' | 'obstructed' | 'oversized' | 'unverifiable';
  /** Whether a run makes this variant: the content-coding is on, and the source is not left out. */
  readonly isOn: boolean;
}

/** What became of one source. */
export type SourceOutcome =
  | {
      /** Read and encoded; each variant has an outcome of its own, which may be a failure. */
      readonly status: 'settled';
      readonly relativePath: string;
      readonly sourceBytes: number;
      /** Wall time that a worker spent on the source. */
      readonly durationMs: number;
      /** What the encodes took that the cache spared, when they were done; milliseconds of a thread. */
      readonly savedMs: number;
      readonly variants: readonly VariantOutcome[];
      /** Sidecars of content-codings that are off. */
      readonly stale: readonly StaleSidecar[];
    }
  | {
      /** Left out of the run, so that only its sidecars were looked at. */
      readonly status: 'left-out';
      readonly relativePath: string;
      readonly stale: readonly StaleSidecar[];
    }
  | {
      /** Checked: nothing was written. */
      readonly status: 'checked';
      readonly relativePath: string;
      readonly sourceBytes: number;
      readonly sidecars: readonly SidecarVerdict[];
    }
  | {
      /** The source itself could not be read, or kept changing. */
      readonly status: 'failed';
      readonly relativePath: string;
      readonly failure: Failure;
    };

/** The answer to one batch: an outcome for each job, in the order of the jobs, or a defect of ours. */
export type BatchAnswer =
  | (PackedOutcomes & {
      /** Why this thread adds nothing more to the cache, if so. */
      readonly cacheFailure: Failure | undefined;
    })
  | {
      /** What was thrown and should not have been. An error keeps its name, message and stack. */
      readonly defect: unknown;
    };
