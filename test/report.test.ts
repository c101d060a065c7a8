// Shows by tables what a report makes of outcomes, skips and failures: totals, order, and that nothing
// is lost or counted twice. That real runs make such outcomes is shown in compress.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createFailure, type Failure } from '../src/failure.js';
import type { SourceOutcome, VariantOutcome } from '../src/job.js';
import { createReport, type ReportInput } from '../src/report.js';

const EMPTY: ReportInput = {
  shard: null,
  root: 'public',
  dryRun: false,
  durationMs: 12.5,
  threads: 2,
  contentCodings: ['gzip', 'br'],
  outcomes: [],
  skipped: [],
  failures: [],
  leftoversRemoved: 0,
  orphans: [],
  orphanFailures: [],
  cache: undefined,
};

const NONE = {
  written: 0,
  restored: 0,
  unchanged: 0,
  discarded: 0,
  failed: 0,
  removed: 0,
  sourceBytes: 0,
  encodedBytes: 0,
};

function settled(
  relativePath: string,
  sourceBytes: number,
  ...variants: VariantOutcome[]
): SourceOutcome {
  const times = { durationMs: 1, savedMs: 0 };
  return { status: 'settled', relativePath, sourceBytes, ...times, variants, stale: [] };
}

const refused: Failure = createFailure('EACCES', 'write', '/public/c.js.br');
const unreadable: Failure = createFailure('EACCES', 'open', '/public/b.js');
const unlisted: Failure = createFailure('EACCES', 'list', '/public/d');

/** A run in which everything happened, more than once where that can be told. */
const FULL: ReportInput = {
  ...EMPTY,
  outcomes: [
    settled(
      'a.js',
      1000,
      { status: 'written', contentCoding: 'gzip', encodedBytes: 300, replaced: true },
      { status: 'unchanged', contentCoding: 'br', encodedBytes: 200 },
    ),
    { status: 'failed', relativePath: 'b.js', failure: unreadable },
    settled(
      'c.js',
      500,
      { status: 'unchanged', contentCoding: 'gzip', encodedBytes: 100 },
      { status: 'failed', contentCoding: 'br', failure: refused },
    ),
    settled(
      'z.bin',
      70,
      { status: 'discarded', contentCoding: 'gzip', encodedBytes: 90, removed: true },
      { status: 'discarded', contentCoding: 'br', encodedBytes: 74, removed: false },
    ),
  ],
  skipped: [
    { relativePath: 'a.js.br', reason: 'sidecar' },
    { relativePath: 'e.png', reason: 'excluded-extension' },
    { relativePath: 'f.png', reason: 'excluded-extension' },
  ],
  failures: [{ relativePath: 'd', failure: unlisted }],
  leftoversRemoved: 3,
};

describe('a report', () => {
  it('of nothing has totals of zero for each content-coding that was on', () => {
    assert.deepEqual(createReport(EMPTY), {
      reportVersion: 1,
      root: 'public',
      shard: null,
      dryRun: false,
      durationMs: 12.5,
      threads: 2,
      totals: {
        sources: 0,
        sourceBytes: 0,
        contentCodings: { gzip: NONE, br: NONE },
        skipped: 0,
        skippedByReason: {},
        failed: 0,
        leftoversRemoved: 0,
      },
      cache: null,
      sources: [],
      skipped: [],
      stale: [],
      orphans: [],
      failures: [],
    });
  });

  it('counts everything once', () => {
    assert.deepEqual(createReport(FULL).totals, {
      sources: 3,
      sourceBytes: 1570,
      contentCodings: {
        gzip: {
          ...NONE,
          written: 1,
          unchanged: 1,
          discarded: 1,
          removed: 1,
          sourceBytes: 1500,
          encodedBytes: 400,
        },
        br: {
          ...NONE,
          unchanged: 1,
          discarded: 1,
          failed: 1,
          sourceBytes: 1000,
          encodedBytes: 200,
        },
      },
      skipped: 3,
      skippedByReason: { sidecar: 1, 'excluded-extension': 2 },
      failed: 3,
      leftoversRemoved: 3,
    });
  });

  it('lists what settled as it was told, and each failure by the file that it befell', () => {
    const { sources, skipped, failures } = createReport(FULL);
    assert.deepEqual(
      sources,
      FULL.outcomes.flatMap((outcome) => {
        if (outcome.status !== 'settled') return [];
        const { relativePath, sourceBytes, durationMs, savedMs, variants } = outcome;
        return [{ relativePath, sourceBytes, durationMs, savedMs, variants }];
      }),
    );
    assert.deepEqual(skipped, FULL.skipped);
    assert.deepEqual(failures, [
      { relativePath: 'b.js', contentCoding: null, ...unreadable },
      { relativePath: 'c.js', contentCoding: 'br', ...refused },
      { relativePath: 'd', contentCoding: null, ...unlisted },
    ]);
  });

  it('shows the content-codings that were on, in their order', () => {
    const contentCodings = (codings: ReportInput['contentCodings']) =>
      Object.keys(createReport({ ...FULL, contentCodings: codings }).totals.contentCodings);
    assert.deepEqual(contentCodings(['br', 'gzip']), ['br', 'gzip']);
    assert.deepEqual(contentCodings(['br']), ['br']);
  });

  it('hands on what holds for the whole run', () => {
    const given = { root: null, dryRun: true, durationMs: 0, threads: 0 };
    const { root, dryRun, durationMs, threads } = createReport({ ...EMPTY, ...given });
    assert.deepEqual({ root, dryRun, durationMs, threads }, given);
  });

  it('is sorted by code units, which no locale has a say in', () => {
    const names = ['b', 'a', 'Z', 'a/b', 'a-b', 'ä', '\u{1F600}', '\u{FF5E}', 'a.js', 'é'];
    const sorted = ['Z', 'a', 'a-b', 'a.js', 'a/b', 'b', 'ä', 'é', '\u{1F600}', '\u{FF5E}'];
    const report = createReport({
      ...EMPTY,
      outcomes: names.map((name) => settled(name, 1)),
      skipped: names.map((relativePath) => ({ relativePath, reason: 'empty' })),
      failures: names.map((relativePath) => ({ relativePath, failure: unlisted })),
    });
    const lists = [report.sources, report.skipped, report.failures];
    for (const list of lists) {
      assert.deepEqual(
        list.map(({ relativePath }) => relativePath),
        sorted,
      );
    }
  });

  it('is the same in whatever order things happened, and changes nothing that it was given', () => {
    const expected = createReport(FULL);
    const copy = structuredClone(FULL);
    const shuffled = <T>(list: readonly T[]) =>
      fc.shuffledSubarray([...list], { minLength: list.length });
    fc.assert(
      fc.property(
        shuffled(FULL.outcomes),
        shuffled(FULL.skipped),
        shuffled(FULL.failures),
        (outcomes, skipped, failures) => {
          assert.deepEqual(createReport({ ...FULL, outcomes, skipped, failures }), expected);
        },
      ),
    );
    assert.deepEqual(FULL, copy);
  });

  it('goes through JSON without loss', () => {
    const report = createReport(FULL);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });
});
