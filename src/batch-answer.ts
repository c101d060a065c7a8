// Owns how the outcomes of a batch travel from a worker to the main thread: as numbers. Cloned as objects
// they took the worker 8 µs a source, and the main thread 7. Pure.
import type { ContentCoding } from './content-coding.js';
import type { SourceOutcome, VariantOutcome } from './job.js';

/** The outcomes of a batch, in the order of its jobs. */
export interface PackedOutcomes {
  /**
   * For each source its size, the time it took (ms), the time that the cache saved (ms), and for each content-coding that is on what became
   * of the variant (see `FATES`) and its size. A size of `IN_FULL` stands for a source of which
   * more is to be said, and nothing else is here.
   */
  readonly numbers: Float64Array;
  /** The outcomes of those, in order. */
  readonly inFull: readonly SourceOutcome[];
}

const IN_FULL = -1;

/** What can become of a variant, as a number. A failure has none. */
const FATES = {
  written: 0,
  replaced: 1,
  restored: 2,
  'restored over': 3,
  unchanged: 4,
  discarded: 5,
  removed: 6,
} as const;

/** Packs outcomes. Those with variants have one for each content-coding, in the same order. */
export function packOutcomes(outcomes: readonly SourceOutcome[]): PackedOutcomes {
  const numbers: number[] = [];
  const inFull: SourceOutcome[] = [];
  for (const outcome of outcomes) {
    const row = rowOf(outcome);
    if (row === undefined) inFull.push(outcome);
    numbers.push(...(row ?? [IN_FULL]));
  }
  return { numbers: Float64Array.from(numbers), inFull };
}

/**
 * Unpacks what `packOutcomes` made.
 *
 * @param relativePaths - of the sources that have an outcome, and maybe more
 * @param contentCodings - those that are on, in the order of the codecs
 * @throws a RangeError when the numbers do not come out even: a defect of ours
 */
export function unpackOutcomes(
  { numbers, inFull }: PackedOutcomes,
  relativePaths: readonly string[],
  contentCodings: readonly ContentCoding[],
): SourceOutcome[] {
  const outcomes: SourceOutcome[] = [];
  const others = inFull.values();
  let position = 0;
  const take = (): number => present(numbers[position++]);
  while (position < numbers.length) {
    const sourceBytes = take();
    if (sourceBytes === IN_FULL) {
      outcomes.push(present(others.next().value));
      continue;
    }
    const durationMs = take();
    const savedMs = take();
    const relativePath = present(relativePaths[outcomes.length]);
    const variants = contentCodings.map((contentCoding) =>
      variantOf(contentCoding, take(), take()),
    );
    const times = { durationMs, savedMs };
    outcomes.push({ status: 'settled', relativePath, sourceBytes, ...times, variants, stale: [] });
  }
  return outcomes;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('the answer of a worker does not come out even');
  return value;
}

/** The numbers of an outcome; `undefined` when they do not say all. */
function rowOf(outcome: SourceOutcome): number[] | undefined {
  if (outcome.status !== 'settled' || outcome.stale.length > 0) return undefined;
  const row = [outcome.sourceBytes, outcome.durationMs, outcome.savedMs];
  for (const variant of outcome.variants) {
    if (variant.status === 'failed') return undefined;
    row.push(fateOf(variant), variant.encodedBytes);
  }
  return row;
}

function fateOf(variant: Exclude<VariantOutcome, { status: 'failed' }>): number {
  switch (variant.status) {
    case 'written':
      return variant.replaced ? FATES.replaced : FATES.written;
    case 'restored':
      return variant.replaced ? FATES['restored over'] : FATES.restored;
    case 'unchanged':
      return FATES.unchanged;
    case 'discarded':
      return variant.removed ? FATES.removed : FATES.discarded;
  }
}

function variantOf(
  contentCoding: ContentCoding,
  fate: number,
  encodedBytes: number,
): VariantOutcome {
  if (fate === FATES.unchanged) return { status: 'unchanged', contentCoding, encodedBytes };
  if (fate === FATES.written || fate === FATES.replaced) {
    const replaced = fate === FATES.replaced;
    return { status: 'written', contentCoding, encodedBytes, replaced };
  }
  if (fate === FATES.restored || fate === FATES['restored over']) {
    const replaced = fate === FATES['restored over'];
    return { status: 'restored', contentCoding, encodedBytes, replaced };
  }
  return { status: 'discarded', contentCoding, encodedBytes, removed: fate === FATES.removed };
}
