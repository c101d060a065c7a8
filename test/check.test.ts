// Shows what a check finds and that it changes nothing; what keepValid keeps; and what prune deletes, which is
// never what may be someone's only copy. By whole runs on real files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import {
  check,
  clearCache,
  compress,
  UsageError,
  type CheckReport,
  type CompressOptions,
  type Report,
} from '../src/index.js';
import { statusesOf } from './support/cache-files.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';

const { brotliCompressSync, constants, gzipSync } = zlib;

const { zstdCompressSync: zstd } = zlib as { zstdCompressSync?: (bytes: string) => Buffer };
const NO_ZSTD = zstd === undefined && 'zstd takes Node.js 22.15 or later';

const CONTENT = script(6_000);
const BROTLI_5 = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Above the bound from which sources are streamed. */
const STREAMED = script(1_000_000).repeat(34);
const FAST: CompressOptions = { gzipLevel: 2, brotliQuality: 2 };

function findingsOf({ findings }: CheckReport): string[] {
  return findings.map(({ problem, relativePath, isOurs }) =>
    `${problem} ${relativePath} ${problem === 'orphaned' && isOurs ? 'ours' : ''}`.trimEnd(),
  );
}

function orphansOf({ orphans }: Report): string[] {
  return orphans.map(
    ({ relativePath, isOurs, removed }) =>
      `${relativePath} ${isOurs ? 'ours' : 'unknown'} ${removed ? 'removed' : 'left'}`,
  );
}

function staleOf({ stale }: Report): string[] {
  return stale.map(
    ({ relativePath, removed }) => `${relativePath} ${removed ? 'removed' : 'left'}`,
  );
}

/** Everything in a folder, down to what nobody can change without leaving a trace. */
function statesOf(tree: Tree): unknown[] {
  return Object.entries(tree.snapshot()).map(([path, content]) => {
    const { mtimeNs, ctimeNs, ino } = lstatSync(tree.join(path), { bigint: true });
    return [path, content, mtimeNs, ctimeNs, ino];
  });
}

/** Both as they are before a check and behind it. */
async function checked(tree: Tree, cache: Tree, options: CompressOptions = {}): Promise<string[]> {
  const before = [statesOf(tree), statesOf(cache)];
  const found = findingsOf(await check(tree.path, { cacheDir: cache.path, ...options }));
  const withoutCache = findingsOf(await check(tree.path, { ...options, cache: false }));
  const encodedAnew = findingsOf(
    await check(tree.path, { cacheDir: cache.path, ...options, force: true }),
  );
  assert.deepEqual([statesOf(tree), statesOf(cache)], before);
  // Only whose an orphan is, nobody but the cache knows.
  const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/ ours$/, ''));
  assert.deepEqual(withoutCache, plain(found));
  assert.deepEqual(encodedAnew, found);
  return found;
}

describe('a check', () => {
  it('finds nothing behind a run, and writes nothing, neither there nor in the cache', async () => {
    using tree = new Tree({
      'a.js': CONTENT,
      'b/tiny.txt': 'x',
      'noise.bin': randomBytes(3000),
      empty: '',
      'picture.png': randomBytes(3000),
    });
    using cache = new Tree();
    assert.deepEqual(await checked(tree, cache), ['missing a.js.br', 'missing a.js.gz']);
    assert.deepEqual(cache.list(), []);
    await compress(tree.path, { cacheDir: cache.path });
    assert.deepEqual(await checked(tree, cache), []);
    const { totals } = await check(tree.path, { cacheDir: cache.path });
    assert.deepEqual([totals.sources, totals.valid, totals.problems, totals.failed], [3, 2, {}, 0]);
  });

  it('tells what no run could replace, and to move it away', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    mkdirSync(tree.join('a.js.gz'));
    const { findings } = await check(tree.path, { cache: false, brotli: false });
    const said = findings.map(({ relativePath, problem, remedy }) => [
      relativePath,
      problem,
      remedy,
    ]);
    assert.deepEqual(said, [
      [
        'a.js.gz',
        'missing',
        'something else stands at its name; move that away, or exclude the source',
      ],
    ]);
  });

  it('tells stale, missing, oversized and orphaned ones, and what to do', async () => {
    using tree = new Tree({
      'missing.js': CONTENT,
      'orphaned.js': script(3000, 3),
      'oversized.txt': 'xy',
      'stale.js': script(4000, 2),
      'unknown.csv.gz': gzipSync('a download'),
    });
    using cache = new Tree();
    await compress(tree.path, { cacheDir: cache.path });
    rmSync(tree.join('missing.js.gz'));
    rmSync(tree.join('orphaned.js'));
    writeFileSync(tree.join('oversized.txt.gz'), gzipSync('xy'));
    writeFileSync(tree.join('stale.js'), script(4000, 4));
    const expected = [
      'missing missing.js.gz',
      'orphaned orphaned.js.br ours',
      'orphaned orphaned.js.gz ours',
      'oversized oversized.txt.gz',
      'orphaned unknown.csv.gz',
    ];
    assert.deepEqual(await checked(tree, cache), [
      ...expected.slice(0, 4),
      'stale stale.js.br',
      'stale stale.js.gz',
      ...expected.slice(4),
    ]);
    const report = await check(tree.path, { cacheDir: cache.path });
    assert.deepEqual(report.totals.problems, { missing: 1, orphaned: 3, oversized: 1, stale: 2 });
    assert.ok(report.findings.every(({ remedy }) => remedy.length > 10));
    // And each remedy is one.
    await compress(tree.path, { cacheDir: cache.path, prune: true });
    assert.deepEqual(await checked(tree, cache), ['orphaned unknown.csv.gz']);
    assert.deepEqual(await checked(tree, cache, { exclude: ['*.csv.gz'] }), []);
  });

  it('judges by what sidecars decode to, not by their bytes', async () => {
    using tree = new Tree({
      'a.js': CONTENT,
      'a.js.br': brotliCompressSync(CONTENT, BROTLI_5),
      'a.js.gz': gzipSync(CONTENT, { level: 1 }),
    });
    using cache = new Tree();
    assert.deepEqual(await checked(tree, cache), []);
    const gzip = spawnSync('gzip', ['-1', '-k', '-f', '-n', tree.join('a.js')]);
    if (gzip.status === 0) assert.deepEqual(await checked(tree, cache), []);
    utimesSync(tree.join('a.js'), 1e9, 1e9);
    assert.deepEqual(await checked(tree, cache, { gzipLevel: 3 }), []);
    for (const [suffix, tail] of [
      ['.gz', 'x'],
      ['.br', '\0'],
    ] as const) {
      using other = new Tree(tree.snapshot());
      for (const path of ['.gz', '.br']) other.add({ [`a.js${path}`]: tree.bytes(`a.js${path}`) });
      const whole = tree.bytes(`a.js${suffix}`);
      other.add({ [`a.js${suffix}`]: Buffer.concat([whole, Buffer.from(tail)]) });
      assert.deepEqual(await checked(other, cache), [`stale a.js${suffix}`]);
      other.add({ [`a.js${suffix}`]: whole.subarray(0, -1) });
      assert.deepEqual(await checked(other, cache), [`stale a.js${suffix}`]);
      other.add({ [`a.js${suffix}`]: '' });
      assert.deepEqual(await checked(other, cache), [`stale a.js${suffix}`]);
    }
  });

  it('looks at sidecars that no run would make: those need not be, but must be right', async () => {
    using tree = new Tree({
      'a.js': CONTENT,
      'a.js.br': 'stale',
      'left/out.js': CONTENT,
      'left/out.js.gz': 'stale',
      'left/right.js': CONTENT,
      'left/right.js.br': brotliCompressSync(CONTENT),
      'photo.png': 'not one',
      'photo.png.gz': 'stale',
      'small.txt': 'xx',
      'small.txt.br': 'stale',
    });
    using cache = new Tree();
    const options = {
      brotli: false,
      exclude: ['left/out.js', 'left/right.js'],
      minSize: 10,
      cacheDir: cache.path,
    };
    await compress(tree.path, options);
    assert.deepEqual(await checked(tree, cache, options), [
      'stale a.js.br',
      'stale left/out.js.gz',
      'stale photo.png.gz',
      'stale small.txt.br',
    ]);
    // Who excludes both the source and the sidecar is not bothered.
    assert.deepEqual(await checked(tree, cache, { ...options, exclude: ['**'] }), []);
  });

  it('knows zstd where Node does', { skip: NO_ZSTD }, async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT });
    using cache = new Tree();
    await compress(tree.path, { cacheDir: cache.path });
    tree.add({ 'a.js.zst': zstd?.(CONTENT) ?? '', 'b.js.zst': zstd?.('other') ?? '' });
    assert.deepEqual(await checked(tree, cache), ['stale b.js.zst']);
  });

  it('counts a zstd sidecar that it cannot decode', { skip: !NO_ZSTD }, async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'a.js.zst': 'who knows' });
    await compress(tree.path, { cache: false });
    const { totals, findings } = await check(tree.path, { cache: false });
    assert.deepEqual([totals.unverifiable, findings], [1, []]);
    assert.deepEqual(staleOf(await compress(tree.path, { cache: false, prune: true })), []);
  });

  it('checks what is streamed', async () => {
    using tree = new Tree({ 'a.js': STREAMED });
    using cache = new Tree();
    const options = { ...FAST, cacheDir: cache.path };
    assert.deepEqual(findingsOf(await check(tree.path, options)), [
      'missing a.js.br',
      'missing a.js.gz',
    ]);
    await compress(tree.path, options);
    assert.deepEqual(findingsOf(await check(tree.path, options)), []);
    writeFileSync(tree.join('a.js.gz'), tree.bytes('a.js.gz').subarray(0, -5));
    rmSync(tree.join('a.js.br'));
    assert.deepEqual(findingsOf(await check(tree.path, options)), [
      'missing a.js.br',
      'stale a.js.gz',
    ]);
    assert.deepEqual(findingsOf(await check(tree.path, { ...options, maxRatio: 0.001 })), [
      'stale a.js.gz',
    ]);
  });

  it('is refused what only a run that writes can do', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    for (const options of [{ prune: true }, { dryRun: true }, { keepValid: true }]) {
      await assert.rejects(
        check(tree.path, options as object),
        (error: unknown) => error instanceof UsageError,
      );
    }
    assertTree(tree, ['a.js']);
  });
});

describe('keepValid', () => {
  it('keeps what decodes to its source byte for byte, and replaces stale and oversized ones', async () => {
    const kept = {
      'a.js.br': brotliCompressSync(CONTENT, BROTLI_5),
      'a.js.gz': gzipSync(CONTENT, { level: 1 }),
    };
    using cache = new Tree();
    for (const options of [{ cache: false }, { cacheDir: cache.path }, { cacheDir: cache.path }]) {
      using tree = new Tree({
        'a.js': CONTENT,
        ...kept,
        'b.js': script(4000, 2),
        'b.js.br': brotliCompressSync(CONTENT),
        'b.js.gz': gzipSync(script(4000, 2), { level: 0 }),
        'c.txt': 'xy',
        'c.txt.gz': gzipSync('xy'),
      });
      const report = await compress(tree.path, { ...options, keepValid: true });
      assertTree(tree, [
        'a.js',
        'b.js',
        ...['a.js', 'b.js'].flatMap((path) => [`${path}.br`, `${path}.gz`]),
        'c.txt',
      ]);
      for (const [path, bytes] of Object.entries(kept)) assert.ok(tree.bytes(path).equals(bytes));
      assert.deepEqual(report.failures, []);
      const again = await compress(tree.path, { ...options, keepValid: true });
      assert.deepEqual(statusesOf(again), { unchanged: 4, discarded: 2 });
      // Without it, outputs reflect the settings.
      await compress(tree.path, options);
      using cold = new Tree({ 'a.js': CONTENT, 'b.js': script(4000, 2), 'c.txt': 'xy' });
      await compress(cold.path, { cache: false });
      assert.deepEqual(tree.snapshot(), cold.snapshot());
    }
  });

  it('keeps by maxRatio only what is small enough', async () => {
    const bytes = gzipSync(CONTENT, { level: 1 });
    using tree = new Tree({ 'a.js': CONTENT, 'a.js.gz': bytes });
    const ratio = bytes.length / CONTENT.length;
    const options: CompressOptions = { keepValid: true, brotli: false, cache: false };
    await compress(tree.path, { ...options, maxRatio: ratio });
    assert.ok(tree.bytes('a.js.gz').equals(bytes));
    await compress(tree.path, { ...options, maxRatio: ratio - 0.001 });
    assert.ok(tree.bytes('a.js.gz').length < bytes.length);
  });

  it('gives one that has other names a file of its own where its mode or time is wrong', async () => {
    const bytes = gzipSync(CONTENT, { level: 1 });
    for (const cache of [false, true]) {
      using tree = new Tree({ 'a.js': CONTENT, 'a.js.gz': bytes });
      linkSync(tree.join('a.js.gz'), tree.join('backup'));
      utimesSync(tree.join('backup'), 1000, 1000);
      const before = statSync(tree.join('backup'));
      const options = { keepValid: true, brotli: false, cache, cacheDir: tree.join('cache') };
      const run = () => compress(tree.path, { ...options, include: ['a.js'] });
      assert.deepEqual(statusesOf(await run()), { written: 1 });
      assert.ok(tree.bytes('a.js.gz').equals(bytes) && tree.bytes('backup').equals(bytes));
      assert.ok(statSync(tree.join('a.js.gz')).mtimeMs >= statSync(tree.join('a.js')).mtimeMs);
      assert.equal(statSync(tree.join('backup')).mtimeMs, before.mtimeMs);
      assert.deepEqual(statusesOf(await run()), { unchanged: 1 });
    }
  });

  it('does the same with what is streamed', async () => {
    const gzip = gzipSync(STREAMED, { level: 1 });
    using tree = new Tree({ 'a.js': STREAMED, 'a.js.br': 'stale', 'a.js.gz': gzip });
    const options = { ...FAST, cache: false, keepValid: true };
    const report = await compress(tree.path, options);
    assert.deepEqual(statusesOf(report), { written: 1, unchanged: 1 });
    assert.ok(tree.bytes('a.js.gz').equals(gzip));
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
  });
});

describe('stale sidecars that no variant replaces', () => {
  const entries = {
    'a.js': CONTENT,
    'a.js.br': 'stale',
    'left/out.js': CONTENT,
    'left/out.js.gz': 'stale',
    'left/right.js': CONTENT,
    'left/right.js.br': brotliCompressSync(CONTENT),
    'photo.png': 'not one',
    'photo.png.gz': gzipSync('another'),
  };
  const options: CompressOptions = {
    cache: false,
    brotli: false,
    exclude: ['left/out.js', 'left/right.js'],
  };
  const stale = ['a.js.br', 'left/out.js.gz', 'photo.png.gz'];

  it('are told without prune, and deleted with it; a dry run only says so', async () => {
    using tree = new Tree(entries);
    const left = await compress(tree.path, options);
    assert.deepEqual(
      staleOf(left),
      stale.map((path) => `${path} left`),
    );
    const all = [...Object.keys(entries), 'a.js.gz'].sort();
    assert.deepEqual(tree.list(), all);
    const before = statesOf(tree);
    const dry = await compress(tree.path, { ...options, prune: true, dryRun: true });
    assert.deepEqual(
      staleOf(dry),
      stale.map((path) => `${path} removed`),
    );
    assert.deepEqual(statesOf(tree), before);
    const pruned = await compress(tree.path, { ...options, prune: true });
    assert.deepEqual(
      staleOf(pruned),
      stale.map((path) => `${path} removed`),
    );
    assert.deepEqual(
      tree.list(),
      all.filter((path) => !stale.includes(path)),
    );
    assert.deepEqual(staleOf(await compress(tree.path, { ...options, prune: true })), []);
  });
});

describe('orphans', () => {
  it('go with prune when they are what was written here, and the rest stays', async () => {
    using tree = new Tree({
      'data.csv.gz': gzipSync('a download'),
      'gone.js': CONTENT,
      'modified.js': CONTENT,
      'stays.js': CONTENT,
    });
    using cache = new Tree();
    const options = { cacheDir: cache.path };
    await compress(tree.path, options);
    rmSync(tree.join('gone.js'));
    rmSync(tree.join('modified.js'));
    const modified = gzipSync('mine now');
    writeFileSync(tree.join('modified.js.gz'), modified);
    assert.deepEqual(orphansOf(await compress(tree.path, options)), []);
    const expected = [
      'data.csv.gz unknown left',
      'gone.js.br ours removed',
      'gone.js.gz ours removed',
      'modified.js.br ours removed',
      'modified.js.gz unknown left',
    ];
    const before = [statesOf(tree), statesOf(cache)];
    const dry = await compress(tree.path, { ...options, prune: true, dryRun: true });
    assert.deepEqual(orphansOf(dry), expected);
    assert.deepEqual([statesOf(tree), statesOf(cache)], before);
    assert.deepEqual(orphansOf(await compress(tree.path, { ...options, prune: true })), expected);
    const left = ['data.csv.gz', 'modified.js.gz', 'stays.js', 'stays.js.br', 'stays.js.gz'];
    assert.deepEqual(tree.list(), left);
    assert.ok(tree.bytes('modified.js.gz').equals(modified));
    const all = await compress(tree.path, { ...options, prune: 'all', dryRun: true });
    assert.deepEqual(orphansOf(all), [
      'data.csv.gz unknown removed',
      'modified.js.gz unknown removed',
    ]);
    assert.deepEqual(tree.list(), left);
    await compress(tree.path, { ...options, prune: 'all' });
    assert.deepEqual(tree.list(), left.slice(2));
  });

  it('are still ours when they were restored, or replaced what stood there', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    using cache = new Tree();
    const options = { cacheDir: cache.path, prune: true };
    await compress(tree.path, options);
    rmSync(tree.join('a.js.gz'));
    await compress(tree.path, options);
    renameSync(tree.join('a.js'), tree.join('b.js'));
    const report = await compress(tree.path, options);
    assert.deepEqual(orphansOf(report), ['a.js.br ours removed', 'a.js.gz ours removed']);
    assertTree(tree, ['b.js', 'b.js.br', 'b.js.gz']);
    assert.deepEqual(statusesOf(report), { restored: 2 });
  });

  it('are unknown under another root, without a cache, and once it was cleared', async () => {
    using tree = new Tree({ 'one/a.js': CONTENT });
    using cache = new Tree();
    const options = { cacheDir: cache.path, prune: true };
    await compress(tree.join('one'), options);
    rmSync(tree.join('one/a.js'));
    const unknown = ['a.js.br unknown left', 'a.js.gz unknown left'];
    cpSync(tree.join('one'), tree.join('two'), { recursive: true });
    assert.deepEqual(orphansOf(await compress(tree.join('two'), options)), unknown);
    const withoutCache = await compress(tree.join('one'), { cache: false, prune: true });
    assert.deepEqual(orphansOf(withoutCache), unknown);
    clearCache(options);
    assert.deepEqual(orphansOf(await compress(tree.join('one'), options)), unknown);
    assert.equal(tree.list().length, 4);
  });

  it('are left alone when they are excluded, or when their source comes back', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT });
    using cache = new Tree();
    const options = { cacheDir: cache.path, prune: true };
    await compress(tree.path, options);
    rmSync(tree.join('a.js'));
    rmSync(tree.join('b.js'));
    const exclude = ['a.js*', 'b.js.gz'];
    const report = await compress(tree.path, { ...options, exclude });
    assert.deepEqual(orphansOf(report), ['b.js.br ours removed']);
    assert.deepEqual(tree.list(), ['a.js.br', 'a.js.gz', 'b.js.gz']);
    const returning = await compress(tree.path, {
      ...options,
      onEvent: ({ type }) => {
        if (type === 'scanned') tree.add({ 'a.js': CONTENT });
      },
    });
    assert.deepEqual(orphansOf(returning), [
      'a.js.br ours left',
      'a.js.gz ours left',
      'b.js.gz ours removed',
    ]);
    assert.deepEqual(tree.list(), ['a.js', 'a.js.br', 'a.js.gz']);
  });

  it('that are ours go also where files of their kind are compressed', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'log.gz': script(3000) });
    using cache = new Tree();
    const options = { cacheDir: cache.path, prune: true, skipExtensions: [] };
    await compress(tree.path, options);
    rmSync(tree.join('a.js'));
    const report = await compress(tree.path, options);
    assert.deepEqual(orphansOf(report), ['a.js.br ours removed', 'a.js.gz ours removed']);
    assertTree(tree, ['log.gz', 'log.gz.br', 'log.gz.gz']);
  });
});
