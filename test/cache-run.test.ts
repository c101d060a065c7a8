// Shows what the cache does for whole runs: what was encoded once is not encoded again, wherever the tree
// and the cache have gone meanwhile; and a cache that is of no use costs a warning and nothing else.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import { appendHistory, History, historyRecord } from '../src/cache/history.js';
import {
  cachePath,
  cacheStats,
  check,
  compress as compressByDefault,
  pruneCache,
  type CompressOptions,
  type Report,
} from '../src/index.js';
import { COMMAND, wnCompress } from './cli/command.js';
import { readEntries, statusesOf } from './support/cache-files.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';

const ON_WINDOWS = process.platform === 'win32' && 'links, limits and modes as POSIX has them';
const AS_ROOT = process.getuid?.() === 0;

/** Compressible ones of several sizes, twins, one that never becomes smaller, one that is tiny. */
const SOURCES = {
  'app.js': script(20_000),
  'css/site.css': script(6_000, 2),
  'deep/er/copy.js': script(20_000),
  'index.html': '<!doctype html><p>Hello</p>\n'.repeat(40),
  'noise.bin': randomBytes(5_000),
  'tiny.txt': 'x',
};

/** Variants of the four sources that get smaller, and of the two that do not. */
const ALL = { kept: 8, discarded: 4 };

function run(tree: Tree, cache: Tree, options: CompressOptions = {}): Promise<Report> {
  return compressByDefault(tree.path, { cacheDir: cache.path, ...options });
}

function withoutSidecars(tree: Tree): void {
  for (const path of tree.list()) if (/\.(gz|br)$/.test(path)) rmSync(tree.join(path));
}

/** Everything in a folder, down to what nobody can change without leaving a trace. */
function statesOf(tree: Tree): unknown[] {
  return Object.entries(tree.snapshot()).map(([path, content]) => {
    const { mtimeNs, ctimeNs, ino } = statSync(tree.join(path), { bigint: true });
    return [path, content, mtimeNs, ctimeNs, ino];
  });
}

describe('what was encoded once', () => {
  it('is written, then unchanged, then restored: byte for byte the tree of a run without a cache', async () => {
    using tree = new Tree(SOURCES);
    using cold = new Tree(SOURCES);
    using cache = new Tree();
    await compressByDefault(cold.path, { cache: false });
    const first = await run(tree, cache);
    // The twin of a source is not encoded either, and counts as written all the same.
    assert.deepEqual(statusesOf(first), { written: ALL.kept, discarded: ALL.discarded });
    assert.deepEqual(tree.snapshot(), cold.snapshot());
    const second = await run(tree, cache);
    assert.deepEqual(statusesOf(second), { unchanged: ALL.kept, discarded: ALL.discarded });
    assert.ok((second.cache?.savedMs ?? 0) > 0);
    withoutSidecars(tree);
    const third = await run(tree, cache);
    assert.deepEqual(statusesOf(third), { restored: ALL.kept, discarded: ALL.discarded });
    assert.ok((third.cache?.savedMs ?? 0) > 0);
    assert.deepEqual(tree.snapshot(), cold.snapshot());
    assert.deepEqual([third.cache?.path, third.cache?.failure], [cache.path, null]);
  });

  it('is not encoded again when all mtimes are new, nor when tree and cache have moved', async () => {
    using tree = new Tree();
    using cache = new Tree();
    tree.add(Object.fromEntries(Object.entries(SOURCES).map(([path, one]) => [`a/${path}`, one])));
    const options = { cacheDir: cache.join('a') };
    await compressByDefault(tree.join('a'), options);
    const before = Object.values(tree.snapshot());
    for (const path of tree.list()) {
      if (!/\.(gz|br)$/.test(path)) utimesSync(tree.join(path), 1_700_000_000, 1_700_000_000);
    }
    const touched = await compressByDefault(tree.join('a'), options);
    assert.deepEqual(statusesOf(touched), { unchanged: ALL.kept, discarded: ALL.discarded });
    // A sidecar is never older than its source, and by less than a microsecond younger.
    assert.equal(Math.floor(statSync(tree.join('a/app.js.gz')).mtimeMs), 1_700_000_000_000);
    renameSync(tree.join('a'), tree.join('b'));
    const moved = await compressByDefault(tree.join('b'), options);
    assert.deepEqual(statusesOf(moved), { unchanged: ALL.kept, discarded: ALL.discarded });
    // As a cache does that travels from one machine to another.
    cpSync(cache.join('a'), cache.join('c'), { recursive: true });
    rmSync(cache.join('a'), { recursive: true });
    withoutSidecars(tree);
    const travelled = await compressByDefault(tree.join('b'), { cacheDir: cache.join('c') });
    assert.deepEqual(statusesOf(travelled), { restored: ALL.kept, discarded: ALL.discarded });
    assert.ok((travelled.cache?.savedMs ?? 0) > 0);
    assert.deepEqual(Object.values(tree.snapshot()), before);
  });

  it('is all but the one file that changed', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    await run(tree, cache);
    appendFileSync(tree.join('css/site.css'), '\n');
    const report = await run(tree, cache);
    const written = report.sources.filter(({ variants }) =>
      variants.some(({ status }) => status === 'written'),
    );
    assert.deepEqual(
      written.map(({ relativePath }) => relativePath),
      ['css/site.css'],
    );
    assert.deepEqual(statusesOf(report), { written: 2, unchanged: 6, discarded: 4 });
    assertTree(tree, tree.list());
  });

  it('is that of its settings: others are encoded, and the first come back', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    await run(tree, cache);
    const before = tree.snapshot();
    for (const other of [{ gzipLevel: 1 }, { brotliQuality: 4 }, { gzipLevel: 6 }]) {
      withoutSidecars(tree);
      const report = await run(tree, cache, other);
      using cold = new Tree(SOURCES);
      await compressByDefault(cold.path, { ...other, cache: false });
      assert.deepEqual(tree.snapshot(), cold.snapshot());
      const { gzip, br } = report.totals.contentCodings;
      const [changed, same] = 'gzipLevel' in other ? [gzip, br] : [br, gzip];
      assert.deepEqual([changed?.written, changed?.restored], [4, 0]);
      assert.deepEqual([same?.written, same?.restored], [0, 4]);
    }
    withoutSidecars(tree);
    assert.equal(statusesOf(await run(tree, cache)).written, undefined);
    assert.deepEqual(tree.snapshot(), before);
  });

  it('is judged anew by each maxRatio', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    for (const maxRatio of [0.01, 0.35, 1, 0.1, 1]) {
      for (const emptied of [false, true]) {
        if (emptied) withoutSidecars(tree);
        await run(tree, cache, { maxRatio });
        using cold = new Tree(SOURCES);
        await compressByDefault(cold.path, { maxRatio, cache: false });
        assert.deepEqual(tree.snapshot(), cold.snapshot(), `${maxRatio}`);
        assert.deepEqual((await check(tree.path, { maxRatio, cacheDir: cache.path })).findings, []);
      }
    }
    withoutSidecars(tree);
    assert.equal(statusesOf(await run(tree, cache)).written, undefined);
  });

  it('is encoded anew by force, which mends what the cache holds', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    await run(tree, cache);
    const forced = await run(tree, cache, { force: true });
    assert.deepEqual(statusesOf(forced), { unchanged: ALL.kept, discarded: ALL.discarded });
    assert.equal(forced.cache?.savedMs, 0);
    const keys = new Set(readEntries(cache.path).map(({ bytes }) => bytes.toString('hex', 0, 32)));
    // Each of three different contents that are kept, and two that are not, with two content-codings.
    assert.equal(readEntries(cache.path).length, 2 * keys.size);
    assert.equal(keys.size, 10);
    withoutSidecars(tree);
    assert.equal((await run(tree, cache)).totals.contentCodings.br?.restored, 4);
  });
});

describe('a run that is to leave the cache alone', () => {
  it('neither makes nor reads one with `cache: false`', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    const report = await run(tree, cache, { cache: false });
    assert.deepEqual([cache.list(), report.cache], [[], null]);
    await run(tree, cache);
    const before = statesOf(cache);
    withoutSidecars(tree);
    const again = await run(tree, cache, { cache: false });
    assert.deepEqual(statusesOf(again), { written: ALL.kept, discarded: ALL.discarded });
    assert.deepEqual(statesOf(cache), before);
  });

  it('says `restored` in a dry run, and writes nothing at all', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    const dry = await run(tree, cache, { dryRun: true });
    assert.deepEqual(statusesOf(dry), { written: ALL.kept, discarded: ALL.discarded });
    assert.deepEqual(cache.list(), []);
    await run(tree, cache);
    withoutSidecars(tree);
    const before = [statesOf(tree), statesOf(cache)];
    const again = await run(tree, cache, { dryRun: true });
    assert.deepEqual(statusesOf(again), { restored: ALL.kept, discarded: ALL.discarded });
    assert.deepEqual([statesOf(tree), statesOf(cache)], before);
  });

  it('compresses nothing of a cache that lies in the root', async () => {
    using tree = new Tree(SOURCES);
    const cacheDir = tree.join('.cache/ours');
    using cold = new Tree(SOURCES);
    await compressByDefault(cold.path, { cache: false });
    for (let round = 0; round < 3; round += 1) {
      await compressByDefault(tree.path, { cacheDir, prune: 'all' });
      const others = tree.list().filter((path) => !path.startsWith('.cache/'));
      assert.deepEqual(others, cold.list());
      const inCache = tree.list().filter((path) => path.startsWith('.cache/'));
      assert.ok(inCache.length > 0);
      assert.deepEqual(
        inCache.filter((path) => /\.(gz|br)$/.test(path)),
        [],
      );
    }
    withoutSidecars(tree);
    const report = await compressByDefault(tree.path, { cacheDir });
    assert.deepEqual(statusesOf(report), { restored: ALL.kept, discarded: ALL.discarded });
  });
});

describe('where the cache is by default', () => {
  it('is what the environment names', async () => {
    using tree = new Tree({ 'a.js': script(3000, 77) });
    using cache = new Tree();
    const before = process.env['WN_COMPRESS_CACHE_DIR'];
    process.env['WN_COMPRESS_CACHE_DIR'] = cache.path;
    try {
      assert.equal(cachePath(), cache.path);
      assert.equal((await compressByDefault(tree.path)).cache?.path, cache.path);
      rmSync(tree.join('a.js.br'));
      assert.deepEqual(statusesOf(await compressByDefault(tree.path)), {
        unchanged: 1,
        restored: 1,
      });
      assert.equal(cacheStats().kept, 2);
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, 'WN_COMPRESS_CACHE_DIR');
      else process.env['WN_COMPRESS_CACHE_DIR'] = before;
    }
  });
});

describe('a cache that cannot be written', { skip: ON_WINDOWS }, () => {
  /** Asserts that a run with this cache makes the whole tree, warns once on stderr, and is no failure. */
  async function assertOnlyWarns(cacheDir: string, code: RegExp): Promise<void> {
    using tree = new Tree(SOURCES);
    using cold = new Tree(SOURCES);
    await compressByDefault(cold.path, { cache: false });
    const ended = await wnCompress(['.'], { cwd: tree.path, cacheDir });
    assert.equal(ended.code, 0);
    assert.match(ended.stderr, /^wn-compress: warning: the cache in .* cannot be written .*\n$/);
    assert.match(ended.stderr, code);
    assert.deepEqual(tree.snapshot(), cold.snapshot());
    const report = await compressByDefault(tree.path, { cacheDir });
    assert.match(report.cache?.failure?.code ?? '', code);
    assert.deepEqual([report.failures, report.cache?.path], [[], cacheDir]);
    assert.deepEqual(tree.snapshot(), cold.snapshot());
  }

  it('warns when a file stands there, or in a folder on the way, or below', async () => {
    using cache = new Tree({ file: 'x', 'below/v1': 'x', 'deep/v1/segments': 'x' });
    const before = statesOf(cache);
    await assertOnlyWarns(cache.join('file'), /EEXIST|ENOTDIR/);
    await assertOnlyWarns(cache.join('file/cache'), /EEXIST|ENOTDIR/);
    await assertOnlyWarns(cache.join('below'), /EEXIST|ENOTDIR/);
    await assertOnlyWarns(cache.join('deep'), /EEXIST|ENOTDIR/);
    assert.deepEqual(statesOf(cache), before);
  });

  it('warns where nothing can be made', { skip: process.platform !== 'linux' }, async () => {
    await assertOnlyWarns('/proc/wn-compress', /ENOENT|EACCES|EPERM/);
  });

  it(
    'warns when it may be read only, and is read',
    { skip: AS_ROOT && 'root may write all' },
    async () => {
      using tree = new Tree(SOURCES);
      using cache = new Tree();
      await run(tree, cache);
      chmodSync(cache.join('v1/segments'), 0o500);
      try {
        await assertOnlyWarns(cache.path, /EACCES/);
        withoutSidecars(tree);
        assert.equal(statusesOf(await run(tree, cache)).restored, ALL.kept);
      } finally {
        chmodSync(cache.join('v1/segments'), 0o700);
      }
    },
  );

  it('warns on a disk that is full, and on one that is read-only, which is read', async (context) => {
    using cache = new Tree();
    mkdirSync(cache.join('disk'));
    const mount = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', cache.join('disk')];
    if (!AS_ROOT || spawnSync('mount', mount).status !== 0) {
      context.skip('only root may mount a file system');
      return;
    }
    try {
      using tree = new Tree(SOURCES);
      await compressByDefault(tree.path, { cacheDir: cache.join('disk') });
      execFileSync('mount', ['-o', 'remount,ro', cache.join('disk')]);
      await assertOnlyWarns(cache.join('disk'), /EROFS/);
      withoutSidecars(tree);
      const report = await compressByDefault(tree.path, { cacheDir: cache.join('disk') });
      assert.equal(statusesOf(report).restored, ALL.kept);
      execFileSync('mount', ['-o', 'remount,rw', cache.join('disk')]);
      rmSync(cache.join('disk/v1'), { recursive: true });
      mkdirSync(cache.join('disk/v1/segments'), { recursive: true });
      mkdirSync(cache.join('disk/v1/roots'));
      assert.throws(() => {
        writeFileSync(cache.join('disk/fill'), randomBytes(100_000));
      }, /ENOSPC/);
      await assertOnlyWarns(cache.join('disk'), /ENOSPC/);
    } finally {
      execFileSync('umount', [cache.join('disk')]);
    }
  });

  it('warns when a limit on file sizes ends what is added to it', () => {
    using tree = new Tree();
    using cache = new Tree();
    for (let index = 0; index < 20; index += 1) {
      tree.add({ [`${index}.txt`]: randomBytes(15_000).toString('hex') });
    }
    const shell = 'trap "" XFSZ; ulimit -f 64; "$1" "$2" . --cache-dir "$3" 2>&1; echo "=$?"';
    const words = ['-c', shell, 'sh', process.execPath, COMMAND, cache.path];
    const { stdout } = spawnSync('bash', words, { cwd: tree.path, encoding: 'utf8' });
    assert.match(stdout, /warning: the cache in .* cannot be written \(EFBIG\)/);
    assert.match(stdout, /=0\n$/);
    assertTree(
      tree,
      [...Array(20).keys()].flatMap((n) => ['', '.br', '.gz'].map((s) => `${n}.txt${s}`)),
    );
  });
});

describe('a cache that must not grow', () => {
  it('stays within its bound, however often it is added to', async () => {
    using cache = new Tree();
    const cacheMaxSize = 60_000;
    for (let round = 0; round < 6; round += 1) {
      using tree = new Tree();
      for (let index = 0; index < 6; index += 1) {
        tree.add({ [`${index}.js`]: script(15_000, 1000 * round + index) });
      }
      const report = await run(tree, cache, { cacheMaxSize, brotliQuality: 5 });
      assert.deepEqual(report.cache?.failure, null);
      const { bytes, kept } = cacheStats({ cacheDir: cache.path });
      // The history of a root is no part of what is bounded; here it is 32 bytes for each sidecar.
      assert.ok(bytes <= cacheMaxSize + 6 * 12 * 32, `${bytes}`);
      assert.ok(kept > 0);
      assertTree(tree, tree.list());
    }
  });

  it('is of the same use when its segments have become one', async () => {
    using cache = new Tree();
    using tree = new Tree();
    for (let round = 0; round < 3; round += 1) {
      tree.add({ [`${round}.js`]: script(5_000, 50 + round), [`${round}.bin`]: randomBytes(500) });
      await run(tree, cache);
    }
    const before = tree.snapshot();
    const { kept, discarded } = await pruneCache({ cacheDir: cache.path });
    assert.deepEqual([kept, discarded], [6, 6]);
    const indexes = readdirSync(cache.join('v1/segments')).filter((name) => name.endsWith('index'));
    assert.equal(indexes.length, 1);
    withoutSidecars(tree);
    assert.deepEqual(statusesOf(await run(tree, cache)), { restored: 6, discarded: 6 });
    assert.deepEqual(tree.snapshot(), before);
  });

  it('holds nothing at 0, and that harms nothing', async () => {
    using tree = new Tree(SOURCES);
    using cold = new Tree(SOURCES);
    using cache = new Tree();
    await compressByDefault(cold.path, { cache: false });
    for (let round = 0; round < 2; round += 1) {
      withoutSidecars(tree);
      const report = await run(tree, cache, { cacheMaxSize: 0 });
      assert.deepEqual([report.failures, report.cache?.failure], [[], null]);
      assert.deepEqual(tree.snapshot(), cold.snapshot());
      assert.deepEqual(readdirSync(cache.join('v1/segments')), []);
    }
  });

  it('is used by nobody who only looks, however small it is to be', async () => {
    using tree = new Tree(SOURCES);
    using cache = new Tree();
    await run(tree, cache);
    const before = statesOf(cache);
    await run(tree, cache, { dryRun: true, cacheMaxSize: 1 });
    await check(tree.path, { cacheDir: cache.path, cacheMaxSize: 1 });
    assert.deepEqual(statesOf(cache), before);
  });
});

describe('a source that is streamed', () => {
  const fast = { gzipLevel: 1, brotliQuality: 1 };
  const content = script(1_000_000).repeat(34);

  it('is restored, and its twin encoded once', async () => {
    using tree = new Tree({ 'a.js': content, 'copy/a.js': content });
    using cache = new Tree();
    const started = performance.now();
    const first = await run(tree, cache, { ...fast, threads: 2 });
    assert.ok(performance.now() - started < 60_000);
    assertTree(
      tree,
      ['a', 'copy/a'].flatMap((name) => [`${name}.js`, `${name}.js.br`, `${name}.js.gz`]),
    );
    // Which of the two comes first is the plan's affair.
    assert.deepEqual(statusesOf(first), { written: 2, restored: 2 });
    assert.equal(readEntries(cache.path).length, 2);
    const before = tree.snapshot();
    const second = await run(tree, cache, fast);
    assert.deepEqual(statusesOf(second), { unchanged: 4 });
    assert.ok((second.cache?.savedMs ?? 0) > 0);
    withoutSidecars(tree);
    const dry = await run(tree, cache, { ...fast, dryRun: true });
    assert.deepEqual(statusesOf(dry), { restored: 4 });
    assert.deepEqual(tree.list(), ['a.js', 'copy/a.js']);
    assert.deepEqual(statusesOf(await run(tree, cache, fast)), { restored: 4 });
    assert.deepEqual(tree.snapshot(), before);
  });

  it('that is discarded is not encoded again', async () => {
    using tree = new Tree({ 'a.bin': randomBytes(33 * 1024 * 1024) });
    using cache = new Tree();
    await run(tree, cache, fast);
    const again = await run(tree, cache, fast);
    assert.deepEqual(statusesOf(again), { discarded: 2 });
    assert.ok((again.cache?.savedMs ?? 0) > 0);
    assert.deepEqual(tree.list(), ['a.bin']);
    const checked = await check(tree.path, { ...fast, cacheDir: cache.path });
    assert.deepEqual(checked.findings, []);
  });
});

describe('the history of a root', () => {
  it('is read again behind a record that a full disk cut off', () => {
    using cache = new Tree();
    const path = cache.join('history');
    const digest = (byte: number) => Buffer.alloc(32, byte);
    appendHistory(path, [historyRecord('a.gz', digest(1))]);
    appendFileSync(path, historyRecord('b.gz', digest(2)).subarray(0, 13));
    appendHistory(path, [historyRecord('c.gz', digest(3)), historyRecord('d.gz', digest(4))]);
    const history = new History(path);
    const known = ['a.gz', 'b.gz', 'c.gz', 'd.gz'].filter((name) => history.knows(name));
    assert.deepEqual(known, ['a.gz', 'c.gz', 'd.gz']);
    assert.ok(history.hasWritten('d.gz', digest(4)));
  });
});
