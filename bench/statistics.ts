// Owns the statistics of repeated measurements: medians and paired ratios with their spread. Pure: it
// knows numbers, not what they measure.

/** The middle of repeated figures, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many figures there were. */
  readonly count: number;
}

/** The middle figure; of an even number, the mean of the two in the middle. `NaN` of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Median, least and most of figures, or `undefined` of none. */
export function spread(figures: readonly number[]): Spread | undefined {
  if (figures.length === 0) return undefined;
  return {
    median: median(figures),
    least: Math.min(...figures),
    most: Math.max(...figures),
    count: figures.length,
  };
}

/**
 * The spread of `ours / theirs`, each of the same round, so that a machine which is slow for a while is
 * slow for both. Rounds in which one of the two is missing are left out.
 *
 * @param ours - figures by round
 * @param theirs - figures by round, in the same unit
 */
export function pairedRatio(
  ours: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
): Spread | undefined {
  const ratios: number[] = [];
  for (const [round, figure] of ours) {
    const other = theirs.get(round);
    if (other !== undefined && other > 0) ratios.push(figure / other);
  }
  return spread(ratios);
}
