// Owns the words of the progress: for the one line of a terminal, cut to its columns, and for the
// plain lines of a pipe. Pure.
import { formatBytes, formatCount, formatTimeLeft } from './format.js';
import type { ProgressView } from './progress-state.js';
import { sanitize } from './sanitize.js';
import { textWidth, truncateMiddle } from './text-width.js';

/** Fewer columns than these say nothing of a name. */
const MIN_NAME_COLUMNS = 12;

/** The line for a terminal. What finds no room in the columns is left out, the least telling first. */
export function terminalLine(view: ProgressView, columns: number, dryRun: boolean): string {
  if (view.phase === 'scanning') return truncateMiddle('looking for files', columns);
  const parts = [`${String(view.percent).padStart(2)}%`, `${progressCount(view)} files`];
  if (view.timeLeftMs !== undefined) parts.push(`${formatTimeLeft(view.timeLeftMs)} left`);
  const saved = `${formatBytes(view.savedBytes)} ${dryRun ? 'to save' : 'saved'}`;
  if (textWidth([...parts, saved].join('  ')) <= columns) parts.splice(2, 0, saved);
  const line = parts.join('  ');
  const room = columns - textWidth(line) - 2;
  if (view.slowest === undefined || room < MIN_NAME_COLUMNS) return truncateMiddle(line, columns);
  return `${line}  ${truncateMiddle(sanitize(view.slowest), room)}`;
}

/** The line for a pipe. */
export function plainLine(view: ProgressView, dryRun: boolean): string {
  if (view.phase === 'scanning') return 'wn-compress: looking for files';
  const parts = [
    `${view.percent}%, ${progressCount(view)} files`,
    `${formatBytes(view.savedBytes)} ${dryRun ? 'to save' : 'saved'}`,
  ];
  if (view.timeLeftMs !== undefined) parts.push(`about ${formatTimeLeft(view.timeLeftMs)} left`);
  if (view.slowest !== undefined) parts.push(`working on ${sanitize(view.slowest)}`);
  return `wn-compress: ${parts.join(', ')}`;
}

function progressCount({ settled, sources }: ProgressView): string {
  return `${formatCount(settled)}/${formatCount(sources)}`;
}
