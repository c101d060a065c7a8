// Shows that runs may share a tree and a cache at once, and be killed at any moment: the tree is right behind
// the next run, a check agrees, and the cache is of use. On real processes, ended at random.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { check, compress, type CompressOptions } from '../src/index.js';
import { ended, start, wnCompress } from './cli/command.js';
import { statusesOf } from './support/cache-files.js';
import { assertTree, script } from './support/sidecars.js';
import { figure, rounds } from './support/soak.js';
import { Tree } from './support/tree.js';

const ON_WINDOWS = process.platform === 'win32' && 'signals as POSIX has them';

/** Each round is three processes, or two and a check: half a second to a second. */
const SHARED_ROUNDS = rounds(3, 50);
const KILL_ROUNDS = rounds(6, 100);

/** Of a run that is killed: it takes about 300 ms, and more when the machine is busy. */
const LONGEST_LIFE_MS = 500;

function sourcesOf(round: number): Record<string, string | Buffer> {
  return {
    'a.js': script(30_000, 1000 + round),
    'b/c.css': script(5_000, 2000 + round),
    // The same in every round, so that there is something to restore.
    'b/d.js': script(20_000),
    'e.txt': `round ${round} `.repeat(30),
    'noise.bin': randomBytes(2_000),
  };
}

function expectedPaths(): string[] {
  const kept = ['a.js', 'b/c.css', 'b/d.js', 'e.txt'];
  return [...kept.flatMap((path) => [path, `${path}.br`, `${path}.gz`]), 'noise.bin'];
}

function removeSidecars(tree: Tree): void {
  for (const path of tree.list()) if (/\.(gz|br)$/.test(path)) rmSync(tree.join(path));
}

describe('two runs at once', () => {
  it('on one tree and one cache leave both as one of them would', async () => {
    using cache = new Tree();
    const options: CompressOptions = { cacheDir: cache.path };
    using tree = new Tree();
    for (let round = 0; round < SHARED_ROUNDS; round += 1) {
      tree.add(sourcesOf(round));
      if (round % 2 === 0) removeSidecars(tree);
      // A small bound every third time, so that one prunes while the other reads.
      const words = [
        '.',
        '--quiet',
        '--prune',
        ...(round % 3 === 2 ? ['--cache-max-size=9k'] : []),
      ];
      const place = { cwd: tree.path, cacheDir: cache.path };
      const runs = await Promise.all([wnCompress(words, place), wnCompress(words, place)]);
      for (const { code, stderr } of runs) assert.deepEqual([code, stderr], [0, ''], `${round}`);
      assertTree(tree, expectedPaths());
      const checked = await check(tree.path, options);
      assert.deepEqual([checked.findings, checked.failures], [[], []]);
      using cold = new Tree();
      cold.add(
        Object.fromEntries(
          tree
            .list()
            .filter(isSource)
            .map((path) => [path, tree.bytes(path)]),
        ),
      );
      await compress(cold.path, { cache: false });
      assert.deepEqual(tree.snapshot(), cold.snapshot());
    }
    await compress(tree.path, options);
    removeSidecars(tree);
    const last = await compress(tree.path, options);
    assert.deepEqual(statusesOf(last), { restored: 8, discarded: 2 });
    figure('cache-shared', `${SHARED_ROUNDS} × 2 runs at once on one tree and one cache`);
  });
});

function isSource(path: string): boolean {
  return !/\.(gz|br)$/.test(path);
}

describe('a run that is killed at any moment', { skip: ON_WINDOWS }, () => {
  it('leaves what the next run makes right, and a cache that is of use', async () => {
    using cache = new Tree();
    using tree = new Tree();
    const place = { cwd: tree.path, cacheDir: cache.path };
    const options: CompressOptions = { cacheDir: cache.path };
    let killed = 0;
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      tree.add(sourcesOf(round));
      if (round % 2 === 0) removeSidecars(tree);
      const bound = round % 4 === 3 ? ['--cache-max-size=20k'] : [];
      const victim = start(['.', '--quiet', '--prune', ...bound], place);
      const end = ended(victim);
      await delay(randomInt(LONGEST_LIFE_MS));
      victim.kill('SIGKILL');
      const { signal, stderr } = await end;
      assert.equal(stderr, '');
      if (signal !== null) killed += 1;
      const next = await compress(tree.path, { ...options, prune: true });
      assert.deepEqual([next.failures, next.cache?.failure, next.orphans], [[], null, []]);
      assertTree(tree, expectedPaths());
      const checked = await wnCompress(['.', '--check'], place);
      assert.deepEqual([checked.code, checked.stderr], [0, ''], checked.stdout);
      removeSidecars(tree);
      const last = await compress(tree.path, options);
      assert.deepEqual(statusesOf(last), { restored: 8, discarded: 2 }, `${round}`);
      assertTree(tree, expectedPaths());
    }
    assert.ok(killed > 0, 'every run was done before it was killed');
    figure('cache-kill', `${killed} runs killed in the middle, one cache`);
  });
});
