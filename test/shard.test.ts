// Shows that a tree is divided among machines so that all together do the whole, each source once and with
// as much for each as can be, and that their caches make the last machine's work.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkFiles, check, UsageError, type Report } from '../src/index.js';
import { parseShard, shardOf } from '../src/shard.js';
import { statusesOf } from './support/cache-files.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';
import { compress } from './support/uncached.js';

const EMPTY = { skipped: [], failures: [], leftOut: [], possibleOrphans: [], temporaryFiles: [] };

function sourcesOf(sizes: readonly number[]) {
  return sizes.map((size, index) => ({
    path: `/srv/${index}`,
    relativePath: `${index}`,
    size,
    sidecars: [],
  }));
}

describe('the slices of a tree', () => {
  it('are the whole, each source in one, whatever the order in which they were found', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), (all, count) => {
        const sources = sourcesOf(all);
        const found: string[] = [];
        const bytes: number[] = [];
        for (let index = 1; index <= count; index += 1) {
          const one = shardOf({ ...EMPTY, sources }, { index, count });
          const other = shardOf({ ...EMPTY, sources: [...sources].reverse() }, { index, count });
          const names = one.sources.map(({ relativePath }) => relativePath);
          assert.deepEqual(
            other.sources.map(({ relativePath }) => relativePath).sort(),
            names.sort(),
          );
          found.push(...names);
          bytes.push(one.sources.reduce((sum, { size }) => sum + size + 1024, 0));
        }
        assert.deepEqual(found.sort(), sources.map(({ relativePath }) => relativePath).sort());
        const mean = bytes.reduce((sum, part) => sum + part, 0) / count;
        assert.ok(Math.max(...bytes) <= mean + Math.max(0, ...all) + 1024);
      }),
    );
  });

  it('are written as i/n', () => {
    assert.deepEqual(parseShard('2/5'), { index: 2, count: 5 });
    for (const text of ['', '0/5', '6/5', '1/0', '1', '1/5/6', ' 1/5', '1/1025', '-1/5', '1.5/5']) {
      assert.equal(parseShard(text), undefined, text);
    }
  });

  it('are refused when they are none', async () => {
    for (const shard of ['6/5', 2]) {
      await assert.rejects(compress('.', { shard: shard as string }), UsageError);
    }
  });
});

const SITE = {
  'a.js': script(60_000),
  'b/c.css': script(30_000, 2),
  'b/d.js': script(20_000, 3),
  'e.txt': script(9_000, 4),
  'f.txt': 'x',
  'g.png': 'skipped',
};

/** The same, and what is not to be served. */
const ENTRIES = {
  ...SITE,
  'h.js.gz': 'an orphan',
  'i.png': 'left out',
  'i.png.gz': 'stale',
};

const isMade = /^(a|b\/.|e)\.\w+\.(gz|br)$/;

describe('runs on slices', () => {
  it('report together what one run on the whole does', async () => {
    using whole = new Tree(ENTRIES);
    const expected = await compress(whole.path, { prune: 'all' });
    using parts = new Tree(ENTRIES);
    const reports: Report[] = [];
    for (const index of [3, 1, 2]) {
      reports.push(await compress(parts.path, { prune: 'all', shard: `${index}/3` }));
    }
    assert.deepEqual(parts.snapshot(), whole.snapshot());
    for (const list of ['sources', 'skipped', 'stale', 'orphans', 'failures'] as const) {
      // What the machine before made is there for the next one here.
      const names = (report: Report) =>
        report[list].map(({ relativePath }) => relativePath).filter((path) => !isMade.test(path));
      assert.deepEqual(reports.flatMap(names).sort(), names(expected), list);
    }
    assert.deepEqual(
      reports.map(({ shard }) => shard),
      ['3/3', '1/3', '2/3'],
    );
    const checked = await check(whole.path, { shard: '1/3', cache: false });
    assert.deepEqual([checked.shard, checked.findings], ['1/3', []]);
    const listed = await checkFiles([whole.join('a.js')], { shard: '2/2', cache: false });
    assert.equal(listed.totals.sources, 0);
  });

  it('on machines of their own leave caches from which the last one restores the whole', async () => {
    using caches = new Tree();
    using last = new Tree(SITE);
    mkdirSync(caches.join('all'));
    for (const index of [1, 2, 3]) {
      using machine = new Tree(SITE);
      const cacheDir = caches.join(`${index}`);
      await compress(machine.path, { cache: true, cacheDir, shard: `${index}/3` });
      cpSync(cacheDir, caches.join('all'), { recursive: true });
    }
    const report = await compress(last.path, { cache: true, cacheDir: caches.join('all') });
    assert.deepEqual(statusesOf(report), { restored: 8, discarded: 2 });
    const sources = ['a.js', 'b/c.css', 'b/d.js', 'e.txt'];
    assertTree(last, [
      ...sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
      'f.txt',
      'g.png',
    ]);
  });
});
