// Owns the Markdown that a run or a check adds to the summary of a GitHub Actions job. Pure: a report in, text
// out. Whatever comes from the tree is escaped, so that no name is markup.
import type { CheckReport, Report, ReportedFailure } from '../index.js';
import { checkHeadline } from './check-text.js';
import { formatBytes, formatCount, formatDuration, formatSavings } from './format.js';
import { sanitize } from './sanitize.js';
import { largestSavings } from './savings.js';
import { codingRows, countRows, headline, inRoot, spentWords } from './summary-words.js';
import { warningsOf } from './warnings.js';

/** Rows of a list: nobody reads a thousand. */
const LISTED = 100;

/** Characters of a list: a summary of more than 1 MiB is not shown at all, and names may be long. */
const LIST_LENGTH = 100_000;

/** The summary of a run. */
export function runMarkdown(report: Report): string {
  const counts = countRows(report)
    .filter(({ label, count }) => count > 0 && label !== 'failed')
    .map(({ label, count, what }) => `${label} ${formatCount(count)} ${what}`);
  const nothing = report.failures.length > 0 ? 'Nothing was compressed' : 'Nothing to compress';
  const done = report.totals.sources === 0 ? nothing + inRoot(report) : headline(report);
  return paragraphs([
    `### ${escape(done)}`,
    table(
      ['', 'files', 'source', 'encoded', 'saved'],
      codingRows(report).map(({ name, files, source, encoded, savings }) => [
        name,
        formatCount(files),
        source,
        encoded,
        savings,
      ]),
    ),
    escape([...counts, spentWords(report)].join(' · ')),
    ...warningsOf(report).map((warning) => `> [!WARNING]\n> ${escape(warning)}`),
    failuresTable(report.failures),
    savingsTable(report),
  ]);
}

/** The summary of a check. */
export function checkMarkdown(report: CheckReport): string {
  const { findings, durationMs } = report;
  return paragraphs([
    `### ${escape(checkHeadline(report))}`,
    formatDuration(durationMs),
    list(
      ['sidecar', 'problem', 'what to do'],
      findings.map(({ relativePath, problem, remedy }) => [
        code(relativePath),
        problem,
        escape(remedy),
      ]),
    ),
    failuresTable(report.failures),
  ]);
}

function failuresTable(failures: readonly ReportedFailure[]): string {
  const rows = failures.map(({ relativePath, message }) => [
    code(relativePath),
    escape(sanitize(message)),
  ]);
  return rows.length === 0
    ? ''
    : `#### ${formatCount(rows.length)} failed\n\n${list(['file', 'why'], rows)}`;
}

function savingsTable(report: Report): string {
  const rows = largestSavings(report).map(({ source, saved }) => [
    code(source.relativePath),
    formatBytes(source.sourceBytes),
    formatBytes(saved),
    formatSavings(source.sourceBytes, source.sourceBytes - saved),
  ]);
  if (rows.length === 0) return '';
  const heading = '<details><summary>Largest savings</summary>';
  return `${heading}\n\n${table(['file', 'source', 'saved', ''], rows)}\n\n</details>`;
}

function list(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  let length = 0;
  const fitting = rows.slice(0, LISTED).filter((row) => {
    length += row.join().length;
    return length <= LIST_LENGTH;
  });
  const more = rows.length - fitting.length;
  const end = more > 0 ? `… and ${formatCount(more)} more` : '';
  return [table(heads, fitting), end].filter((part) => part !== '').join('\n\n');
}

/** Empty without rows. The first column is left-aligned, and so is text; numbers are not. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const isNumber = (column: number) => /^[\d,.]+( [KMGTP]?i?B|%)?$/.test(rows[0]?.[column] ?? '');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, column) => (isNumber(column) ? '--:' : ':--'));
  return [heads, rule, ...rows].map(line).join('\n');
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n\n`;
}

function code(name: string): string {
  return `<code>${escape(sanitize(name))}</code>`;
}

/** Punctuation as character references, which are never markup (CommonMark 0.31.2, section 2.5). */
function escape(text: string): string {
  return text.replace(/[!-+:-@[-`{-~]|\.(?=\w)/g, (character) => `&#${character.charCodeAt(0)};`);
}
