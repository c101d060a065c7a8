// Shows what a full disk does at every write in turn, and a folder or a file system that is read-only: what
// cannot be written fails with the remedy, the rest is done, and what was there stays whole.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compress, type Report } from '../../src/index.js';
import { wnCompress } from '../cli/command.js';
import { mountReadOnly, mountSmall } from '../support/mount.js';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { witness } from '../support/witness.js';

const ON_WINDOWS = process.platform === 'win32' && 'file systems and permissions as POSIX has them';

/** What a file system in memory gives its space in. */
const PAGE_BYTES = Number(spawnSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }).stdout) || 4096;

/** With the cache much more is written: not every page is tried with every run of the tests. */
const STEP = rounds(0, 1) === 1 ? 1 : 4;

const SOURCES = ['disk/a.js', 'disk/b.js', 'disk/c/d.js'];
const PATHS = SOURCES.flatMap((path) => [path, `${path}.br`, `${path}.gz`]);

/** Sources of which the first has sidecars of an older version. */
async function prepare(tree: Tree): Promise<void> {
  for (const path of tree.list()) if (path.startsWith('disk/')) rmSync(tree.join(path));
  rmSync(tree.join('disk/cache'), { recursive: true, force: true });
  tree.add({ 'disk/a.js': script(9000) });
  await compress(tree.join('disk'), { brotliQuality: 5, cache: false });
  tree.add({
    'disk/a.js': script(60_000, 2),
    'disk/b.js': script(30_000, 3),
    'disk/c/d.js': script(9000, 4),
  });
}

/** Fills the disk but for so many pages. */
function leave(tree: Tree, pages: number): void {
  const { bavail, bsize } = statfsSync(tree.join('disk'));
  writeFileSync(tree.join('disk/fill'), Buffer.alloc((bavail - pages) * bsize, 1));
}

/** Asserts that what has failed is as it was, and that all else is right. */
function assertNothingTruncated(tree: Tree, before: Record<string, string>, report: Report): void {
  const failed = new Set(report.failures.map(({ path }) => path));
  for (const { code, operation, path, message } of report.failures) {
    assert.deepEqual([code, operation], ['ENOSPC', 'write'], path);
    assert.match(message, /^no space left on the device; free some and run again/);
  }
  const now = witness(tree, tree.list().filter(isSidecarPath));
  for (const path of PATHS.filter(isSidecarPath)) {
    if (failed.has(tree.join(path))) assert.equal(now[path], before[path], path);
    else assert.ok(decodeSidecar(tree, path).equals(tree.bytes(path.slice(0, -3))), path);
  }
}

describe('a disk that is full at every write in turn', { skip: ON_WINDOWS }, () => {
  for (const isCached of [false, true]) {
    it(`fails what does not fit, and nothing else${isCached ? ', with the cache on it' : ''}`, async (t) => {
      using tree = new Tree();
      mkdirSync(tree.join('disk'));
      using disk = mountSmall(tree.join('disk'), (200 * PAGE_BYTES) / 1024);
      if (disk === undefined) {
        t.skip('only root may mount a file system');
        return;
      }
      const counts = { runs: 0, failed: 0, warned: 0 };
      const cacheDir = tree.join('disk/cache');
      for (let pages = 0, isEnough = false; !isEnough; pages += isCached ? STEP : 1) {
        await prepare(tree);
        leave(tree, pages);
        const before = witness(tree, tree.list());
        const options = { brotliQuality: 5, threads: 1, cache: isCached, cacheDir };
        const report = await compress(tree.path, { ...options, include: ['**/*.js'] });
        assertNothingTruncated(tree, before, report);
        const after = witness(tree, SOURCES);
        for (const path of SOURCES) assert.equal(after[path], before[path]);
        assert.deepEqual(
          tree.list().filter((path) => path.endsWith('.tmp') && !path.includes('cache/')),
          [],
        );
        counts.runs += 1;
        counts.failed += report.failures.length;
        const isWarned = isCached && report.cache?.failure !== null;
        if (isWarned) counts.warned += 1;
        isEnough = report.failures.length === 0 && !isWarned;

        rmSync(tree.join('disk/fill'));
        const next = await compress(tree.path, { ...options, include: ['**/*.js'] });
        assert.deepEqual([next.failures, next.cache?.failure ?? null], [[], null]);
        rmSync(cacheDir, { recursive: true, force: true });
        assertTree(tree, PATHS);
      }
      assert.ok(counts.failed > counts.runs, JSON.stringify(counts));
      const { runs, failed, warned } = counts;
      const cached = isCached ? `, ${warned} times the cache` : '';
      const text = `${runs} runs, each with some KiB more: ${failed} variants failed${cached}`;
      t.diagnostic(text);
      figure(isCached ? 'disk-full-cached' : 'disk-full', text);
    });
  }
});

/** Asserts that a run says of each sidecar in the folder `closed` why it fails, and does the rest. */
async function assertOnlyClosedFails(tree: Tree, remedy: RegExp): Promise<void> {
  const before = witness(tree, tree.list());
  const { code, stderr } = await wnCompress(['.', '--quiet'], { cwd: tree.path });
  assert.equal(code, 1);
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 2, stderr);
  for (const line of lines) assert.match(line, remedy);
  assertTree(tree, ['closed/a.js', 'open.js', 'open.js.br', 'open.js.gz']);
  assert.deepEqual(witness(tree, Object.keys(before)), before);
}

describe('what is read-only', { skip: ON_WINDOWS }, () => {
  const entries = { 'closed/a.js': script(3000), 'open.js': script(2000) };

  it('is said of each sidecar in a file system, and the others are written', async (t) => {
    using tree = new Tree(entries);
    using disk = mountReadOnly(tree.join('closed'));
    if (disk === undefined) {
      t.skip('only root may mount a file system');
      return;
    }
    await assertOnlyClosedFails(
      tree,
      /^wn-compress: closed\/a\.js\.(gz|br): the file system is read-only; compress before/,
    );
  });

  it('is said of each sidecar in a folder, and the others are written', async (t) => {
    using tree = new Tree(entries);
    const isRoot = process.getuid?.() === 0;
    if (isRoot && spawnSync('chattr', ['+i', tree.join('closed')]).status !== 0) {
      t.skip('root needs a file system that knows folders which cannot be changed');
      return;
    }
    if (!isRoot) chmodSync(tree.join('closed'), 0o555);
    try {
      const remedy = isRoot
        ? /^wn-compress: closed\/a\.js\.(gz|br): it may not be changed by this user \(immutable/
        : /^wn-compress: closed\/a\.js\.(gz|br): its folder is not writable for this user; change/;
      await assertOnlyClosedFails(tree, remedy);
    } finally {
      if (isRoot) spawnSync('chattr', ['-i', tree.join('closed')]);
      else chmodSync(tree.join('closed'), 0o755);
    }
  });
});
