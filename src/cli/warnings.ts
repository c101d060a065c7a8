// Owns the warnings of a run: what is not as it should be, and yet no failure. Pure: a report in, lines out.
import type { Report } from '../index.js';
import { formatCounted } from './format.js';
import { sanitize } from './sanitize.js';

/** The warnings of a run, a line each, without a line break at the end. */
export function warningLines(report: Report): string[] {
  return warningsOf(report).map((warning) => `wn-compress: warning: ${warning}`);
}

/** The warnings of a run; each names the remedy. */
export function warningsOf({ stale, cache, dryRun }: Report): string[] {
  const warnings: string[] = [];
  if (cache?.failure) {
    const what =
      cache.path === null
        ? 'there is no place for a cache (no home directory)'
        : `the cache in ${sanitize(cache.path)} cannot be written (${cache.failure.code})`;
    warnings.push(
      `${what}, so that the next run encodes again; name another with --cache-dir, or turn it off ` +
        'with --no-cache',
    );
  }
  const left = stale.filter(({ removed }) => !removed);
  if (left.length > 0 && !dryRun) {
    const what = formatCounted(left.length, 'sidecar');
    const does =
      left.length === 1 ? 'does not decode to its source' : 'do not decode to their source';
    const [first] = left;
    const example =
      first === undefined
        ? ''
        : ` (${sanitize(first.relativePath)}${left.length > 1 ? ', …' : ''})`;
    warnings.push(
      `${what}${example} of excluded files or of content-codings that are off ${does}, and servers ` +
        `may send them; --prune deletes them, --verbose lists them`,
    );
  }
  return warnings;
}
