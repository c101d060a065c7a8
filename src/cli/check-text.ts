// Owns how the findings of a check are said: a line each with what to do, and one at the end for all. Pure:
// a report in, text out.
import { CHECK_PROBLEMS, type CheckReport } from '../index.js';
import type { Style } from './color.js';
import { formatCount, formatCounted, formatDuration } from './format.js';
import { sanitize } from './sanitize.js';

const PROBLEM_COLUMNS = Math.max(...CHECK_PROBLEMS.map((problem) => problem.length));

/** The findings and their summary, with a line break at the end. */
export function checkText(report: CheckReport, style: Style): string {
  const { findings, totals, root, shard, durationMs } = report;
  const lines = findings.map(
    ({ problem, relativePath, remedy }) =>
      `${style.red(problem.padEnd(PROBLEM_COLUMNS))}  ${sanitize(relativePath)}: ${remedy}`,
  );
  const where = root === null ? '' : ` in ${sanitize(root)}`;
  const slice = shard === null ? '' : `, shard ${shard}`;
  const checked = `Checked ${formatCounted(totals.sources, 'file')}${where}${slice}`;
  const verdict =
    findings.length === 0
      ? `${formatCounted(totals.valid, 'sidecar')}, all right`
      : problemWords(report);
  if (findings.length > 0) lines.push('');
  lines.push(
    `${style.bold(`${checked}: ${verdict}`)} ${style.dim(`(${formatDuration(durationMs)})`)}`,
  );
  if (totals.unverifiable > 0) {
    const sidecars = formatCounted(totals.unverifiable, 'zstd sidecar');
    lines.push(`${sidecars} could not be checked: zstd takes Node.js 22.15 or later`);
  }
  return `${lines.join('\n')}\n`;
}

function problemWords({ totals: { problems, valid } }: CheckReport): string {
  const counts = CHECK_PROBLEMS.flatMap((problem) => {
    const count = problems[problem] ?? 0;
    return count === 0 ? [] : [`${formatCount(count)} ${problem}`];
  });
  return `${counts.join(', ')}; ${formatCounted(valid, 'sidecar')} right`;
}
