// Owns what hints are counted from, and the counting that all of them share. Pure.
import { isKept, type Report, type ReportedSource } from '../../index.js';
import { formatPercent } from '../format.js';
import type { Hint } from './page-data.js';
import { shellWord } from './shell-word.js';

/** What the hints are counted from. */
export interface Facts {
  readonly report: Report;
  /** Bytes of a file, skipped or not; -1 where they are not known. */
  readonly sizeOf: (relativePath: string) => number;
  /** Of each source, what is sent in its best coding. */
  readonly sent: ReadonlyMap<ReportedSource, number>;
  readonly sentBytes: number;
  readonly savedBytes: number;
}

/** Gives a hint when the numbers speak for it. */
export type Advisor = (facts: Facts) => Hint | undefined;

/** What is less than this share of the whole is not worth a word. */
export const LARGE_SHARE = 0.05;

/** The fewest bytes in which a source can be sent. */
export function bestBytes({ sourceBytes, variants }: ReportedSource): number {
  return Math.min(sourceBytes, ...variants.filter(isKept).map((one) => one.encodedBytes));
}

/** The command that does it, to be copied; `null` for a list of files, which is not repeated. */
export function commandOf({ root }: Report, ...words: readonly string[]): string | null {
  if (root === null) return null;
  const folder = root.startsWith('-') ? `./${root}` : root;
  return ['npx wn-compress', ...[folder, ...words].map(shellWord)].join(' ');
}

/** What stands behind the last dot of a name, in lower case; empty for a name without one. */
export function extensionOf(path: string): string {
  return /[^/]\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** A share in words: `12.5%`. */
export function percentOf(part: number, whole: number): string {
  return formatPercent(whole > 0 ? part / whole : 0);
}

/** The sum of all. */
export function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
