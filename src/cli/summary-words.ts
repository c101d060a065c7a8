// Owns the words and rows of a summary, whatever it is rendered for. Pure: it counts nothing that the report
// does not.
import {
  type ContentCoding,
  type ContentCodingTotals,
  isKept,
  type Report,
  SKIP_REASONS,
  type SkipReason,
} from '../index.js';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatSavings,
} from './format.js';
import { sanitize } from './sanitize.js';

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

/** What was done, in a line. */
export function headline(report: Report): string {
  const done = report.dryRun ? 'Would compress' : 'Compressed';
  return `${done} ${keptWords(report)} (${formatBytes(report.totals.sourceBytes)})${inRoot(report)}`;
}

/** What it took, in a line. */
export function spentWords(report: Report): string {
  const { dryRun, totals, durationMs, threads } = report;
  const throughput = formatBytes(totals.sourceBytes / Math.max(durationMs / 1000, 0.001));
  const spent = `${formatDuration(durationMs)} on ${formatCounted(threads, 'thread')}`;
  const end = dryRun ? '; no sidecar was written or deleted' : '';
  return `${spent}, ${throughput}/s${savedWords(report)}${end}`;
}

/** `12 files`, or `10 of 12 files` when some have no variant that was kept. */
function keptWords({ sources }: Report): string {
  const kept = sources.filter(({ variants }) => variants.some(isKept));
  const all = formatCounted(sources.length, 'file');
  return kept.length === sources.length ? all : `${formatCount(kept.length)} of ${all}`;
}

/** What a content-coding came to, its sizes as text. */
export interface CodingRow {
  readonly name: string;
  /** The files that have a sidecar of it. */
  readonly files: number;
  readonly source: string;
  readonly encoded: string;
  readonly savings: string;
}

/** A row for each content-coding that was on. */
export function codingRows({ totals }: Report): CodingRow[] {
  return Object.entries(totals.contentCodings).map(([coding, row]) => ({
    name: CODING_NAMES[coding as ContentCoding],
    files: row.written + row.restored + row.unchanged,
    source: formatBytes(row.sourceBytes),
    encoded: formatBytes(row.encodedBytes),
    savings: formatSavings(row.sourceBytes, row.encodedBytes),
  }));
}

/** How many of something there are. */
export interface CountRow {
  readonly label: string;
  readonly count: number;
  /** Of what, in the singular when it is one. */
  readonly what: string;
}

/** What became of the rest: a row for each kind that occurred, and always one for what was written. */
export function countRows(report: Report): CountRow[] {
  const { dryRun, totals } = report;
  const codings = Object.values(totals.contentCodings);
  const sum = (field: keyof ContentCodingTotals) =>
    codings.reduce((total, coding) => total + coding[field], 0);
  const rows: CountRow[] = [
    countRow(dryRun ? 'would write' : 'written', sum('written'), 'sidecars'),
    countRow(dryRun ? 'would restore' : 'restored', sum('restored'), 'sidecars from the cache'),
    countRow('unchanged', sum('unchanged'), 'sidecars'),
    countRow('discarded', sum('discarded'), 'variants, not small enough'),
    countRow(
      dryRun ? 'would remove' : 'removed',
      sum('removed'),
      'sidecars of variants now discarded',
    ),
    countRow(
      dryRun ? 'would sweep' : 'swept',
      totals.leftoversRemoved,
      'temporary files of runs that were killed',
    ),
    prunedRow(report),
    countRow('skipped', totals.skipped, `files: ${skipWords(report)}`),
    countRow('failed', totals.failed, 'files or sidecars: see the errors'),
  ];
  return rows.filter(({ count }, index) => count > 0 || index === 0);
}

/** How many sidecars were deleted that no variant replaced, and of which kinds. */
export function prunedRow({ stale, orphans, dryRun }: Report): CountRow {
  const staleCount = stale.filter(({ removed }) => removed).length;
  const orphanCount = orphans.filter(({ removed }) => removed).length;
  const kinds = [
    ...(staleCount > 0 ? [`${formatCount(staleCount)} stale`] : []),
    ...(orphanCount > 0 ? [`${formatCount(orphanCount)} without a source`] : []),
  ];
  const label = dryRun ? 'would prune' : 'pruned';
  return countRow(label, staleCount + orphanCount, `sidecars: ${kinds.join(', ')}`);
}

function countRow(label: string, count: number, what: string): CountRow {
  return { label, count, what: count === 1 ? singular(what) : what };
}

/** What the cache saved, where that is worth a word. */
function savedWords({ cache }: Report): string {
  if (cache === null || cache.savedMs < WORTH_SAYING_MS) return '';
  return `; the cache saved ${formatDuration(cache.savedMs)} of encoding`;
}

function singular(what: string): string {
  return what.replace(/^(sidecar|variant|file|temporary file)s( or sidecar)?s?/, '$1$2');
}

/** The reasons for which files were skipped, and how often each. */
export function skipWords({ totals }: Report): string {
  return SKIP_REASONS.map((reason) => [reason, totals.skippedByReason[reason] ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatCount(count)} ${reasonWords(reason, count)}`)
    .join(', ');
}

/** Where it was done, in front of which a space stands; a list of files may have no root. */
export function inRoot({ root, shard }: Pick<Report, 'root' | 'shard'>): string {
  const slice = shard === null ? '' : `, shard ${shard}`;
  return (root === null ? '' : ` in ${sanitize(root)}`) + slice;
}
