// Shows that any number of runs may share a tree, with or without a cache: all end with 0, the tree is right,
// and nothing is left. Two runs at once, in rounds: see test/cache-shared.test.ts.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { wnCompress } from '../cli/command.js';
import { assertTree, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { witness } from '../support/witness.js';

/** How often each number of runs is tried. */
const ROUNDS = rounds(1, 12);

const SOURCES = Array.from({ length: 12 }, (_, index) => `${index % 4}/f${index}.js`);

describe('several runs at once', () => {
  const counts = { runs: 0 };
  for (const [runs, words] of [
    [2, ['--force']],
    [5, []],
    [10, ['--cache', '--prune']],
  ] as const) {
    const isCached = words.some((word) => word === '--cache');
    it(`all end with 0 and leave the tree right: ${runs} ${words.join(' ')}`, async () => {
      using tree = new Tree();
      using cache = new Tree();
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [index, path] of SOURCES.entries()) {
          if (round === 0 || index % 2 === 0) tree.add({ [path]: script(3000, index + round) });
        }
        tree.add({ 'noise.bin': randomBytes(3000), '0/stale.js': '', '0/stale.js.gz': 'stale' });
        if (round % 3 === 1) {
          for (const path of tree.list()) if (isSidecarPath(path)) rmSync(tree.join(path));
        }
        const sources = [...SOURCES, 'noise.bin', '0/stale.js'];
        const before = witness(tree, sources);
        const place = { cwd: tree.path, ...(isCached ? { cacheDir: cache.path } : {}) };
        const ends = await Promise.all(
          Array.from({ length: runs }, () =>
            wnCompress(['.', '--quiet', '--brotli-quality=6', ...words], place),
          ),
        );
        counts.runs += runs;
        for (const { code, stderr } of ends) assert.deepEqual([code, stderr], [0, '']);
        assertTree(tree, [
          ...SOURCES.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
          'noise.bin',
          '0/stale.js',
        ]);
        assert.deepEqual(witness(tree, sources), before);
      }
    });
  }

  it('are counted', () => {
    figure('many-runs', `${counts.runs} runs, up to 10 at once on one tree`);
  });
});
