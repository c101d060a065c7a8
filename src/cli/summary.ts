// Owns the summary at the end of a run: one screen on stdout. Pure: a report in, text out; it counts
// nothing that the report does not.
import {
  type CompressOptions,
  type ContentCoding,
  type ContentCodingTotals,
  isKept,
  type Report,
  SKIP_REASONS,
  type SkipReason,
} from '../index.js';
import type { Style } from './color.js';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatSavings,
} from './format.js';
import { sanitize } from './sanitize.js';
import { wrapWords } from './text-width.js';

/** What of the surroundings the summary depends on. */
export interface SummaryContext {
  readonly style: Style;
  /** Columns that a line may take. */
  readonly columns: number;
  /** The globs of `--include`, for a hint when they match nothing. */
  readonly include: NonNullable<CompressOptions['include']>;
}

/** How content-codings are called: by the names that people know, not by their HTTP tokens. */
const CODING_NAMES: Readonly<Record<ContentCoding, string>> = {
  gzip: 'gzip',
  br: 'brotli',
  zstd: 'zstd',
};

/** How a reason for skipping reads behind a number: one file, several files. */
const REASON_WORDS: Readonly<Record<SkipReason, readonly [string, string]>> = {
  'outside-root': ['outside root', 'outside root'],
  sidecar: ['sidecar', 'sidecars'],
  'excluded-extension': ['excluded extension', 'excluded extension'],
  excluded: ['matched by --exclude', 'matched by --exclude'],
  'not-included': ['not matched by --include', 'not matched by --include'],
  'broken-link': ['broken link', 'broken links'],
  'linked-directory': ['linked directory', 'linked directories'],
  'linked-sidecar': ['link to a sidecar', 'links to sidecars'],
  'not-a-file': ['not a regular file', 'not regular files'],
  empty: ['empty', 'empty'],
  'too-small': ['below --min-size', 'below --min-size'],
};

/** How a reason for skipping reads, for so many files. */
export function reasonWords(reason: SkipReason, count = 1): string {
  return REASON_WORDS[reason][count === 1 ? 0 : 1];
}

/** What the cache saves is told from here on. */
const WORTH_SAYING_MS = 100;

/** The summary of a run, with a line break at its end. */
export function summaryText(report: Report, context: SummaryContext): string {
  const lines =
    report.totals.sources === 0 ? nothingLines(report, context) : runLines(report, context);
  return `${lines.join('\n')}\n`;
}

function runLines(report: Report, context: SummaryContext): string[] {
  const { dryRun, totals, durationMs, threads } = report;
  const { style } = context;
  const done = dryRun ? 'Would compress' : 'Compressed';
  const throughput = formatBytes(totals.sourceBytes / Math.max(durationMs / 1000, 0.001));
  const spent = `${formatDuration(durationMs)} on ${formatCounted(threads, 'thread')}`;
  return [
    style.bold(
      `${done} ${keptWords(report)} (${formatBytes(totals.sourceBytes)})${inRoot(report)}`,
    ),
    '',
    ...codingLines(report, style),
    '',
    ...countLines(report, context),
    '',
    style.dim(
      `${spent}, ${throughput}/s${savedWords(report)}` +
        (dryRun ? '; nothing was written or deleted' : ''),
    ),
  ];
}

/** `12 files`, or `10 of 12 files` when some have no variant that was kept. */
function keptWords({ sources }: Report): string {
  const kept = sources.filter(({ variants }) => variants.some(isKept));
  const all = formatCounted(sources.length, 'file');
  return kept.length === sources.length ? all : `${formatCount(kept.length)} of ${all}`;
}

/** For each content-coding, in columns: files kept, source → encoded size, savings. */
function codingLines({ totals }: Report, style: Style): string[] {
  const rows = Object.entries(totals.contentCodings).map(([coding, row]) => [
    CODING_NAMES[coding as ContentCoding],
    formatCounted(row.written + row.restored + row.unchanged, 'file'),
    formatBytes(row.sourceBytes),
    formatBytes(row.encodedBytes),
    `${formatSavings(row.sourceBytes, row.encodedBytes)} saved`,
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(([name = '', files = '', source = '', encoded = '', saved = '']) => {
    const sizes = `${source.padStart(width(2))} → ${encoded.padStart(width(3))}`;
    const start = `  ${name.padEnd(width(0))}  ${files.padStart(width(1))}  ${sizes}  `;
    return start + style.green(saved.padStart(width(4)));
  });
}

/** What became of the rest, a line for each kind that occurred. */
function countLines(report: Report, context: SummaryContext): string[] {
  const { dryRun, totals } = report;
  const rows = Object.values(totals.contentCodings);
  const sum = (field: keyof ContentCodingTotals) =>
    rows.reduce((total, row) => total + row[field], 0);
  const counts: readonly (readonly [label: string, count: number, what: string])[] = [
    [dryRun ? 'would write' : 'written', sum('written'), 'sidecars'],
    [dryRun ? 'would restore' : 'restored', sum('restored'), 'sidecars from the cache'],
    ['unchanged', sum('unchanged'), 'sidecars'],
    ['discarded', sum('discarded'), 'variants, not small enough'],
    [dryRun ? 'would remove' : 'removed', sum('removed'), 'sidecars of variants now discarded'],
    [
      dryRun ? 'would sweep' : 'swept',
      totals.leftoversRemoved,
      'temporary files of runs that were killed',
    ],
    [dryRun ? 'would prune' : 'pruned', ...prunedCount(report)],
    ['skipped', totals.skipped, `files: ${skipWords(report)}`],
    ['failed', totals.failed, 'see the errors'],
  ];
  const shown = counts.filter(([, count], index) => count > 0 || index === 0);
  const labelWidth = Math.max(...shown.map(([label]) => label.length));
  const countWidth = Math.max(...shown.map(([, count]) => formatCount(count).length));
  return shown.flatMap(([label, count, what]) => {
    const start = `  ${label.padEnd(labelWidth)}  ${formatCount(count).padStart(countWidth)} `;
    const words = (count === 1 ? singular(what) : what).split(' ');
    const [first = '', ...rest] = wrapWords(words, context.columns - start.length);
    const painted = label === 'failed' ? context.style.red(start) : start;
    return [painted + first, ...rest.map((line) => ' '.repeat(start.length) + line)];
  });
}

/** How many sidecars were deleted that no variant replaced, and of which kinds. */
function prunedCount({ stale, orphans }: Report): readonly [count: number, what: string] {
  const staleCount = stale.filter(({ removed }) => removed).length;
  const orphanCount = orphans.filter(({ removed }) => removed).length;
  const kinds = [
    ...(staleCount > 0 ? [`${formatCount(staleCount)} stale`] : []),
    ...(orphanCount > 0 ? [`${formatCount(orphanCount)} without a source`] : []),
  ];
  return [staleCount + orphanCount, `sidecars: ${kinds.join(', ')}`];
}

/** What the cache saved, where that is worth a word. */
function savedWords({ cache }: Report): string {
  if (cache === null || cache.savedMs < WORTH_SAYING_MS) return '';
  return `; the cache saved ${formatDuration(cache.savedMs)} of encoding`;
}

function singular(what: string): string {
  return what.replace(/^(sidecar|variant|file|temporary file)s/, '$1');
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
  const [pruned, what] = prunedCount(report);
  if (pruned > 0) {
    const words = pruned === 1 ? singular(what) : what;
    lines.push(`${dryRun ? 'Would prune' : 'Pruned'} ${formatCount(pruned)} ${words}`);
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

function skipWords({ totals }: Report): string {
  return SKIP_REASONS.map((reason) => [reason, totals.skippedByReason[reason] ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatCount(count)} ${reasonWords(reason, count)}`)
    .join(', ');
}

/** A list of files may have no root. */
function inRoot({ root, shard }: Report): string {
  const slice = shard === null ? '' : `, shard ${shard}`;
  return (root === null ? '' : ` in ${sanitize(root)}`) + slice;
}
