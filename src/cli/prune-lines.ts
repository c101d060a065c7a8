// Owns what is said of sidecars without a source, a line each: which ones nobody knows, and which of
// those were deleted all the same. Pure: a report in, lines out.
import type { Orphan, Report } from '../index.js';
import { formatCount } from './format.js';
import { sanitize } from './sanitize.js';

/** Names that are listed unless all are asked for. */
const LISTED = 20;

/**
 * The lines under the summary. What was deleted without a proof is always named in full.
 *
 * @param all - whether to list all that was left alone
 */
export function pruneLines({ orphans, dryRun }: Report, all: boolean): string[] {
  const unknown = orphans.filter(({ isOurs }) => !isOurs);
  const removed = unknown.filter((orphan) => orphan.removed);
  const left = unknown.filter((orphan) => !orphan.removed);
  return [
    ...listLines(
      dryRun
        ? 'Would delete, though not known to be ours:'
        : 'Deleted, though not known to be ours:',
      removed,
      removed.length,
    ),
    ...listLines(
      'Unknown, left alone (no source beside them, and no record that they were written here):',
      left,
      all ? left.length : LISTED,
    ),
  ];
}

function listLines(heading: string, orphans: readonly Orphan[], listed: number): string[] {
  if (orphans.length === 0) return [];
  const more = orphans.length - listed;
  return [
    '',
    heading,
    ...orphans.slice(0, listed).map(({ relativePath }) => `  ${sanitize(relativePath)}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more; --verbose or --json lists all`] : []),
  ];
}
