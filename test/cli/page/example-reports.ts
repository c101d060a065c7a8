// Owns reports for the tests of their pages: a small site in which everything occurs, and a large one.
import type { Report, ReportedSource, VariantOutcome } from '../../../src/index.js';
import { REPORT } from '../example.js';

/** A source with a gzip and a brotli variant. */
function source(
  relativePath: string,
  sourceBytes: number,
  gzip: number,
  br: number,
): ReportedSource {
  const variant = (contentCoding: 'gzip' | 'br', encodedBytes: number): VariantOutcome =>
    encodedBytes < sourceBytes
      ? { status: 'written', contentCoding, encodedBytes, replaced: false }
      : { status: 'discarded', contentCoding, encodedBytes, removed: false };
  const variants = [variant('gzip', gzip), variant('br', br)];
  return { relativePath, sourceBytes, durationMs: 5, savedMs: 0, variants };
}

function reportOf(sources: readonly ReportedSource[], changes: Partial<Report>): Report {
  const sourceBytes = sources.reduce((sum, one) => sum + one.sourceBytes, 0);
  const totals = { ...REPORT.totals, sources: sources.length, sourceBytes };
  return { ...REPORT, totals, sources, skipped: [], failures: [], ...changes };
}

const KIB = 1024;

/** Two folders and a page; one file failed, one is stale, one was skipped. */
export const SITE: Report = reportOf(
  [
    source('css/print.css', 10 * KIB, 3 * KIB, 2 * KIB),
    source('css/site.css', 40 * KIB, 10 * KIB, 8 * KIB),
    source('index.html', 8 * KIB, 2 * KIB, 1 * KIB),
    source('js/lib/map.js', 300 * KIB, 90 * KIB, 70 * KIB),
    source('js/main.js', 100 * KIB, 30 * KIB, 25 * KIB),
    source('js/noise.bin', 50 * KIB, 51 * KIB, 51 * KIB),
  ],
  {
    totals: {
      ...REPORT.totals,
      sources: 6,
      sourceBytes: 508 * KIB,
      skipped: 2,
      skippedByReason: { empty: 1, sidecar: 1 },
    },
    skipped: [
      { relativePath: '.nojekyll', reason: 'empty' },
      { relativePath: 'old.css.gz', reason: 'sidecar' },
    ],
    stale: [{ relativePath: 'old.css.gz', contentCoding: 'gzip', removed: false }],
    orphans: [{ relativePath: 'gone.js.br', contentCoding: 'br', isOurs: true, removed: true }],
    failures: [
      {
        relativePath: 'locked.js',
        contentCoding: null,
        code: 'EACCES',
        operation: 'open',
        path: '/srv/public/locked.js',
        message: 'permission denied; make it accessible to this user, or exclude it',
      },
    ],
  },
);

/** So many files in folders of folders, of sizes that differ. */
export function large(count: number): Report {
  const sources = Array.from({ length: count }, (_, index) => {
    const bytes = 100 + ((index * 7919) % 5000) * (index % 97 === 0 ? 40 : 1);
    const path = `part${index % 13}/module${index % 211}/chunk-${index.toString(36)}.js`;
    return source(path, bytes, Math.ceil(bytes * 0.4), Math.ceil(bytes * (0.2 + (index % 9) / 10)));
  });
  sources.sort((a, b) => (a.relativePath < b.relativePath ? -1 : 1));
  return reportOf(sources, {});
}
