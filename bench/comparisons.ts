// Owns the comparison of what was measured: paired ratios of time and memory, sidecars of the same
// sources, and what we spend beside the codecs. Pure: it knows figures, not commands.
import type { Comparison, Run, Surroundings } from './results.js';
import { commonSidecars, type SidecarSizes } from './sidecars.js';
import { pairedRatio, spread } from './statistics.js';
import type { BaselineName, SubjectName } from './subjects.js';

/** A figure of a run that is compared. */
type Measure = 'cpuMs' | 'wallMs' | 'peakRssBytes';

/** Figures of one subject by round, without the rounds in which there is none. */
export function figuresOf(
  runs: readonly Run[],
  subject: SubjectName,
  measure: Measure,
): Map<number, number> {
  const figures = new Map<number, number>();
  for (const run of runs) {
    const figure = run[measure];
    if (run.subject === subject && figure !== null) figures.set(run.round, figure);
  }
  return figures;
}

/**
 * Compares one of ours with a subject. A floor has no wall time: ours, multiplied by the threads that it
 * has, is divided by the CPU time of the floor, which is 1 when no core ever does anything else.
 */
export function compare(
  ours: BaselineName,
  subject: SubjectName,
  runs: readonly Run[],
  sizes: ReadonlyMap<SubjectName, SidecarSizes>,
  threads: number,
): Comparison {
  const ratio = (measure: Measure) =>
    pairedRatio(figuresOf(runs, ours, measure), figuresOf(runs, subject, measure)) ?? null;
  const isFloor = subject === 'floor' || subject === 'floor-ours';
  const threadMs = new Map(
    [...figuresOf(runs, ours, 'wallMs')].map(([round, wallMs]) => [round, wallMs * threads]),
  );
  const overFloor = pairedRatio(threadMs, figuresOf(runs, subject, 'cpuMs')) ?? null;
  const ourSizes = sizes.get(ours);
  const theirSizes = sizes.get(subject);
  const common = (coding: keyof SidecarSizes) => {
    if (ourSizes === undefined || theirSizes === undefined) return null;
    const sidecars = commonSidecars(ourSizes[coding], theirSizes[coding]);
    return sidecars.sources === 0 ? null : sidecars;
  };
  return {
    subject,
    ours,
    cpu: ratio('cpuMs'),
    wall: isFloor ? overFloor : ratio('wallMs'),
    peakRss: ratio('peakRssBytes'),
    gzip: common('gzip'),
    br: common('br'),
  };
}

/** Our CPU time less that of the codecs with the same settings, against finding and reading alone. */
export function surroundingsOf(runs: readonly Run[]): Surroundings | null {
  const ours = figuresOf(runs, 'ours', 'cpuMs');
  const codecs = figuresOf(runs, 'floor-ours', 'cpuMs');
  const reading = figuresOf(runs, 'reading', 'cpuMs');
  const around = new Map<number, number>();
  for (const [round, cpuMs] of ours) {
    const codecMs = codecs.get(round);
    if (codecMs !== undefined) around.set(round, cpuMs - codecMs);
  }
  const oursMs = spread([...around.values()]);
  const readingMs = spread([...reading.values()]);
  const ratio = pairedRatio(around, reading);
  return oursMs && readingMs && ratio ? { oursMs, readingMs, ratio } : null;
}
