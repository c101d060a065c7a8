// Owns the summary at the end of a run: one screen on stdout. Pure: a report in, text out; it counts
// nothing that the report does not.
import type { CompressOptions, Report } from '../index.js';
import type { Style } from './color.js';
import { formatCount, formatCounted } from './format.js';
import { sanitize } from './sanitize.js';
import {
  codingRows,
  countRows,
  headline,
  inRoot,
  prunedRow,
  skipWords,
  spentWords,
  type CodingRow,
} from './summary-words.js';
import { wrapWords } from './text-width.js';

/** What of the surroundings the summary depends on. */
export interface SummaryContext {
  readonly style: Style;
  /** Columns that a line may take. */
  readonly columns: number;
  /** The globs of `--include`, for a hint when they match nothing. */
  readonly include: NonNullable<CompressOptions['include']>;
}

/** The summary of a run, with a line break at its end. */
export function summaryText(report: Report, context: SummaryContext): string {
  const lines =
    report.totals.sources === 0 ? nothingLines(report, context) : runLines(report, context);
  return `${lines.join('\n')}\n`;
}

function runLines(report: Report, context: SummaryContext): string[] {
  const { style } = context;
  return [
    style.bold(headline(report)),
    '',
    ...codingLines(report, style),
    '',
    ...countLines(report, context),
    '',
    ...wrapWords(spentWords(report).split(' '), context.columns).map(style.dim),
  ];
}

/** For each content-coding, in columns: files kept, source → encoded size, savings. */
function codingLines(report: Report, style: Style): string[] {
  const rows = codingRows(report).map(({ files, savings, ...row }) => ({
    ...row,
    files: formatCounted(files, 'file'),
    savings: `${savings} saved`,
  }));
  const width = (column: keyof CodingRow) => Math.max(...rows.map((row) => row[column].length));
  return rows.map(({ name, files, source, encoded, savings }) => {
    const sizes = `${source.padStart(width('source'))} → ${encoded.padStart(width('encoded'))}`;
    const start = `  ${name.padEnd(width('name'))}  ${files.padStart(width('files'))}  ${sizes}  `;
    return start + style.green(savings.padStart(width('savings')));
  });
}

/** What became of the rest, a line for each kind that occurred. */
function countLines(report: Report, context: SummaryContext): string[] {
  const rows = countRows(report);
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const countWidth = Math.max(...rows.map(({ count }) => formatCount(count).length));
  return rows.flatMap(({ label, count, what }) => {
    const start = `  ${label.padEnd(labelWidth)}  ${formatCount(count).padStart(countWidth)} `;
    const [first = '', ...rest] = wrapWords(what.split(' '), context.columns - start.length);
    const painted = label === 'failed' ? context.style.red(start) : start;
    return [painted + first, ...rest.map((line) => ' '.repeat(start.length) + line)];
  });
}

function nothingLines(report: Report, context: SummaryContext): string[] {
  const { totals, dryRun } = report;
  const reasons =
    totals.skipped === 0
      ? `no files ${report.root === null ? 'were named' : 'there'}`
      : `${formatCounted(totals.skipped, 'file')} skipped (${skipWords(report)})`;
  const lines =
    totals.failed > 0
      ? [`Nothing was compressed${inRoot(report)}: ${totals.failed} failed, see the errors`]
      : wrapWords(`Nothing to compress${inRoot(report)}: ${reasons}`.split(' '), context.columns);
  const { count: pruned, what } = prunedRow(report);
  if (pruned > 0) {
    lines.push(`${dryRun ? 'Would prune' : 'Pruned'} ${formatCount(pruned)} ${what}`);
  }
  if (totals.leftoversRemoved > 0) {
    const swept = formatCounted(totals.leftoversRemoved, 'temporary file');
    lines.push(`${dryRun ? 'Would sweep' : 'Swept'} ${swept} of runs that were killed`);
  }
  const flat = context.include.find((glob) => !glob.includes('/'));
  if (flat !== undefined && (totals.skippedByReason['not-included'] ?? 0) > 0) {
    const glob = sanitize(flat);
    lines.push(`Hint: '${glob}' matches at the top only; '**/${glob}' matches in every folder`);
  }
  return lines;
}
