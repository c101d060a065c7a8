// Owns the question what a source saves: what a client is spared that takes every content-coding, and
// so gets the smallest kept variant. Pure.
import { isKept, type Report, type ReportedSource, type VariantOutcome } from '../index.js';

/** Bytes of the smallest variant that was kept, or `undefined` when none was. */
function smallestKept(variants: readonly VariantOutcome[]): number | undefined {
  let smallest: number | undefined;
  for (const variant of variants) {
    if (!isKept(variant)) continue;
    smallest = Math.min(smallest ?? Infinity, variant.encodedBytes);
  }
  return smallest;
}

/** Bytes that the source saves; 0 when no variant of it was kept. */
export function savedBytes(source: Pick<ReportedSource, 'sourceBytes' | 'variants'>): number {
  return source.sourceBytes - (smallestKept(source.variants) ?? source.sourceBytes);
}

/** Sources among the largest savings. */
const LARGEST = 5;

/** The sources that save most, by bytes, the largest savings first; those only that save anything. */
export function largestSavings(
  report: Pick<Report, 'sources'>,
): { readonly source: ReportedSource; readonly saved: number }[] {
  return report.sources
    .map((source) => ({ source, saved: savedBytes(source) }))
    .filter(({ saved }) => saved > 0)
    .sort((a, b) => b.saved - a.saved)
    .slice(0, LARGEST);
}
