// Shows what of the benchmark of the cache needs no clock: its command line, what follows from figures,
// the table, and that both layouts give back what was put in.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CACHE_HELP, parseCacheArguments } from '../../bench/cache-arguments.js';
import {
  type CacheResults,
  type CacheRunName,
  findingsOf,
  isMet,
} from '../../bench/cache-results.js';
import { renderCacheTables } from '../../bench/cache-table.js';
import { ArgumentError } from '../../bench/errors.js';
import { layoutEntries, LAYOUTS, shuffled } from '../../bench/layout.js';
import { PARTIAL_RESULTS_FOLDER, RESULTS_FOLDER } from '../../bench/places.js';
import { OUR_COMMAND, SUBJECTS, WITHOUT_CACHE } from '../../bench/subjects.js';
import { Tree } from '../support/tree.js';
import { EXAMPLE } from './example.js';

/** CPU times in milliseconds of the rounds 1, 2, …. */
const FIGURES: readonly (readonly [CacheRunName, readonly number[]])[] = [
  ['cold-off', [40_000, 42_000]],
  ['cold-on', [40_400, 42_000]],
  ['second', [1040, 1060, 1050]],
  ['reading', [240, 250, 260]],
  ['bare', [40, 40, 40]],
  ['touched', [1040, 1050, 1060]],
  ['changed', [1060, 1060, 1090]],
  ['restore', [2600, 2650, 2100]],
  ['check', [520, 530, 525]],
];

const RESULTS: CacheResults = {
  ...{ date: EXAMPLE.date, commit: EXAMPLE.commit, machine: EXAMPLE.machine, threads: 2 },
  ...{ workPlace: 'memory', quick: false },
  corpus: { name: 'site', files: 1409, bytes: 41_400_000 },
  sources: 1300,
  figures: new Map(
    FIGURES.map(([name, each]) => [name, new Map(each.map((ms, index) => [index + 1, ms]))]),
  ),
  changedFile: { relativePath: 'a.html', bytes: 4096, encodeMs: 10 },
  othersShares: [0.01, 0.03, 0.02],
  layout: {
    ...{ entries: 100_000, payloadBytes: 470e6, rounds: 3 },
    results: [
      {
        name: 'the cache',
        diskBytes: 477e6,
        steps: {
          add: { cpuMs: 1500, wallMs: 1600 },
          load: { cpuMs: 80.4, wallMs: 81 },
          read: { cpuMs: 2500, wallMs: 2510 },
        },
      },
    ],
  },
};

describe('the command line of the benchmark of the cache', () => {
  it('asks for the site, and for fewer of the rounds that encode everything', () => {
    const { corpus, rounds, coldRounds, outFolder } = parseCacheArguments([]);
    assert.deepEqual({ corpus, rounds, coldRounds }, { corpus: 'site', rounds: 7, coldRounds: 3 });
    assert.equal(outFolder, RESULTS_FOLDER);
    assert.equal(parseCacheArguments(['--cold-rounds', '2']).coldRounds, 2);
  });

  it('never lets a part overwrite the committed results', () => {
    for (const argv of [['--quick'], ['--corpus=small']]) {
      assert.equal(parseCacheArguments(argv).outFolder, PARTIAL_RESULTS_FOLDER, argv.join(' '));
    }
  });

  it('refuses what makes no sense', () => {
    for (const argv of [
      ['--corpus', 'sit'],
      ['--rounds', '0'],
      ['--cold-rounds=x'],
      ['--fast'],
      ['site'],
    ]) {
      assert.throws(() => parseCacheArguments(argv), ArgumentError, argv.join(' '));
    }
  });

  it('is all explained by --help', () => {
    for (const option of ['quick', 'corpus', 'rounds', 'cold-rounds', 'work', 'out']) {
      assert.match(CACHE_HELP, new RegExp(`^  --${option}\\b`, 'm'));
    }
  });
});

describe('the findings about the cache', () => {
  const findings = findingsOf(RESULTS);
  const medians = findings.map(({ found }) => found?.median);

  it('are ratios of the same round, and shares of the middle cold run', () => {
    assert.equal(medians[0], (1.01 + 1) / 2);
    assert.equal(medians[1], 1050 / 41_000);
    assert.equal(medians[2], 1060 / 250);
    assert.equal(medians[3], 1020 / 210);
    assert.equal(medians[4], 20);
    assert.equal(medians[5], 2);
    assert.equal(medians[6], 2.5);
    assert.equal(medians[7], 0.5);
  });

  it('meet their targets or do not, where there are any', () => {
    const met = [true, true, false, undefined, undefined, undefined, false, undefined];
    assert.deepEqual(findings.map(isMet), met);
  });

  it('are missing where nothing was measured', () => {
    const none = findingsOf({ figures: new Map(), changedFile: RESULTS.changedFile });
    assert.ok(none.every(({ found }) => found === undefined));
    assert.ok(none.every((finding) => isMet(finding) === undefined));
  });
});

describe('the table about the cache', () => {
  it('shows each target beside what was found', () => {
    const text = renderCacheTables(RESULTS);
    assert.match(text, /\| cold with the cache on ÷ off \| 1\.005 \([^|]+\) \| ≤ 1\.02 \| yes \|/);
    assert.match(text, /\| second run, share of cold \| 2\.56 % \([^|]+\) \| ≤ 3 % \| yes \|/);
    assert.match(text, /\| second run ÷ reading and hashing \| 4\.24 \([^|]+\) \| ≤ 4 \| no \|/);
  });

  it('says on what machine, and how much of it others used', () => {
    for (const extent of ['all', 'short'] as const) {
      const text = renderCacheTables(RESULTS, extent);
      assert.match(text, /2026-01-02, commit 0123456789ab: Test CPU, 2 cores/);
      assert.match(text, /used 2 % of the machine during a run, at most 3 %/);
    }
  });

  it('shows the layouts only when it is whole', () => {
    const row = '| the cache | 1.50 s | 1.60 s | 80 ms | 81 ms | 2.50 s | 2.51 s | 477.0 MB |';
    assert.ok(renderCacheTables(RESULTS).includes(row));
    assert.ok(!renderCacheTables(RESULTS, 'short').includes('the cache |'));
  });
});

describe('a layout', () => {
  const entries = layoutEntries(300);

  it('gets the same entries each time, of sizes as variants have them', () => {
    assert.deepEqual(layoutEntries(300), entries);
    const sizes = entries.map(({ encoded }) => encoded.length);
    assert.ok(Math.min(...sizes) >= 300 && Math.max(...sizes) <= 20_000);
    assert.deepEqual(new Set(shuffled(entries)), new Set(entries));
    assert.notDeepEqual(shuffled(entries), entries);
  });

  for (const [name, layout] of Object.entries(LAYOUTS)) {
    it(`gives back what was put in: ${name}`, async () => {
      using tree = new Tree();
      await layout.add(tree.path, entries);
      const open = layout.open(tree.path);
      for (const { record, encoded } of entries) {
        assert.ok(open.read(record.key)?.equals(encoded));
      }
      await open.close();
    });
  }
});

describe('what is compared with others', () => {
  it('is our command without a cache', () => {
    const target = { folder: '/x', xargsBatch: 1 };
    for (const { argv } of Object.values(SUBJECTS)) {
      const words = argv(target);
      if (words.includes(OUR_COMMAND)) assert.ok(words.includes(WITHOUT_CACHE[0]));
    }
  });
});
