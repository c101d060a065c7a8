// Owns what the page of a report advises. Pure: each hint is counted from the report, given only when its
// numbers speak for it, and says them.
import type { Report } from '../../index.js';
import { CONTENT_ADVISORS } from './content-hints.js';
import { bestBytes, sumOf, type Facts } from './hint-facts.js';
import type { Hint } from './page-data.js';
import { SETTING_ADVISORS, staleSidecars } from './setting-hints.js';

/** What can be tried, by what this run found; the weightiest kinds first. */
export function createHints(
  report: Report,
  sizeOf: (relativePath: string) => number,
): readonly Hint[] {
  const sent = new Map(report.sources.map((source) => [source, bestBytes(source)]));
  const sentBytes = sumOf(sent.values());
  const savedBytes = report.totals.sourceBytes - sentBytes;
  const facts: Facts = { report, sizeOf, sent, sentBytes, savedBytes };
  return [staleSidecars, ...CONTENT_ADVISORS, ...SETTING_ADVISORS]
    .map((advise) => advise(facts))
    .filter((hint) => hint !== undefined);
}
