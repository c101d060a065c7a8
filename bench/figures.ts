// Owns how figures are written: ratios with their spread, times and sizes. Pure, and the same for every
// table.
import type { CommonSidecars } from './sidecars.js';
import type { Spread } from './statistics.js';

/** What stands where there is no figure. */
export const NONE = '–';

/** `0.98 (0.97–1.01)`; of a single round the median alone. */
export function formatRatio(spread: Spread | null): string {
  if (spread === null) return NONE;
  const { median, least, most, count } = spread;
  if (count === 1) return median.toFixed(2);
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Our bytes by theirs, of the sources that both compressed: `0.9987`. */
export function formatByteRatio(common: CommonSidecars | null): string {
  return common === null ? NONE : (common.oursBytes / common.theirsBytes).toFixed(4);
}

/** `12.3 s`. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `41.4 MB`, in millions of bytes. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `3,112`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A Markdown table, its first column to the left, the others to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) =>
    // A bar would end the cell.
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
