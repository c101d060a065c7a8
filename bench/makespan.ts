// Owns the prediction of how long work takes on so many threads, by the order in which it is handed out.
// Pure: it knows the cost of each file, never a clock.

/** What a file costs a thread. */
export interface FileCost {
  readonly relativePath: string;
  readonly costMs: number;
}

/** The predicted wall time of the work on one number of threads, in milliseconds. */
export interface Prediction {
  readonly threads: number;
  /** In our order: the batches of the plan, the largest files first. */
  readonly oursMs: number;
  /** One file after the other in the order of their paths, each to the first thread that is free. */
  readonly firstComeMs: number;
  /** As many equal runs of files, in the order of their paths, as there are threads. */
  readonly chunksMs: number;
  /** What no order can beat: the work divided evenly, or the costliest file. */
  readonly boundMs: number;
  /** Whether it is the costliest file that sets the bound. */
  readonly boundByFile: boolean;
}

/** Hands out jobs in their order, each to the thread that is free first; how long until all are done. */
export function makespan(jobsMs: readonly number[], threads: number): number {
  const busyUntil = new Array<number>(threads).fill(0);
  for (const jobMs of jobsMs) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + jobMs;
  }
  return Math.max(...busyUntil);
}

/** Divides jobs into as many runs of equal number as there are threads; the longest of them. */
export function longestChunk(jobsMs: readonly number[], threads: number): number {
  const length = Math.ceil(jobsMs.length / threads);
  let longest = 0;
  for (let start = 0; start < jobsMs.length; start += length) {
    longest = Math.max(longest, total(jobsMs.slice(start, start + length)));
  }
  return longest;
}

/**
 * Predicts every order on every number of threads.
 *
 * @param files - with their costs, in the order of their paths
 * @param batchesFor - relative paths by batch, in the order in which we hand them to so many threads
 * @param othersFiles - with what they cost whoever encodes the same bytes more than once
 */
export function predict(
  files: readonly FileCost[],
  batchesFor: (threads: number) => readonly (readonly string[])[],
  threadCounts: readonly number[],
  othersFiles: readonly FileCost[] = files,
): Prediction[] {
  const costs = new Map(files.map(({ relativePath, costMs }) => [relativePath, costMs]));
  const batchesMs = (threads: number) =>
    batchesFor(threads).map((batch) => total(batch.map((path) => costs.get(path) ?? 0)));
  const filesMs = files.map(({ costMs }) => costMs);
  const othersMs = othersFiles.map(({ costMs }) => costMs);
  const costliest = costliestFile(files)?.costMs ?? 0;
  return threadCounts.map((threads) => {
    const evenly = total(filesMs) / threads;
    return {
      threads,
      oursMs: makespan(batchesMs(threads), threads),
      firstComeMs: makespan(othersMs, threads),
      chunksMs: longestChunk(othersMs, threads),
      boundMs: Math.max(evenly, costliest),
      boundByFile: costliest > evenly,
    };
  });
}

/** The file that costs most. */
export function costliestFile(files: readonly FileCost[]): FileCost | undefined {
  let costliest: FileCost | undefined;
  for (const file of files) {
    if (costliest === undefined || file.costMs > costliest.costMs) costliest = file;
  }
  return costliest;
}

function total(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0);
}
