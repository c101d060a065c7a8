// Owns what --verbose adds to the summary: a line for each sidecar and each skipped file, and the
// largest savings. Pure: events in, lines out.
import {
  type Report,
  type RunEvent,
  sidecarPath,
  type SourceOutcome,
  type StaleSidecar,
  type VariantOutcome,
} from '../index.js';
import { formatBytes, formatRatio, formatSavings } from './format.js';
import { sanitize } from './sanitize.js';
import { largestSavings } from './savings.js';
import { reasonWords } from './summary-words.js';

/** Columns of the word that stands first in a line: `would restore` is the longest. */
const STATUS_COLUMNS = 13;

/** The lines that an event is worth; for most events none. */
export function verboseLines(event: RunEvent, dryRun: boolean): string[] {
  switch (event.type) {
    case 'source-settled':
      return outcomeLines(event.outcome, dryRun);
    case 'finished':
      return [
        ...event.report.skipped.map(({ relativePath, reason }) =>
          line('skipped', relativePath, reasonWords(reason)),
        ),
        ...event.report.orphans
          .filter(({ removed }) => removed)
          .map(({ relativePath }) =>
            line(dryRun ? 'would remove' : 'removed', relativePath, 'its source is gone'),
          ),
      ];
    case 'scanned':
    case 'planned':
    case 'source-started':
      return [];
  }
}

/** The sources that save most, by bytes, under a heading; empty when none saves anything. */
export function largestSavingsLines(report: Report): string[] {
  const largest = largestSavings(report);
  if (largest.length === 0) return [];
  const width = Math.max(...largest.map(({ saved }) => formatBytes(saved).length));
  return [
    'Largest savings',
    ...largest.map(({ source, saved }) => {
      const share = formatSavings(source.sourceBytes, source.sourceBytes - saved).padStart(6);
      return `  ${formatBytes(saved).padStart(width)}  ${share}  ${sanitize(source.relativePath)}`;
    }),
  ];
}

function outcomeLines(outcome: SourceOutcome, dryRun: boolean): string[] {
  const { relativePath } = outcome;
  switch (outcome.status) {
    // Why something failed stands on stderr, where it is also without --verbose.
    case 'failed':
      return [line('failed', relativePath, outcome.failure.code)];
    case 'checked':
      return [];
    case 'left-out':
      return staleLines(relativePath, outcome.stale, dryRun);
    case 'settled':
      return [
        ...outcome.variants.map((variant) =>
          variantLine(relativePath, outcome.sourceBytes, variant, dryRun),
        ),
        ...staleLines(relativePath, outcome.stale, dryRun),
      ];
  }
}

function variantLine(
  relativePath: string,
  sourceBytes: number,
  variant: VariantOutcome,
  dryRun: boolean,
): string {
  const path = sidecarPath(relativePath, variant.contentCoding);
  if (variant.status === 'failed') return line('failed', path, variant.failure.code);
  const sizes =
    `${formatBytes(sourceBytes)} → ${formatBytes(variant.encodedBytes)}, ` +
    `ratio ${formatRatio(sourceBytes, variant.encodedBytes)}`;
  switch (variant.status) {
    case 'written':
      return line(dryRun ? 'would write' : 'written', path, sizes);
    case 'restored':
      return line(dryRun ? 'would restore' : 'restored', path, sizes);
    case 'unchanged':
      return line('unchanged', path, sizes);
    case 'discarded': {
      const removal = dryRun ? '; would remove the sidecar' : '; sidecar removed';
      return line('discarded', path, sizes + (variant.removed ? removal : ''));
    }
  }
}

function staleLines(
  relativePath: string,
  stale: readonly StaleSidecar[],
  dryRun: boolean,
): string[] {
  return stale.map(({ contentCoding, removed }) => {
    const status = removed ? (dryRun ? 'would remove' : 'removed') : 'stale';
    const path = sidecarPath(relativePath, contentCoding);
    return line(status, path, 'does not decode to its source');
  });
}

function line(status: string, path: string, rest: string): string {
  return `${status.padEnd(STATUS_COLUMNS)}  ${sanitize(path)}  ${rest}`;
}
