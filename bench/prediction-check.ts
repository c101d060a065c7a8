// Owns the measuring behind the prediction: what each file costs one thread, and how well predicted wall
// times agree with real ones. Knows nothing of peers.
import type { Report } from '../src/report.js';
import { BenchError } from './errors.js';
import { costliestFile, type FileCost, makespan, predict } from './makespan.js';
import { plannedSources } from './planned.js';
import type { ReportedPrediction } from './results.js';
import { median } from './statistics.js';
import { OUR_COMMAND, THREADS, WITHOUT_CACHE } from './subjects.js';
import { timeCommand } from './timing.js';
import { WorkingCopy } from './tree.js';

const THREAD_COUNTS = [2, 4, 8, 16, 32, 64];

/** How often the fixed part of a run is measured. */
const REPEATS = 3;

/** What one thread needed. */
interface Costs {
  /** By file, in the order of their paths. */
  readonly files: readonly FileCost[];
  readonly wallMs: number;
}

/**
 * What a run takes beside its files (starting, scanning, ending), in milliseconds.
 *
 * @param original - a small tree; not written to
 * @param folder - where a copy may be made
 */
export function fixedPartMs(original: string, folder: string): number {
  using copy = new WorkingCopy(original, folder);
  const parts = Array.from({ length: REPEATS }, () => {
    const { files, wallMs } = costsOnOneThread(copy);
    return wallMs - totalOf(files);
  });
  return median(parts);
}

/**
 * Measures what each file costs on one thread, and predicts from that.
 *
 * @param fixedMs - see `fixedPartMs`
 * @param wallMs - of ordinary runs, on `THREADS` threads
 * @returns `null` when nothing was compressed
 */
export async function checkedPrediction(
  copy: WorkingCopy,
  fixedMs: number,
  wallMs: number,
): Promise<ReportedPrediction | null> {
  const { batchesFor, twins } = await plannedSources(copy.folder);
  const { files, wallMs: wallOfOneMs } = costsOnOneThread(copy);
  const costliest = costliestFile(files);
  if (costliest === undefined) return null;
  const costs = new Map(files.map(({ relativePath, costMs }) => [relativePath, costMs]));
  const batchesMs = (threads: number) =>
    batchesFor(threads).map((batch) =>
      batch.reduce((sum, path) => sum + (costs.get(path) ?? 0), 0),
    );
  const check = (threads: number, measuredMs: number) => ({
    ...{ threads, measuredMs },
    predictedMs: fixedMs + makespan(batchesMs(threads), threads),
  });
  return {
    ...{ fixedMs, costliest },
    predictions: predict(files, batchesFor, THREAD_COUNTS, withoutTwins(files, twins)),
    checks: [check(1, wallOfOneMs), ...(THREADS === 1 ? [] : [check(THREADS, wallMs)])],
  };
}

/** What the files cost whoever encodes each of them: all twins what the costliest of them does. */
function withoutTwins(
  files: readonly FileCost[],
  twins: readonly (readonly string[])[],
): FileCost[] {
  const costs = new Map(files.map(({ relativePath, costMs }) => [relativePath, costMs]));
  for (const group of twins) {
    const costMs = Math.max(...group.map((path) => costs.get(path) ?? 0));
    for (const path of group) costs.set(path, costMs);
  }
  return [...costs].map(([relativePath, costMs]) => ({ relativePath, costMs }));
}

function costsOnOneThread(copy: WorkingCopy): Costs {
  const argv = [process.execPath, OUR_COMMAND, '--json', '--no-progress', '--threads', '1'];
  const { stdout, wallMs } = timeCommand([...argv, ...WITHOUT_CACHE, copy.folder]);
  copy.clean();
  const { sources, failures } = JSON.parse(stdout) as Report;
  if (failures.length > 0) throw new BenchError(`${failures.length} files failed.`);
  const files = sources.map(({ relativePath, durationMs }) => ({
    ...{ relativePath, costMs: durationMs },
  }));
  return { files, wallMs };
}

function totalOf(files: readonly FileCost[]): number {
  return files.reduce((sum, { costMs }) => sum + costMs, 0);
}
