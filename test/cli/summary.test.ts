// Tests what is made of a report: the summary, the lines of --verbose, and the lines of failures.
// The reports are examples; nothing is compressed here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle } from '../../src/cli/color.js';
import { failureLines } from '../../src/cli/failures.js';
import { summaryText } from '../../src/cli/summary.js';
import { textWidth } from '../../src/cli/text-width.js';
import { largestSavingsLines, verboseLines } from '../../src/cli/verbose.js';
import type { Report } from '../../src/index.js';
import { NOTHING, REPORT } from './example.js';

const context = { style: createStyle(false), columns: 80, include: [] };

test('the summary says for each content-coding what was saved, and what became of the rest', () => {
  assert.equal(
    summaryText(REPORT, context),
    `Compressed 2 of 3 files (20.0 KiB) in public

  gzip    2 files  19.5 KiB → 4.9 KiB  75.0% saved
  brotli   1 file   9.8 KiB → 2.0 KiB  80.0% saved

  written    2 sidecars
  unchanged  1 sidecar
  discarded  2 variants, not small enough
  removed    1 sidecar of variants now discarded
  swept      1 temporary file of runs that were killed
  skipped    3 files: 2 sidecars, 1 excluded extension
  failed     1 file or sidecar: see the errors

2.5 s on 2 threads, 8.0 KiB/s
`,
  );
});

test('the summary of a dry run claims nothing', () => {
  const text = summaryText({ ...REPORT, dryRun: true }, context);
  assert.match(text, /^Would compress 2 of 3 files/);
  assert.match(text, /would write +2 sidecars/);
  assert.match(text, /would remove +1 sidecar/);
  assert.match(text, /would sweep +1 temporary file/);
  assert.match(text, /no sidecar was written or deleted/);
  assert.doesNotMatch(text, /^Compressed|^ *(written|removed|swept)/m);
});

test('the summary keeps within its columns', () => {
  const skippedByReason = {
    sidecar: 1200,
    'excluded-extension': 1300,
    'not-included': 2,
    empty: 7,
    'too-small': 3,
  };
  const report = { ...REPORT, totals: { ...REPORT.totals, skipped: 2512, skippedByReason } };
  const lines = summaryText(report, { ...context, columns: 60 }).split('\n');
  assert.deepEqual(
    lines.filter((line) => textWidth(line) > 60),
    [],
  );
});

test('nothing to do says so, and why', () => {
  assert.equal(summaryText(NOTHING, context), 'Nothing to compress in public: no files there\n');
  const report: Report = {
    ...NOTHING,
    totals: {
      ...NOTHING.totals,
      skipped: 12,
      skippedByReason: { 'excluded-extension': 9, sidecar: 3 },
    },
  };
  assert.equal(
    summaryText(report, context),
    'Nothing to compress in public: 12 files skipped (3 sidecars, 9 excluded\nextension)\n',
  );
});

test('a glob that reaches the top only is explained when it leaves nothing', () => {
  const totals = { ...NOTHING.totals, skipped: 4, skippedByReason: { 'not-included': 4 } };
  const hint = /Hint: '\*\.js' matches at the top only; '\*\*\/\*\.js' matches in every folder/;
  const text = (include: readonly string[]) =>
    summaryText({ ...NOTHING, totals }, { ...context, include });
  assert.match(text(['*.js']), hint);
  assert.doesNotMatch(text(['**/*.js']), /Hint/);
});

test('a root is sanitised', () => {
  assert.match(summaryText({ ...NOTHING, root: 'a\u001b[2J\n' }, context), /in a\\x1b\[2J\\n:/);
});

test('--verbose has a line for each sidecar and each skipped file', () => {
  const lines = (dryRun: boolean) => [
    ...REPORT.sources.flatMap(({ sourceBytes, ...source }) =>
      verboseLines(
        {
          type: 'source-settled',
          sourceBytes,
          outcome: { status: 'settled', sourceBytes, ...source, stale: [] },
        },
        dryRun,
      ),
    ),
    ...verboseLines({ type: 'finished', report: REPORT }, dryRun),
  ];
  assert.deepEqual(lines(false), [
    'written        app.js.gz  9.8 KiB → 2.9 KiB, ratio 0.300',
    'written        app.js.br  9.8 KiB → 2.0 KiB, ratio 0.200',
    'unchanged      logo.svg.gz  9.8 KiB → 2.0 KiB, ratio 0.200',
    'failed         logo.svg.br  EACCES',
    'discarded      noise.bin.gz  480 B → 503 B, ratio 1.048; sidecar removed',
    'discarded      noise.bin.br  480 B → 484 B, ratio 1.008',
    'skipped        app.js.br  sidecar',
    'skipped        logo.png  excluded extension',
    'skipped        logo.svg.gz  sidecar',
  ]);
  assert.equal(lines(true)[0], 'would write    app.js.gz  9.8 KiB → 2.9 KiB, ratio 0.300');
  assert.match(lines(true)[4] ?? '', /would remove the sidecar$/);
});

test('the largest savings are by bytes, of the smallest variant', () => {
  assert.deepEqual(largestSavingsLines(REPORT), [
    'Largest savings',
    '  7.8 KiB   80.0%  app.js',
    '  7.8 KiB   80.0%  logo.svg',
  ]);
  assert.deepEqual(largestSavingsLines(NOTHING), []);
});

test('failures are a line each, within the working directory relative to it', () => {
  const [failure] = REPORT.failures;
  assert.ok(failure);
  assert.deepEqual(failureLines(REPORT, false, '/srv'), [
    'wn-compress: public/logo.svg.br: permission denied',
  ]);
  assert.deepEqual(failureLines(REPORT, false, '/home'), [
    'wn-compress: /srv/public/logo.svg.br: permission denied',
  ]);
  const many = { ...REPORT, failures: Array.from({ length: 25 }, () => failure) };
  assert.equal(failureLines(many, true, '/').length, 25);
  const capped = failureLines(many, false, '/');
  assert.equal(capped.length, 21);
  assert.equal(capped[20], 'wn-compress: … and 5 more; --verbose or --json lists all');
});
