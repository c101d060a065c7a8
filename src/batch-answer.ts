// Owns how the outcomes of a batch travel from a worker to the main thread: as numbers. Cloned as objects
// they took the worker 8 µs a source and the main thread as much again, and a tenth of a kilobyte of
// strings that are the same for all. Pure.
import type { ContentCoding } from './content-coding.js';
import type { SourceOutcome, VariantOutcome } from './job.js';

/** The outcomes of a batch, in the order of its jobs. */
export interface PackedOutcomes {
  /**
   * For each source its size, the time it took (ms), and for each content-coding that is on what became
   * of the variant (see `FATES`) and its size. A size of `IN_FULL` stands for a source with a
   * failure, of which nothing else is here.
   */
  readonly numbers: Float64Array;
  /** The outcomes of those, in order. */
  readonly inFull: readonly SourceOutcome[];
}

const IN_FULL = -1;

/** What can become of a variant, as a number. A failure has none. */
const FATES = { written: 0, replaced: 1, unchanged: 2, discarded: 3, removed: 4 } as const;

/** Packs outcomes. Those with variants have one for each content-coding, in the same order. */
export function packOutcomes(outcomes: readonly SourceOutcome[]): PackedOutcomes {
  const numbers: number[] = [];
  const inFull: SourceOutcome[] = [];
  for (const outcome of outcomes) {
    const fates = outcome.status === 'failed' ? [] : outcome.variants.map(fateOf);
    if (outcome.status === 'failed' || fates.includes(IN_FULL)) {
      numbers.push(IN_FULL);
      inFull.push(outcome);
      continue;
    }
    numbers.push(outcome.sourceBytes, outcome.durationMs);
    for (const [index, variant] of outcome.variants.entries()) {
      numbers.push(fates[index] ?? 0, variant.status === 'failed' ? 0 : variant.encodedBytes);
    }
  }
  return { numbers: Float64Array.from(numbers), inFull };
}

/**
 * Unpacks what `packOutcomes` made.
 *
 * @param relativePaths - of the sources that have an outcome, and maybe more
 * @param contentCodings - those that are on, in the order of the codecs
 */
export function unpackOutcomes(
  { numbers, inFull }: PackedOutcomes,
  relativePaths: readonly string[],
  contentCodings: readonly ContentCoding[],
): SourceOutcome[] {
  const outcomes: SourceOutcome[] = [];
  const next = numbers.values();
  const others = inFull.values();
  const take = (): number => next.next().value ?? 0;
  for (let left = numbers.length; left > 0;) {
    const sourceBytes = take();
    const other = sourceBytes === IN_FULL ? others.next().value : undefined;
    left -= sourceBytes === IN_FULL ? 1 : 2 + 2 * contentCodings.length;
    outcomes.push(
      other ?? {
        status: 'settled',
        relativePath: relativePaths[outcomes.length] ?? '',
        sourceBytes,
        durationMs: take(),
        variants: contentCodings.map((contentCoding) => variantOf(contentCoding, take(), take())),
      },
    );
  }
  return outcomes;
}

function fateOf(variant: VariantOutcome): number {
  switch (variant.status) {
    case 'written':
      return variant.replaced ? FATES.replaced : FATES.written;
    case 'unchanged':
      return FATES.unchanged;
    case 'discarded':
      return variant.removed ? FATES.removed : FATES.discarded;
    case 'failed':
      return IN_FULL;
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
  return { status: 'discarded', contentCoding, encodedBytes, removed: fate === FATES.removed };
}
