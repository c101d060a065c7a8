// Owns how the findings of a check are said: a line each, what to do about them, and one line at the end for
// all. Pure: a report in, text out.
import {
  CHECK_PROBLEMS,
  type CheckFinding,
  type CheckProblem,
  type CheckReport,
} from '../index.js';
import type { Style } from './color.js';
import { formatCount, formatCounted, formatDuration } from './format.js';
import { sanitize } from './sanitize.js';
import { inRoot } from './summary-words.js';
import { wrapWords } from './text-width.js';

const PROBLEM_COLUMNS = Math.max(...CHECK_PROBLEMS.map((problem) => problem.length));

/** The findings with one remedy that are listed unless all are asked for. */
const LISTED = 20;

/** How findings are shown. */
export interface CheckTextContext {
  readonly style: Style;
  /** Columns that a line may take; those that name a file take what they need. */
  readonly columns: number;
  /** Whether all findings are listed. */
  readonly all: boolean;
}

/** The findings, the most dangerous first, and their summary, with a line break at the end. */
export function checkText(report: CheckReport, context: CheckTextContext): string {
  const { findings, totals, durationMs } = report;
  const { style } = context;
  const lines = CHECK_PROBLEMS.flatMap((problem) => problemLines(findings, problem, context));
  if (findings.length > 0) lines.push('');
  const spent = style.dim(`(${formatDuration(durationMs)})`);
  lines.push(`${style.bold(checkHeadline(report))} ${spent}`);
  if (totals.unverifiable > 0) {
    const sidecars = formatCounted(totals.unverifiable, 'zstd sidecar');
    lines.push(`${sidecars} could not be checked: zstd takes Node.js 22.15 or later`);
  }
  return `${lines.join('\n')}\n`;
}

/** What was checked and what was found, in a line. */
export function checkHeadline(report: CheckReport): string {
  const { findings, totals } = report;
  const isRight = findings.length === 0 && totals.failed === 0;
  const verdict = isRight
    ? `${formatCounted(totals.valid, 'sidecar')}, all right`
    : problemWords(report);
  return `Checked ${formatCounted(totals.sources, 'file')}${inRoot(report)}: ${verdict}`;
}

/** A line for each finding of a kind, and below those with one remedy that one. */
function problemLines(
  findings: readonly CheckFinding[],
  problem: CheckProblem,
  { style, columns, all }: CheckTextContext,
): string[] {
  const ofKind = findings.filter((finding) => finding.problem === problem);
  const label = style.red(problem.padEnd(PROBLEM_COLUMNS));
  return [...new Set(ofKind.map(({ remedy }) => remedy))].flatMap((remedy) => {
    const group = ofKind.filter((finding) => finding.remedy === remedy);
    const listed = all ? group : group.slice(0, LISTED);
    const more = group.length - listed.length;
    const indent = ' '.repeat(PROBLEM_COLUMNS + 2);
    return [
      ...listed.map(({ relativePath }) => `${label}  ${sanitize(relativePath)}`),
      ...(more > 0
        ? [`${indent}… and ${formatCount(more)} more; --verbose or --json lists all`]
        : []),
      ...wrapWords(remedy.split(' '), columns - indent.length - 2).map((line, index) =>
        style.dim(`${indent}${index === 0 ? '→' : ' '} ${line}`),
      ),
    ];
  });
}

function problemWords({ totals: { problems, failed, valid } }: CheckReport): string {
  const counts = CHECK_PROBLEMS.flatMap((problem) => {
    const count = problems[problem] ?? 0;
    return count === 0 ? [] : [`${formatCount(count)} ${problem}`];
  });
  if (failed > 0) counts.push(`${formatCount(failed)} failed`);
  return `${counts.join(', ')}; ${formatCounted(valid, 'sidecar')} right`;
}
