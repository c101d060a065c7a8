// Owns the report of a check: a pure fold of what was found of each sidecar. The object is JSON-ready and
// is the very document that `--check --json` prints. Knows no I/O.
import { sidecarPath, type ContentCoding } from '../content-coding.js';
import type { Failure } from '../failure.js';
import type { SidecarVerdict, SourceOutcome } from '../job.js';
import { byRelativePath, compareText } from '../order.js';
import type { Orphan } from '../orphan.js';
import { reportedFailure, type ReportedFailure } from '../report.js';

/**
 * What is wrong with a sidecar, in the order of danger:
 * - `stale`: it does not decode to the source beside it, and servers send it
 * - `orphaned`: its source is gone
 * - `oversized`: it decodes to the source, but is not small enough to be kept
 * - `missing`: there is none, and there should be one
 */
export const CHECK_PROBLEMS = ['stale', 'orphaned', 'oversized', 'missing'] as const;

/** One of them. */
export type CheckProblem = (typeof CHECK_PROBLEMS)[number];

/** A sidecar that is not as it should be. */
export interface CheckFinding {
  /** Of the sidecar, relative to root, always with `/`. */
  readonly relativePath: string;
  readonly contentCoding: ContentCoding;
  readonly problem: CheckProblem;
  /** Of an orphan: whether it holds just what a run on this root wrote there. Of others always true. */
  readonly isOurs: boolean;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a check found. */
export interface CheckReport {
  /** Version of this shape; a change that breaks readers counts it up. */
  readonly checkVersion: 1;
  /** The root as it was given, or `null` for a list of files. */
  readonly root: string | null;
  /** The slice of the tree that this is about, such as `2/5`; `null` for the whole. */
  readonly shard: string | null;
  /** Wall time of the whole check. */
  readonly durationMs: number;
  /** Worker threads that were used; 0 when there was nothing to check. */
  readonly threads: number;
  readonly totals: {
    /** Sources whose sidecars were checked. */
    readonly sources: number;
    /** Sidecars that are right. */
    readonly valid: number;
    /** Sidecars that this Node cannot decode: zstd, before Node 22.15. */
    readonly unverifiable: number;
    /** By problem, only those that occurred. */
    readonly problems: Readonly<Partial<Record<CheckProblem, number>>>;
    readonly failed: number;
  };
  /** Sorted by `relativePath`, in the order of UTF-16 code units. */
  readonly findings: readonly CheckFinding[];
  /** Sorted likewise. */
  readonly failures: readonly ReportedFailure[];
}

/** What a check report is folded from. */
export interface CheckInput extends Pick<CheckReport, 'root' | 'shard' | 'durationMs' | 'threads'> {
  readonly outcomes: readonly SourceOutcome[];
  readonly orphans: readonly Orphan[];
  readonly failures: readonly { readonly relativePath: string; readonly failure: Failure }[];
}

const REMEDIES: Readonly<Record<CheckProblem | 'obstructed', string>> = {
  stale: 'run wn-compress again, which replaces or removes it',
  orphaned: 'run wn-compress --prune, which deletes it',
  oversized: 'run wn-compress again, which replaces or removes it',
  missing: 'run wn-compress again, which makes it',
  obstructed: 'something else stands at its name; move that away, or exclude the source',
};

const NOT_MADE_REMEDY =
  'run wn-compress --prune, which deletes it: its content-coding is off or its source left out';

const UNKNOWN_ORPHAN_REMEDY =
  'delete it, or exclude it by a glob when it is a file of its own and not the sidecar of one';

/** Folds what was found into a report. The same findings in any order give the same report. */
export function createCheckReport(input: CheckInput): CheckReport {
  const { root, shard, durationMs, threads, outcomes, orphans } = input;
  const failures = input.failures.map(({ relativePath, failure }) =>
    reportedFailure(relativePath, null, failure),
  );
  const verdicts: { readonly relativePath: string; readonly sidecar: SidecarVerdict }[] = [];
  let sources = 0;
  for (const outcome of outcomes) {
    const { relativePath } = outcome;
    if (outcome.status === 'failed') {
      failures.push(reportedFailure(relativePath, null, outcome.failure));
    }
    if (outcome.status !== 'checked') continue;
    sources += 1;
    for (const sidecar of outcome.sidecars) verdicts.push({ relativePath, sidecar });
  }
  const findings = [...verdicts.flatMap(findingsOf), ...orphans.map(findingOfOrphan)];
  const count = (verdict: SidecarVerdict['verdict']): number =>
    verdicts.filter(({ sidecar }) => sidecar.verdict === verdict).length;
  return {
    checkVersion: 1,
    root,
    shard,
    durationMs,
    threads,
    totals: {
      sources,
      valid: count('valid'),
      unverifiable: count('unverifiable'),
      problems: countProblems(findings),
      failed: failures.length,
    },
    findings: findings.sort((a, b) => compareText(a.relativePath, b.relativePath)),
    failures: failures.sort(byRelativePath),
  };
}

function findingsOf({
  relativePath,
  sidecar: { contentCoding, verdict, isOn },
}: {
  readonly relativePath: string;
  readonly sidecar: SidecarVerdict;
}): CheckFinding[] {
  if (verdict === 'valid' || verdict === 'none-due' || verdict === 'unverifiable') return [];
  const path = sidecarPath(relativePath, contentCoding);
  const problem = verdict === 'obstructed' ? 'missing' : verdict;
  const remedy = isOn ? REMEDIES[verdict] : NOT_MADE_REMEDY;
  return [{ relativePath: path, contentCoding, problem, isOurs: true, remedy }];
}

function findingOfOrphan({ relativePath, contentCoding, isOurs }: Orphan): CheckFinding {
  const remedy = isOurs ? REMEDIES.orphaned : UNKNOWN_ORPHAN_REMEDY;
  return { relativePath, contentCoding, problem: 'orphaned', isOurs, remedy };
}

function countProblems(findings: readonly CheckFinding[]): CheckReport['totals']['problems'] {
  const counts: Partial<Record<CheckProblem, number>> = {};
  for (const { problem } of findings) counts[problem] = (counts[problem] ?? 0) + 1;
  return counts;
}
