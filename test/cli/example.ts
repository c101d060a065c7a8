// Owns an example of a report, for the tests of what is made of one. Its numbers are invented; those of
// real runs are in the tests of the library.
import type { Report } from '../../src/index.js';

/** A run over five sources in which everything happened once. */
export const REPORT: Report = {
  reportVersion: 1,
  root: 'public',
  shard: null,
  dryRun: false,
  durationMs: 2500,
  threads: 2,
  totals: {
    sources: 3,
    sourceBytes: 20_480,
    contentCodings: {
      gzip: {
        written: 1,
        restored: 0,
        unchanged: 1,
        discarded: 1,
        failed: 0,
        removed: 1,
        sourceBytes: 20_000,
        encodedBytes: 5000,
      },
      br: {
        written: 1,
        restored: 0,
        unchanged: 0,
        discarded: 1,
        failed: 1,
        removed: 0,
        sourceBytes: 10_000,
        encodedBytes: 2000,
      },
    },
    skipped: 3,
    skippedByReason: { sidecar: 2, 'excluded-extension': 1 },
    failed: 1,
    leftoversRemoved: 1,
  },
  cache: null,
  sources: [
    {
      relativePath: 'app.js',
      sourceBytes: 10_000,
      durationMs: 20,
      savedMs: 0,
      variants: [
        { status: 'written', contentCoding: 'gzip', encodedBytes: 3000, replaced: false },
        { status: 'written', contentCoding: 'br', encodedBytes: 2000, replaced: true },
      ],
    },
    {
      relativePath: 'logo.svg',
      sourceBytes: 10_000,
      durationMs: 20,
      savedMs: 0,
      variants: [
        { status: 'unchanged', contentCoding: 'gzip', encodedBytes: 2000 },
        {
          status: 'failed',
          contentCoding: 'br',
          failure: {
            code: 'EACCES',
            operation: 'write',
            path: '/srv/public/logo.svg.br',
            message: 'permission denied',
          },
        },
      ],
    },
    {
      relativePath: 'noise.bin',
      sourceBytes: 480,
      durationMs: 1,
      savedMs: 0,
      variants: [
        { status: 'discarded', contentCoding: 'gzip', encodedBytes: 503, removed: true },
        { status: 'discarded', contentCoding: 'br', encodedBytes: 484, removed: false },
      ],
    },
  ],
  skipped: [
    { relativePath: 'app.js.br', reason: 'sidecar' },
    { relativePath: 'logo.png', reason: 'excluded-extension' },
    { relativePath: 'logo.svg.gz', reason: 'sidecar' },
  ],
  stale: [],
  orphans: [],
  failures: [
    {
      relativePath: 'logo.svg',
      contentCoding: 'br',
      code: 'EACCES',
      operation: 'write',
      path: '/srv/public/logo.svg.br',
      message: 'permission denied',
    },
  ],
};

/** A run that found nothing to compress. */
export const NOTHING: Report = {
  ...REPORT,
  threads: 0,
  totals: {
    sources: 0,
    sourceBytes: 0,
    contentCodings: {},
    skipped: 0,
    skippedByReason: {},
    failed: 0,
    leftoversRemoved: 0,
  },
  sources: [],
  skipped: [],
  failures: [],
};
