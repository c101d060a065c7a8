// Shows the cache of a run from its opening to its close: what it makes, what it says when it cannot be
// written, and that what was used and added is kept for the runs that follow.
import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CacheReader } from '../../src/cache/cache-reader.js';
import { CacheWriter } from '../../src/cache/cache-writer.js';
import { Cache } from '../../src/cache/cache.js';
import { listSegments, segmentFolder } from '../../src/cache/segment.js';
import { nowSeconds, readUsage } from '../../src/cache/usage.js';
import { addSegment, addTo, entriesOf, entryOf, heldOf, holds } from '../support/cache-entries.js';
import { Tree } from '../support/tree.js';

const GIB = 1024 ** 3;

function useOf(tree: Tree, use: Partial<ConstructorParameters<typeof Cache>[0]> = {}) {
  const rest = { isRead: true, isWritten: true, root: undefined };
  return { folder: tree.join('cache'), maxBytes: GIB, ...rest, ...use };
}

/** A run that adds entries. */
async function addIn(tree: Tree, entries: ReturnType<typeof entriesOf>, maxBytes = GIB) {
  const cache = new Cache(useOf(tree, { maxBytes }));
  assert.ok(cache.settings.addition);
  const writer = new CacheWriter(cache.settings.addition);
  for (const entry of entries) addTo(writer, entry);
  writer.flush();
  await cache.close();
}

describe('a cache that is opened', () => {
  it('makes its folders, with a tag that keeps it out of backups, and leaves nothing else behind', async () => {
    using tree = new Tree();
    for (let run = 0; run < 2; run += 1) {
      const cache = new Cache(useOf(tree));
      assert.equal(cache.failure, undefined);
      assert.equal(cache.folder, tree.join('cache'));
      await cache.close();
      assert.deepEqual(tree.list(), [
        'cache/v1/CACHEDIR.TAG',
        'cache/v1/roots',
        'cache/v1/segments',
      ]);
    }
    const tag = tree.bytes('cache/v1/CACHEDIR.TAG').toString();
    assert.ok(tag.startsWith('Signature: 8a477f597d28d172789f06886806bc55\n'));
  });

  it('makes nothing when it is only read', async () => {
    using tree = new Tree();
    const cache = new Cache(useOf(tree, { isWritten: false, root: tree.path }));
    const { addition, historyPath, reading } = cache.settings;
    assert.deepEqual([addition, historyPath, reading.isWritable], [undefined, undefined, false]);
    await cache.close();
    assert.deepEqual(tree.list(), []);
  });

  it('says why it cannot be written, and can be read and closed all the same', async () => {
    using tree = new Tree({ cache: 'a file' });
    const cache = new Cache(useOf(tree, { root: tree.path }));
    const { code, operation, path } = cache.failure ?? {};
    assert.deepEqual([operation, path], ['write', tree.join('cache')]);
    assert.ok(code === 'ENOTDIR' || code === 'EEXIST', code);
    const { addition, historyPath, reading } = cache.settings;
    assert.deepEqual([addition, historyPath, reading.isWritable], [undefined, undefined, false]);
    await cache.close();
    assert.deepEqual(tree.snapshot(), { cache: 'a file' });
  });

  it('takes entries up to a quarter of the whole', () => {
    using tree = new Tree();
    const { addition } = new Cache(useOf(tree, { maxBytes: 4000 })).settings;
    assert.equal(addition?.maxEntryBytes, 1000);
  });

  it('has what runs added before, and what live ones have added until now', async () => {
    using tree = new Tree();
    await addIn(tree, entriesOf(1, 3));
    await addSegment(tree.join('cache'), entriesOf(4, 6), undefined, true);
    assert.deepEqual(heldOf(tree.join('cache'), entriesOf(1, 6)), [0, 1, 2, 3, 4, 5]);
  });
});

describe('a cache that is closed', () => {
  it('has settled what was added', async () => {
    using tree = new Tree();
    const cache = new Cache(useOf(tree));
    assert.ok(cache.settings.addition && cache.folder !== undefined);
    const { folder } = cache;
    const writer = new CacheWriter(cache.settings.addition);
    addTo(writer, entryOf(1));
    writer.flush();
    const liveness = () => listSegments(segmentFolder(folder)).map(({ isLive }) => isLive);
    assert.deepEqual(liveness(), [true]);
    await cache.close();
    assert.deepEqual(liveness(), [false]);
    assert.deepEqual(heldOf(folder, [entryOf(1)]), [0]);
  });

  it('has noted what was used, so that this is the last to go', async () => {
    using tree = new Tree();
    const folder = tree.join('cache');
    const segments = [
      await addSegment(folder, entriesOf(1, 4, 1000), () => 1000),
      await addSegment(folder, entriesOf(5, 8, 1000), () => 2000),
    ];
    const before = nowSeconds();
    const cache = new Cache(useOf(tree));
    assert.ok(cache.settings.reading);
    const reader = new CacheReader(cache.settings.reading);
    for (const seed of [2, 8]) {
      const found = reader.find(entryOf(seed).key);
      assert.ok(found);
      reader.markUsed(found);
    }
    await cache.close();
    const times = segments.map((segment) =>
      [...readUsage(segment, 4)].map((time) => time >= before),
    );
    assert.deepEqual(times, [
      [false, true, false, false],
      [false, false, false, true],
    ]);
    await addIn(tree, [], 4200);
    // The third that there is room for is of the second segment, which is younger.
    assert.deepEqual(heldOf(folder, entriesOf(1, 8, 1000)), [1, 4, 7]);
  });

  it('is within its bounds', async () => {
    using tree = new Tree();
    await addIn(tree, entriesOf(1, 50, 1000));
    const [old] = listSegments(segmentFolder(tree.join('cache')));
    assert.ok(old);
    utimesSync(old.indexPath, 1000, 1000);
    await addIn(tree, entriesOf(51, 60, 1000), 20_000);
    const held = heldOf(tree.join('cache'), entriesOf(1, 60, 1000));
    assert.equal(held.length, 15);
    assert.deepEqual(held.slice(-10), [50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  });

  it('still has what others added while it was open', async () => {
    using tree = new Tree();
    const caches = Array.from({ length: 3 }, () => new Cache(useOf(tree)));
    for (const [index, { settings }] of caches.entries()) {
      assert.ok(settings.addition);
      const writer = new CacheWriter(settings.addition);
      addTo(writer, entryOf(index));
      writer.flush();
    }
    for (const cache of caches) await cache.close();
    const reader = new Cache(useOf(tree)).settings.reading;
    assert.ok(reader);
    assert.ok([0, 1, 2].every((seed) => holds(new CacheReader(reader), entryOf(seed))));
  });
});
