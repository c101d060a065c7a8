// Owns how failures are said: a line each, on stderr, in the same form for all. Pure: a report in,
// lines out.
import { isAbsolute, relative, sep } from 'node:path';
import type { Report } from '../index.js';
import { formatCount } from './format.js';
import { sanitize } from './sanitize.js';

/** The failures that are listed unless all are asked for: more would scroll the summary away. */
const LISTED = 20;

/**
 * The failures of a run, a line each, without a line break at the end; empty when there are none.
 *
 * @param all - whether to list them all
 * @param folder - the working directory; paths in it are shown relative to it
 */
export function failureLines(
  report: Pick<Report, 'failures'>,
  all: boolean,
  folder: string,
): string[] {
  const listed = all ? report.failures : report.failures.slice(0, LISTED);
  const lines = listed.map(
    ({ path, message }) =>
      `wn-compress: ${sanitize(shownPath(path, folder))}: ${sanitize(message)}`,
  );
  const more = report.failures.length - listed.length;
  if (more > 0) {
    lines.push(`wn-compress: … and ${formatCount(more)} more; --verbose or --json lists all`);
  }
  return lines;
}

function shownPath(path: string, folder: string): string {
  const shown = relative(folder, path);
  const isOutside = shown === '..' || shown.startsWith(`..${sep}`) || isAbsolute(shown);
  return shown === '' || isOutside ? path : shown;
}
