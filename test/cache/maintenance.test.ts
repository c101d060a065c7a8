// Shows what is told of a cache, what pruning and clearing leave of it, and that nothing goes which a cache
// has not made.
import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { appendHistory, historyPath, historyRecord } from '../../src/cache/history.js';
import { cachePath, cacheStats, clearCache, pruneCache } from '../../src/cache/maintenance.js';
import { UsageError } from '../../src/errors.js';
import {
  addSegment,
  discardedOf,
  ENCODE_MS,
  entriesOf,
  entryOf,
  heldOf,
} from '../support/cache-entries.js';
import { Tree } from '../support/tree.js';

const EMPTY = { kept: 0, discarded: 0, bytes: 0, encodeMs: 0 };

/** A cache of four entries in two segments, one of them twice, and a history. */
async function exampleIn(tree: Tree): Promise<void> {
  mkdirSync(tree.join('cache/v1/roots'), { recursive: true });
  await addSegment(tree.join('cache'), [entryOf(1), discardedOf(2)]);
  await addSegment(tree.join('cache'), [entryOf(1), entryOf(3), entryOf(4)], () => 1000);
  const record = historyRecord('a.js.gz', entryOf(1).key);
  appendHistory(historyPath(tree.join('cache'), '/srv'), [record]);
}

function sizeOf(tree: Tree): number {
  return tree.list().reduce((sum, name) => sum + statSync(tree.join(name)).size, 0);
}

describe('what is told of a cache', () => {
  it('is where it is, whatever is there', () => {
    using tree = new Tree({ file: '' });
    for (const name of ['missing', 'file']) {
      assert.equal(cachePath({ cacheDir: tree.join(name) }), tree.join(name));
      assert.deepEqual(cacheStats({ cacheDir: tree.join(name) }), {
        path: tree.join(name),
        ...EMPTY,
      });
    }
    assert.deepEqual(tree.list(), ['file']);
  });

  it('is what is in it, each entry once, and the size of all its files', async () => {
    using tree = new Tree();
    await exampleIn(tree);
    const stats = cacheStats({ cacheDir: tree.join('cache') });
    const counts = { kept: 3, discarded: 1, encodeMs: 4 * ENCODE_MS };
    assert.deepEqual(stats, { path: tree.join('cache'), bytes: sizeOf(tree), ...counts });
  });

  it('is an error for options that make no sense', () => {
    assert.throws(() => cachePath({ cacheDir: 'a\0b' }), UsageError);
    assert.throws(() => cacheStats({ cacheMaxSize: -1 }), UsageError);
    assert.throws(() => clearCache({ cacheMaxSize: -1 }), UsageError);
  });
});

describe('a cache that is pruned by hand', () => {
  it('is one segment, with every entry once', async () => {
    using tree = new Tree();
    await exampleIn(tree);
    const stats = await pruneCache({ cacheDir: tree.join('cache') });
    assert.deepEqual([stats.kept, stats.discarded, stats.bytes], [3, 1, sizeOf(tree)]);
    assert.equal(tree.list().filter((name) => name.includes('segments/')).length, 3);
    assert.equal(tree.list().filter((name) => name.endsWith('.history')).length, 1);
  });

  it('is no larger than it may be', async () => {
    using tree = new Tree();
    await addSegment(tree.join('cache'), entriesOf(1, 40, 1000), (index) => 1000 + index);
    const stats = await pruneCache({ cacheDir: tree.join('cache'), cacheMaxSize: 20_000 });
    assert.ok(stats.bytes <= 20_000 && stats.kept === 15, JSON.stringify(stats));
    const held = heldOf(tree.join('cache'), entriesOf(1, 40, 1000));
    assert.deepEqual(
      held,
      Array.from({ length: 15 }, (_, index) => 25 + index),
    );
  });

  it('stays missing where there is none', async () => {
    using tree = new Tree();
    const cacheDir = tree.join('missing');
    assert.deepEqual(await pruneCache({ cacheDir }), { path: cacheDir, ...EMPTY });
    assert.deepEqual(tree.list(), []);
  });
});

describe('a cache that is cleared', () => {
  it('loses all that it made, and says what that was', async () => {
    using tree = new Tree();
    await exampleIn(tree);
    const strays = ['0123456789ab-01234567.pack', '0123456789ab-01234567.index.tmp'];
    tree.add(Object.fromEntries(strays.map((name) => [`cache/v1/segments/${name}`, 'x'])));
    const before = cacheStats({ cacheDir: tree.join('cache') });
    assert.equal(before.kept, 3);
    const { path, bytes } = before;
    assert.deepEqual(clearCache({ cacheDir: tree.join('cache') }), { path, bytes });
    assert.deepEqual(tree.list(), ['cache/v1/roots', 'cache/v1/segments']);
    assert.equal(clearCache({ cacheDir: tree.join('cache') }).bytes, 0);
  });

  it('keeps what is not of the cache: its folder may be anyone’s', async () => {
    const others = {
      'cache/CACHEDIR.TAG': 'x',
      'cache/thesis.txt': 'x',
      'cache/v1/notes': 'x',
      'cache/v1/segments/a.js': 'x',
      'cache/v1/segments/deep/0123456789ab-01234567.pack': 'x',
      'cache/v1/roots/readme': 'x',
      'cache/v2/segments/0123456789ab-01234567.pack': 'x',
      '0123456789ab-01234567.pack': 'x',
    };
    using tree = new Tree(others);
    await exampleIn(tree);
    clearCache({ cacheDir: tree.join('cache') });
    assert.deepEqual(tree.snapshot(), others);
  });
});
