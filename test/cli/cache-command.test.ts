// Tests `wn-compress cache` as a process: where the cache is, what is in it, and that pruning and clearing remove
// nothing but what a cache made.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import type { CacheStats } from '../../src/index.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { COMMAND, wnCompress } from './command.js';

const SOURCES = { 'a.js': script(9000), 'b.js': script(4000, 2), 'tiny.txt': 'x' };

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `wn-compress cache …`, without the option that `wnCompress` puts in front. */
function cacheCommand(
  words: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'cache', ...words], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return { code: status, stdout, stderr };
}

test('cache path says where it is: as asked for, by the environment, or in node_modules', () => {
  using tree = new Tree({ 'project/node_modules/x/y.js': '', 'project/deep/z': '' });
  const cwd = tree.join('project/deep');
  const at = (words: readonly string[], directory: string) =>
    cacheCommand(['path', ...words], cwd, { WN_COMPRESS_CACHE_DIR: directory });
  assert.deepEqual(at(['--cache-dir=here'], '/there'), {
    code: 0,
    stdout: `${tree.join('project/deep/here')}\n`,
    stderr: '',
  });
  assert.equal(at([], tree.join('there')).stdout, `${tree.join('there')}\n`);
  const path = tree.join('project/node_modules/.cache/wn-compress');
  assert.equal(at([], '').stdout, `${path}\n`);
  assert.deepEqual(JSON.parse(at(['--json'], '').stdout), { path });
  // To be asked creates nothing.
  assert.deepEqual(tree.list(), ['project/deep/z', 'project/node_modules/x/y.js']);
});

test('cache stats, prune and clear tell what is there, and remove only what a cache made', async () => {
  using tree = new Tree(SOURCES);
  using cache = new Tree({
    'mine.txt': 'x',
    'v1/mine.txt': 'x',
    'v1/roots/mine.txt': 'x',
    'v1/segments/mine.txt': 'x',
    'v1/segments/sub/0123456789ab-01234567.pack': 'x',
  });
  const mine = cache.list();
  const directory = `--cache-dir=${cache.path}`;
  const stats = (action: string, ...words: readonly string[]) => {
    const said = cacheCommand([action, '--json', directory, ...words], tree.path);
    assert.deepEqual([said.code, said.stderr], [0, '']);
    return JSON.parse(said.stdout) as CacheStats;
  };
  assert.deepEqual(stats('stats'), {
    path: cache.path,
    bytes: 0,
    kept: 0,
    discarded: 0,
    encodeMs: 0,
  });
  await wnCompress(['.'], { cwd: tree.path, cacheDir: cache.path });
  const filled = stats('stats');
  assert.deepEqual([filled.kept, filled.discarded], [4, 2]);
  assert.ok(filled.bytes > 1000 && filled.encodeMs > 0);
  const said = cacheCommand(['stats', directory], tree.path);
  assert.match(said.stdout, /\n {2}size .*\n {2}variants +4\n {2}discarded +2\n {2}worth .*\n$/);
  assert.deepEqual(stats('prune').kept, 4);
  const bound = 2500;
  const pruned = stats('prune', `--cache-max-size=${bound}`);
  assert.ok(pruned.kept < 4 && pruned.kept > 0, `${pruned.kept}`);
  assert.match(cacheCommand(['clear', directory], tree.path).stdout, /^Removed .* from .*\n$/);
  assert.deepEqual(stats('stats').kept, 0);
  assert.deepEqual(cache.list(), [...mine, 'v1/CACHEDIR.TAG'].sort());
  assert.deepEqual(stats('clear').bytes, 0);
});

test('cache takes one of its words, and only options that are about it', () => {
  using tree = new Tree({ 'cache/a.js': script(3000) });
  using cache = new Tree();
  const env = { WN_COMPRESS_CACHE_DIR: cache.path };
  for (const words of [
    [],
    ['bogus'],
    ['stats', 'more'],
    ['clear', '--dry-run'],
    ['clear', '--check'],
    ['stats', '--prune'],
    ['path', '--cache-dir='],
    ['prune', '--cache-max-size=x'],
  ]) {
    const { code, stdout, stderr } = cacheCommand(words, tree.path, env);
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    assert.match(stderr, /^wn-compress: .+\n(A folder of that name is \.\/cache\n)?$/);
  }
  assert.deepEqual(tree.list(), ['cache/a.js']);
  const folder = spawnSync(process.execPath, [COMMAND, './cache'], {
    cwd: tree.path,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  assert.equal(folder.status, 0);
  assert.deepEqual(tree.list(), ['cache/a.js', 'cache/a.js.br', 'cache/a.js.gz']);
});

test(
  'cache says what stands in the way, in a line and with 2',
  { skip: process.platform === 'win32' },
  () => {
    using cache = new Tree();
    mkdirSync(cache.join('v1/segments/0123456789ab-01234567.pack'), { recursive: true });
    const directory = `--cache-dir=${cache.path}`;
    const { code, stdout, stderr } = cacheCommand(['clear', directory], cache.path);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^wn-compress: the cache in .*\n$/);
    rmSync(cache.join('v1'), { recursive: true });
    for (const action of ['stats', 'prune', 'clear']) {
      assert.equal(cacheCommand([action, directory], cache.path).code, 0);
    }
    assert.deepEqual(cache.list(), []);
  },
);
