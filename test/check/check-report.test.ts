// Shows how findings become the report of a check. Pure: no tree was checked here.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createCheckReport,
  type CheckInput,
  type CheckProblem,
} from '../../src/check/check-report.js';
import type { ContentCoding } from '../../src/content-coding.js';
import { createFailure } from '../../src/failure.js';
import type { SidecarVerdict, SourceOutcome } from '../../src/job.js';

const NOTHING: CheckInput = {
  shard: null,
  root: 'public',
  durationMs: 12.5,
  threads: 3,
  outcomes: [],
  orphans: [],
  failures: [],
};

function checked(
  relativePath: string,
  verdicts: Partial<Record<ContentCoding, SidecarVerdict['verdict']>>,
  isOn = true,
): SourceOutcome {
  const sidecars = Object.entries(verdicts).map(([contentCoding, verdict]) => ({
    contentCoding: contentCoding as ContentCoding,
    verdict,
    isOn,
  }));
  return { status: 'checked', relativePath, sourceBytes: 100, sidecars };
}

function orphan(relativePath: string, contentCoding: ContentCoding, isOurs: boolean) {
  return { relativePath, contentCoding, isOurs, removed: false };
}

describe('the report of a check', () => {
  it('of nothing holds what it was told and zeros', () => {
    assert.deepEqual(createCheckReport(NOTHING), {
      checkVersion: 1,
      root: 'public',
      shard: null,
      durationMs: 12.5,
      threads: 3,
      totals: { sources: 0, valid: 0, unverifiable: 0, problems: {}, failed: 0 },
      findings: [],
      failures: [],
    });
  });

  type Row = readonly [SidecarVerdict['verdict'], remedy?: RegExp, problem?: CheckProblem];
  const rows: readonly Row[] = [
    ['valid'],
    ['none-due'],
    ['unverifiable'],
    ['stale', /run wn-compress again, which replaces or removes it/],
    ['missing', /run wn-compress again, which makes it/],
    ['oversized', /run wn-compress again, which replaces or removes it/],
    ['obstructed', /something else stands at its name; move that away/, 'missing'],
  ];
  for (const [verdict, remedy, problem = verdict] of rows) {
    const title = remedy === undefined ? 'is no finding' : 'is a finding with its remedy';
    it(`says of a sidecar that is ${verdict}: it ${title}`, () => {
      const outcomes = [checked('a/b.js', { br: verdict })];
      const { findings, totals } = createCheckReport({ ...NOTHING, outcomes });
      if (remedy === undefined) {
        assert.deepEqual([findings, totals.problems], [[], {}]);
      } else {
        assert.match(findings[0]?.remedy ?? '', remedy);
        const expected = { relativePath: 'a/b.js.br', contentCoding: 'br', isOurs: true };
        const [finding] = findings;
        assert.deepEqual(finding, { ...expected, problem, remedy: finding?.remedy });
        assert.deepEqual(totals.problems, { [problem]: 1 });
      }
      assert.equal(totals.sources, 1);
      assert.equal(totals.valid, verdict === 'valid' ? 1 : 0);
      assert.equal(totals.unverifiable, verdict === 'unverifiable' ? 1 : 0);
    });
  }

  it('tells orphans that are ours from unknown ones, with another remedy', () => {
    const orphans = [orphan('dump.sql.gz', 'gzip', false), orphan('a.js.br', 'br', true)];
    const { findings, totals } = createCheckReport({ ...NOTHING, orphans });
    assert.deepEqual(totals.problems, { orphaned: 2 });
    assert.deepEqual(
      findings.map(({ relativePath, isOurs, problem }) => [relativePath, isOurs, problem]),
      [
        ['a.js.br', true, 'orphaned'],
        ['dump.sql.gz', false, 'orphaned'],
      ],
    );
    assert.match(findings[0]?.remedy ?? '', /--prune/);
    assert.doesNotMatch(findings[1]?.remedy ?? '', /--prune/);
    assert.match(findings[1]?.remedy ?? '', /delete it, or exclude it/);
  });

  it('counts each sidecar, and each source once', () => {
    const outcomes = [
      checked('a', { gzip: 'valid', br: 'valid', zstd: 'unverifiable' }),
      checked('b', { gzip: 'stale', br: 'missing' }),
      checked('c', { gzip: 'none-due', br: 'stale' }),
      checked('d', {}),
    ];
    const { totals } = createCheckReport({ ...NOTHING, outcomes });
    const problems = { stale: 2, missing: 1 };
    assert.deepEqual(totals, { sources: 4, valid: 2, unverifiable: 1, problems, failed: 0 });
  });

  it('holds failures of sources and of the scan, and does not count those as checked', () => {
    const inSource = createFailure('EACCES', 'open', '/srv/b');
    const inScan = createFailure('EACCES', 'list', '/srv/a');
    const outcomes: SourceOutcome[] = [
      { status: 'failed', relativePath: 'b', failure: inSource },
      checked('c', { br: 'valid' }),
    ];
    const failures = [{ relativePath: 'a', failure: inScan }];
    const report = createCheckReport({ ...NOTHING, outcomes, failures });
    assert.deepEqual(report.failures, [
      { relativePath: 'a', contentCoding: null, ...inScan },
      { relativePath: 'b', contentCoding: null, ...inSource },
    ]);
    assert.deepEqual([report.totals.sources, report.totals.failed], [1, 2]);
    assert.deepEqual(report.findings, []);
  });

  it('is the same in whatever order things were found, sorted by code units', () => {
    const input: CheckInput = {
      ...NOTHING,
      outcomes: ['b', 'Z', 'é', 'a'].map((name) => checked(name, { br: 'stale', gzip: 'missing' })),
      orphans: [orphan('c.gz', 'gzip', true), orphan('aa.br', 'br', false)],
      failures: ['y', 'x'].map((relativePath) => ({
        relativePath,
        failure: createFailure('EACCES', 'list', relativePath),
      })),
    };
    const report = createCheckReport(input);
    const paths = report.findings.map(({ relativePath }) => relativePath);
    assert.deepEqual(paths, [
      ...['Z.br', 'Z.gz', 'a.br', 'a.gz', 'aa.br', 'b.br', 'b.gz', 'c.gz', 'é.br', 'é.gz'],
    ]);
    const reversed = createCheckReport({
      ...input,
      outcomes: input.outcomes.toReversed(),
      orphans: input.orphans.toReversed(),
      failures: input.failures.toReversed(),
    });
    assert.deepEqual(reversed, report);
  });

  it('is a document: JSON brings back all of it', () => {
    const outcomes = [checked('a', { br: 'stale' })];
    const report = createCheckReport({ ...NOTHING, outcomes });
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });
});
