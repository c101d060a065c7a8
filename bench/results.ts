// Owns the shape of the results, as they are written into latest.json and rendered from it. Knows
// nothing of how they came about, nor of how they look.
import type { CorpusName } from './corpora.js';
import type { Machine } from './machine.js';
import type { FileCost, Prediction } from './makespan.js';
import type { CommonSidecars } from './sidecars.js';
import type { Spread } from './statistics.js';
import type { SubjectName } from './subjects.js';

/** A subject, and whether it took part. */
export interface ReportedSubject {
  readonly name: SubjectName;
  readonly title: string;
  /** Its version, or `null` when it is missing. */
  readonly version: string | null;
  /** How a missing one is to be had, or `null`. */
  readonly missing: string | null;
}

/** One run of one subject: the raw figures. */
export interface Run {
  readonly subject: SubjectName;
  /** Counted from 1. */
  readonly round: number;
  /** User and system time with all children; of a floor, of the encoding alone. */
  readonly cpuMs: number;
  /** `null` for a floor. */
  readonly wallMs: number | null;
  /** The largest single process, in bytes; `null` for a floor. */
  readonly peakRssBytes: number | null;
  /** The share of all cores, 0 to 1, that other processes used meanwhile; `null`: unknown. */
  readonly othersShare: number | null;
}

/** Sidecars of one content-coding that a subject made. */
export interface SidecarTotals {
  readonly count: number;
  readonly bytes: number;
}

/** What a subject left. */
export interface ReportedSidecars {
  readonly subject: SubjectName;
  readonly gzip: SidecarTotals;
  readonly br: SidecarTotals;
}

/** Ours divided by another, of the same rounds: below 1 is better for us. `null`: cannot be compared. */
export interface Comparison {
  readonly subject: SubjectName;
  readonly ours: SubjectName;
  readonly cpu: Spread | null;
  readonly wall: Spread | null;
  readonly peakRss: Spread | null;
  /** Bytes of the sidecars of the sources that both compressed. */
  readonly gzip: CommonSidecars | null;
  readonly br: CommonSidecars | null;
}

/** What is predicted of more threads than this machine has, and how far that can be trusted. */
export interface ReportedPrediction {
  /** What a run takes beside its files, found on a tree of ten small ones. */
  readonly fixedMs: number;
  readonly costliest: FileCost;
  readonly predictions: readonly Prediction[];
  /** Predicted and real wall time on these numbers of threads. */
  readonly checks: readonly {
    readonly threads: number;
    readonly predictedMs: number;
    readonly measuredMs: number;
  }[];
}

/** Our CPU time without that of the codecs, beside that of finding and reading every file. */
export interface Surroundings {
  readonly oursMs: Spread;
  readonly readingMs: Spread;
  /** The one divided by the other, of the same rounds. */
  readonly ratio: Spread;
}

/** All that was found on one corpus. */
export interface CorpusResults {
  readonly name: CorpusName;
  readonly title: string;
  readonly files: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly runs: readonly Run[];
  readonly sidecars: readonly ReportedSidecars[];
  readonly comparisons: readonly Comparison[];
  /** What went wrong with a subject, a line each. */
  readonly problems: readonly string[];
  readonly surroundings: Surroundings | null;
  readonly prediction: ReportedPrediction | null;
}

/** CPU time of one start. */
export interface StartUpRow {
  readonly name: string;
  readonly cpuMs: Spread;
  /** Divided by the CPU time of bare Node.js in the same round. */
  readonly timesBareNode: Spread;
}

/** Everything that a benchmark found. */
export interface Results {
  readonly resultsVersion: 1;
  /** When it began, ISO 8601. */
  readonly date: string;
  /** What was checked out, with `-dirty` when files were changed; `unknown` outside a clone. */
  readonly commit: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly threads: number;
  readonly machine: Machine;
  /** Where the subjects worked. */
  readonly workPlace: 'memory' | 'disk';
  readonly subjects: readonly ReportedSubject[];
  readonly startUp: readonly StartUpRow[];
  readonly corpora: readonly CorpusResults[];
}
