// Owns the measuring of one corpus: every subject in turn, round after round, on the same clean copy.
// Knows nothing of other corpora, nor of how figures look.
import { join } from 'node:path';
import { compare, figuresOf, surroundingsOf } from './comparisons.js';
import { CORPORA } from './corpora.js';
import type { BuiltCorpus } from './corpus-cache.js';
import { checkedPrediction } from './prediction-check.js';
import type { CorpusResults, ReportedPrediction, Run } from './results.js';
import { runSubject } from './run-subject.js';
import { CODINGS, sidecarsIn, type SidecarSizes, wrongSidecars } from './sidecars.js';
import { median } from './statistics.js';
import { type Subject, type SubjectName, THREADS } from './subjects.js';
import { CommandFailed } from './timing.js';
import { WorkingCopy } from './tree.js';

/** What is measured, and how. */
export interface Measuring {
  readonly corpus: BuiltCorpus;
  readonly subjects: readonly Subject[];
  readonly rounds: number;
  /** An empty folder for copies. */
  readonly workFolder: string;
  /** What a run takes beside its files, in milliseconds; `undefined`: predict nothing. */
  readonly fixedMs: number | undefined;
  /** Told what is being done, a line each. */
  readonly say: (line: string) => void;
}

/** A peer that takes longer than this, in milliseconds, is not measured again on the same corpus. */
const LONGEST_REPEATED_MS = 60_000;

/** How many wrong sidecars of one subject are named. */
const NAMED_PROBLEMS = 3;

/**
 * Measures every subject.
 *
 * @throws CommandFailed when our own command fails; a peer that fails is reported and left out
 */
export async function measureCorpus(measuring: Measuring): Promise<CorpusResults> {
  const { corpus, subjects, fixedMs } = measuring;
  using copy = new WorkingCopy(corpus.folder, join(measuring.workFolder, corpus.name));
  const { runs, sizes, problems } = new Rounds(measuring, copy).run();
  const prediction = fixedMs === undefined ? null : await predictFor(measuring, copy, runs);
  const comparisons = subjects.flatMap(({ name, baseline }) =>
    baseline === undefined ? [] : [compare(baseline, name, runs, sizes, THREADS)],
  );
  const { name, title, files, bytes, sha256 } = corpus;
  return {
    ...{ name, title, files, bytes, sha256, runs },
    sidecars: [...sizes].map(([subject, each]) => ({
      subject,
      gzip: totalsOf(each.gzip),
      br: totalsOf(each.br),
    })),
    ...{ comparisons, problems, surroundings: surroundingsOf(runs), prediction },
  };
}

async function predictFor(
  { corpus, fixedMs = 0, say }: Measuring,
  copy: WorkingCopy,
  runs: readonly Run[],
): Promise<ReportedPrediction | null> {
  say(`${corpus.name}: one thread, for the prediction`);
  const wallsMs = [...figuresOf(runs, 'ours', 'wallMs').values()];
  return checkedPrediction(copy, fixedMs, median(wallsMs));
}

function totalsOf(sizes: ReadonlyMap<string, number>): { count: number; bytes: number } {
  return { count: sizes.size, bytes: [...sizes.values()].reduce((sum, each) => sum + each, 0) };
}

class Rounds {
  readonly runs: Run[] = [];
  readonly sizes = new Map<SubjectName, SidecarSizes>();
  readonly problems: string[] = [];
  readonly #measuring: Measuring;
  readonly #copy: WorkingCopy;
  /** Subjects that failed or take too long. */
  readonly #done = new Set<SubjectName>();

  constructor(measuring: Measuring, copy: WorkingCopy) {
    this.#measuring = measuring;
    this.#copy = copy;
  }

  run(): this {
    const { subjects, rounds } = this.#measuring;
    for (let round = 1; round <= rounds; round += 1) {
      // Another one comes first each time: what stands first or last may have it easier.
      const first = (round - 1) % subjects.length;
      for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
        if (!this.#done.has(subject.name)) this.#runOnce(subject, round);
      }
    }
    this.#checkKept();
    return this;
  }

  /** No shortcut of ours may keep other variants than the full encode does. */
  #checkKept(): void {
    const ours = this.sizes.get('ours');
    const full = this.sizes.get('floor-ours');
    if (ours === undefined || full === undefined) return;
    for (const coding of CODINGS) {
      for (const path of new Set([...ours[coding].keys(), ...full[coding].keys()])) {
        const [kept, bytes] = [ours[coding].get(path), full[coding].get(path)];
        if (kept === bytes) continue;
        const text = `${coding} of ${path}: ${kept ?? 'none'} instead of ${bytes ?? 'none'} bytes`;
        this.problems.push(`ours: ${text}`);
      }
    }
  }

  #runOnce(subject: Subject, round: number): void {
    const { corpus, say } = this.#measuring;
    const { folder } = this.#copy;
    const target = { folder, xargsBatch: CORPORA[corpus.name].xargsBatch };
    try {
      const { sizes, ...figures } = runSubject(subject, target);
      this.runs.push({ subject: subject.name, round, ...figures });
      const wall = figures.wallMs === null ? '' : `, ${seconds(figures.wallMs)} s wall`;
      const others = `others ${((figures.othersShare ?? 0) * 100).toFixed(0)} %`;
      const cpu = `${seconds(figures.cpuMs)} s CPU`;
      say(`${corpus.name} ${round}: ${subject.name} ${cpu}${wall}, ${others}`);
      const isPeer = subject.kind === 'command' && subject.baseline !== undefined;
      if (isPeer && (figures.wallMs ?? 0) > LONGEST_REPEATED_MS) this.#done.add(subject.name);
      if (round === 1 || subject.name === 'ours') this.#lookAtSidecars(subject, sizes);
    } catch (error) {
      if (!(error instanceof CommandFailed) || subject.baseline === undefined) throw error;
      this.#done.add(subject.name);
      this.problems.push(`${subject.name}: ${error.message}`);
    } finally {
      this.#copy.clean();
    }
  }

  /** Of peers once; of ours in every round, since threads may meet in another way each time. */
  #lookAtSidecars({ name, kind }: Subject, floorSizes: SidecarSizes | undefined): void {
    if (kind === 'reading') return;
    const problems: string[] = [];
    const sources = new Set(this.#copy.files);
    const sizes = floorSizes ?? sidecarsIn(this.#copy.added(), sources, problems);
    if (kind === 'command') problems.push(...wrongSidecars(this.#copy, sizes));
    this.sizes.set(name, sizes);
    // Of what does not compress, none is right.
    const isNone = CODINGS.every((coding) => sizes[coding].size === 0);
    if (isNone && this.sizes.get('ours')?.br.size !== 0) problems.push('made no sidecar');
    this.problems.push(...problems.slice(0, NAMED_PROBLEMS).map((line) => `${name}: ${line}`));
    const more = problems.length - NAMED_PROBLEMS;
    if (more > 0) this.problems.push(`${name}: ${more} more of this kind`);
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
