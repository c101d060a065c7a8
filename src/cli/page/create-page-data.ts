// Owns what a report page is told: a report, folded into columns. Pure: the sizes of what was skipped, which
// a report does not have, are asked of the caller.
import { isKept, type Report, SKIP_REASONS, type VariantOutcome } from '../../index.js';
import { reasonWords } from '../summary-words.js';
import { createHints } from './hints.js';
import type {
  FileColumns,
  PageData,
  SkipReasonCount,
  VariantColumns,
  VariantState,
} from './page-data.js';

/** What a page says that its report does not. */
export interface PageSurroundings {
  /** Bytes of a file that was skipped; `undefined` when it is none, or cannot be looked at. */
  readonly sizeOf: (relativePath: string) => number | undefined;
  readonly madeAt: Date;
  readonly version: string;
}

/** A file of the tree, as it is put into the columns. */
interface Row {
  readonly path: string;
  readonly size: number;
  readonly state: string;
  readonly variants: readonly VariantOutcome[] | undefined;
}

/** Sidecars are not listed: they are sent in place of their sources, which are. */
const UNLISTED_REASON = 'sidecar';

/** What the page of a report says. */
export function createPageData(report: Report, surroundings: PageSurroundings): PageData {
  const contentCodings = Object.keys(report.totals.contentCodings);
  const rows = [...sourceRows(report), ...skipRows(report, surroundings), ...failedRows(report)];
  rows.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const sizes = new Map(rows.map(({ path, size }) => [path, size]));
  return {
    version: surroundings.version,
    madeAt: surroundings.madeAt.toISOString(),
    root: report.root,
    shard: report.shard,
    dryRun: report.dryRun,
    durationMs: report.durationMs,
    threads: report.threads,
    cacheSavedMs: report.cache?.savedMs ?? null,
    contentCodings,
    files: columnsOf(rows, contentCodings),
    skipReasons: skipReasons(report),
    failures: report.failures.map(({ relativePath, contentCoding, message }) => ({
      path: relativePath,
      contentCoding,
      message,
    })),
    stale: report.stale.map(({ relativePath, removed }) => ({ path: relativePath, removed })),
    orphans: report.orphans.map(({ relativePath, removed }) => ({ path: relativePath, removed })),
    hints: createHints(report, (path) => sizes.get(path) ?? -1),
  };
}

function sourceRows({ sources }: Report): Row[] {
  return sources.map(({ relativePath, sourceBytes, variants }) => ({
    path: relativePath,
    size: sourceBytes,
    state: 's',
    variants,
  }));
}

function skipRows(report: Report, { sizeOf }: PageSurroundings): Row[] {
  const reasons = skipReasonsOf(report);
  return report.skipped
    .filter(({ reason }) => reason !== UNLISTED_REASON)
    .map(({ relativePath, reason }) => ({
      path: relativePath,
      size: sizeOf(relativePath) ?? -1,
      state: reasons.indexOf(reason).toString(36),
      variants: undefined,
    }));
}

/** Files and folders that failed themselves, each once. */
function failedRows({ failures, sources }: Report): Row[] {
  const known = new Set(sources.map(({ relativePath }) => relativePath));
  const failed = failures
    .filter(({ contentCoding }) => contentCoding === null)
    .map(({ relativePath }) => relativePath)
    .filter((path) => !known.has(path));
  return [...new Set(failed)].map((path) => ({ path, size: -1, state: 'f', variants: undefined }));
}

/** The reasons that occurred, most frequent first. */
function skipReasonsOf({ totals: { skippedByReason: counts } }: Report) {
  const occurred = SKIP_REASONS.filter((reason) => (counts[reason] ?? 0) > 0);
  return occurred.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
}

function skipReasons(report: Report): SkipReasonCount[] {
  return skipReasonsOf(report).map((reason) => {
    const count = report.totals.skippedByReason[reason] ?? 0;
    return { words: reasonWords(reason, count), count, isListed: reason !== UNLISTED_REASON };
  });
}

function columnsOf(rows: readonly Row[], contentCodings: readonly string[]): FileColumns {
  const sources = rows.flatMap(({ variants }) => (variants === undefined ? [] : [variants]));
  const shared = rows.map(({ path }, index) => sharedLength(rows[index - 1]?.path ?? '', path));
  return {
    shared,
    rest: rows.map(({ path }, index) => path.slice(shared[index])),
    sizes: rows.map(({ size }) => size),
    states: rows.map(({ state }) => state).join(''),
    variants: contentCodings.map((coding) => variantColumns(sources, coding)),
  };
}

/** Never within a surrogate pair: each rest is text of its own. */
function sharedLength(before: string, path: string): number {
  let length = 0;
  while (length < path.length && before.charCodeAt(length) === path.charCodeAt(length)) length += 1;
  const isSplit = length > 0 && /[\ud800-\udbff]/.test(path.charAt(length - 1));
  return isSplit ? length - 1 : length;
}

function variantColumns(
  sources: readonly (readonly VariantOutcome[])[],
  coding: string,
): VariantColumns {
  const variants = sources.map((all) => all.find(({ contentCoding }) => contentCoding === coding));
  return {
    states: variants.map((variant) => (variant === undefined ? '-' : stateOf(variant))).join(''),
    bytes: variants.map((variant) =>
      variant !== undefined && (isKept(variant) || variant.status === 'discarded')
        ? variant.encodedBytes
        : 0,
    ),
  };
}

function stateOf({ status }: VariantOutcome): VariantState {
  return ({ written: 'w', restored: 'r', unchanged: 'u', discarded: 'd', failed: 'f' } as const)[
    status
  ];
}
