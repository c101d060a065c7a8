// Shows what pruning leaves of a cache: what was used last, as far as there is room, in few segments, each
// entry once and readable as before. What a run is writing is left alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { prune, recordsOf } from '../../src/cache/prune.js';
import { RECORD_BYTES } from '../../src/cache/record.js';
import { listSegments, segmentFolder } from '../../src/cache/segment.js';
import { readUsage } from '../../src/cache/usage.js';
import {
  addSegment,
  discardedOf,
  entriesOf,
  entryOf,
  heldOf,
  holds,
  openReader,
  type TestEntry,
} from '../support/cache-entries.js';
import { FOLDER, Tree } from '../support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs';
const NO_LIMIT = { maxBytes: Infinity, isForced: false };
const FORCED = { maxBytes: Infinity, isForced: true };

/** Bytes of all files of the segments. */
function sizeOf(tree: Tree): number {
  return tree.list().reduce((sum, name) => sum + statSync(tree.join(name)).size, 0);
}

/** The files of the segments, by their names without the folder. */
function filesIn(tree: Tree): string[] {
  return tree.list().map((name) => name.slice('v1/segments/'.length));
}

function snapshotOf(tree: Tree): Record<string, string> {
  return tree.snapshot();
}

async function pruneTree(tree: Tree, rules: Parameters<typeof prune>[1]): Promise<void> {
  await prune(segmentFolder(tree.path), rules);
}

describe('pruning', () => {
  it('leaves a cache as it is that is small enough and has few segments', async () => {
    using tree = new Tree();
    for (let seed = 0; seed < 16; seed += 1) await addSegment(tree.path, [entryOf(seed)]);
    const before = snapshotOf(tree);
    await pruneTree(tree, NO_LIMIT);
    assert.deepEqual(snapshotOf(tree), before);
    await pruneTree(tree, { maxBytes: sizeOf(tree), isForced: false });
    assert.deepEqual(snapshotOf(tree), before);
  });

  it('of nothing, or of what is no folder, does nothing', async () => {
    using tree = new Tree({ 'v1/segments': FOLDER, file: 'x' });
    for (const rules of [NO_LIMIT, FORCED, { maxBytes: 0, isForced: true }]) {
      await pruneTree(tree, rules);
      await prune(tree.join('missing'), rules);
      await prune(tree.join('file'), rules);
    }
    assert.deepEqual(tree.snapshot(), { 'v1/segments': 'folder/', file: 'x' });
  });

  it('lets go what was used longest ago, entry by entry, across all segments', async () => {
    using tree = new Tree();
    const entries = entriesOf(0, 29, 1000);
    // The third entry of each segment is old, then the second, then the first.
    for (let segment = 0; segment < 10; segment += 1) {
      const some = entries.slice(segment * 3, segment * 3 + 3);
      await addSegment(tree.path, some, (index) => 1_000_000 - index * 1000 + segment);
    }
    const maxBytes = 27_000;
    assert.ok(sizeOf(tree) > maxBytes);
    await pruneTree(tree, { maxBytes, isForced: false });
    // Of 80 % of that there is room for 20 entries of 1064 bytes.
    const expected = [...entries.keys()].filter((index) => index % 3 < 2);
    assert.deepEqual(heldOf(tree.path, entries), expected);
    assert.ok(sizeOf(tree) <= maxBytes, `${sizeOf(tree)} bytes`);
  });

  it('keeps to its bound whatever is in the cache, and uses most of the room', async () => {
    for (const [bytes, count] of [
      [0, 2000],
      [10, 1000],
      [5000, 60],
      [40_000, 8],
    ] as const) {
      using tree = new Tree();
      for (let segment = 0; segment < 5; segment += 1) {
        const first = segment * count;
        const entries = entriesOf(first, first + count - 1, bytes).map((entry) =>
          bytes === 0 ? { ...entry, encoded: undefined } : entry,
        );
        await addSegment(tree.path, entries, (index) => 1000 + index);
      }
      const maxBytes = Math.floor(sizeOf(tree) * 0.6);
      await pruneTree(tree, { maxBytes, isForced: false });
      const left = sizeOf(tree);
      assert.ok(left <= maxBytes, `${left} of ${maxBytes} bytes, entries of ${bytes}`);
      assert.ok(left >= maxBytes * 0.5, `${left} of ${maxBytes} bytes, entries of ${bytes}`);
    }
  });

  it('lets everything go when there is room for nothing', async () => {
    using tree = new Tree();
    await addSegment(tree.path, entriesOf(1, 5));
    await addSegment(tree.path, [discardedOf(6)]);
    await pruneTree(tree, { maxBytes: 0, isForced: false });
    assert.deepEqual(filesIn(tree), ['']);
  });

  it('makes few segments of many, the smallest first, and loses no entry', async () => {
    using tree = new Tree();
    const entries: TestEntry[] = [];
    const segments = [];
    for (let segment = 0; segment < 20; segment += 1) {
      const some = entriesOf(segment * 10, segment * 10 + 9, 10 * (segment + 1));
      entries.push(...some);
      segments.push(await addSegment(tree.path, some, () => 5000 + segment));
    }
    await pruneTree(tree, NO_LIMIT);
    const left = listSegments(segmentFolder(tree.path));
    assert.equal(left.length, 5);
    const largest = segments.slice(-4).map(({ id }) => id);
    assert.deepEqual(
      left
        .map(({ id }) => id)
        .slice(1)
        .reverse(),
      largest,
    );
    assert.equal(heldOf(tree.path, entries).length, 200);
    // Each has its pack, index and list of times, and nothing else is there.
    assert.equal(filesIn(tree).length, 3 * 5);
    const [gathered] = left;
    assert.ok(gathered);
    const usage = [...readUsage(gathered, 160)].sort((a, b) => a - b);
    assert.deepEqual(
      usage,
      Array.from({ length: 160 }, (_, index) => 5000 + Math.floor(index / 10)),
    );
  });

  it('keeps each key once: the youngest entry of it', async () => {
    using tree = new Tree();
    const { key } = entryOf(1);
    const old = [entryOf(1), entryOf(2)];
    const young = [{ key, encoded: Buffer.from('encoded anew') }, discardedOf(3)];
    await addSegment(tree.path, old, () => 9_000_000);
    await addSegment(tree.path, young, () => 1000);
    await addSegment(tree.path, [discardedOf(3)], () => 1000);
    await pruneTree(tree, FORCED);
    const [segment, ...others] = listSegments(segmentFolder(tree.path));
    assert.ok(segment && others.length === 0);
    assert.equal(statSync(segment.indexPath).size, 3 * RECORD_BYTES);
    assert.equal(statSync(segment.packPath).size, 100 + 'encoded anew'.length);
    const reader = openReader(tree.path);
    const expected = [young[0], old[1], discardedOf(3)];
    assert.ok(expected.every((entry) => entry !== undefined && holds(reader, entry)));
  });

  it('gathers everything when it is forced, with the times of use, and again changes nothing', async () => {
    using tree = new Tree();
    const entries = [...entriesOf(1, 20), discardedOf(21), entryOf(22, 3_000_000)];
    const noTimes = await addSegment(tree.path, entries.slice(0, 5));
    const written = Math.floor(statSync(noTimes.indexPath).mtimeMs / 1000);
    await addSegment(tree.path, entries.slice(5), (index) => 2000 + index);
    await pruneTree(tree, FORCED);
    /** All but the order of the records and the place of those that have no bytes. */
    const state = (): unknown => {
      const [segment, ...others] = listSegments(segmentFolder(tree.path));
      assert.ok(segment && others.length === 0);
      const times = readUsage(segment, 22);
      const records = [...recordsOf(segmentFolder(tree.path))].map((record, number) => {
        const { key, isKept, encodedBytes, encodeMs, offset } = record;
        const place = isKept ? offset : 0;
        return [key.toString('hex'), isKept, encodedBytes, encodeMs, place, times[number]].join();
      });
      return { pack: readFileSync(segment.packPath), records: records.sort() };
    };
    const first = state();
    assert.equal(heldOf(tree.path, entries).length, 22);
    const [segment] = listSegments(segmentFolder(tree.path));
    assert.ok(segment);
    const times = [...readUsage(segment, 22)].sort((a, b) => a - b);
    assert.deepEqual(
      times.slice(0, 17),
      Array.from({ length: 17 }, (_, index) => 2000 + index),
    );
    assert.deepEqual(times.slice(17), Array(5).fill(written));
    await pruneTree(tree, FORCED);
    assert.deepEqual(state(), first);
    assert.equal(filesIn(tree).length, 3);
  });

  it('touches no segment that a run may still be adding to', async () => {
    using tree = new Tree();
    const live = await addSegment(tree.path, entriesOf(1, 5, 1000), undefined, true);
    await addSegment(tree.path, entriesOf(6, 10, 1000));
    const of = (): Buffer[] => [live.indexPath, live.packPath].map((path) => readFileSync(path));
    const before = of();
    await pruneTree(tree, { maxBytes: 8000, isForced: true });
    assert.deepEqual(of(), before);
    // The others go to make room for it: of 80 % of 8000 it takes 5320.
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 10, 1000)).slice(0, 5), [0, 1, 2, 3, 4]);
    assert.equal(heldOf(tree.path, entriesOf(6, 10, 1000)).length, 1);
    await pruneTree(tree, { maxBytes: 0, isForced: false });
    assert.deepEqual(of(), before);
    assert.equal(filesIn(tree).length, 2);
  });

  it('writes a segment anew only when it holds much that is not wanted', async () => {
    using tree = new Tree();
    const old = await addSegment(tree.path, entriesOf(1, 100, 1000), (index) => 1000 + index);
    const young = await addSegment(tree.path, entriesOf(101, 200, 1000), () => 9_000_000);
    await pruneTree(tree, { maxBytes: 200_000, isForced: false });
    const ids = listSegments(segmentFolder(tree.path)).map(({ id }) => id);
    assert.ok(ids.includes(young.id) && !ids.includes(old.id));
    // Of 160,000 bytes the young ones take 106,400; the other 53,600 hold 50 entries, those used last.
    const expected = Array.from({ length: 150 }, (_, index) => index + 50);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 200, 1000)), expected);
  });
});

describe('pruning a damaged cache', () => {
  it('drops the records without bytes, and keeps the others', async () => {
    using tree = new Tree();
    const cut = await addSegment(tree.path, entriesOf(1, 5));
    truncateSync(cut.packPath, 250);
    const gone = await addSegment(tree.path, [entryOf(6), discardedOf(7)]);
    rmSync(gone.packPath);
    const torn = await addSegment(tree.path, entriesOf(8, 10));
    truncateSync(torn.indexPath, 2 * RECORD_BYTES + 30);
    await pruneTree(tree, FORCED);
    const entries = [...entriesOf(1, 6), discardedOf(7), ...entriesOf(8, 10)];
    assert.deepEqual(heldOf(tree.path, entries), [0, 1, 6, 7, 8]);
    const [segment] = listSegments(segmentFolder(tree.path));
    assert.ok(segment);
    assert.equal(statSync(segment.indexPath).size, 5 * RECORD_BYTES);
  });

  it('waits for no FIFO that is named like an index or a pack', { skip: ON_WINDOWS }, async () => {
    using tree = new Tree();
    const one = await addSegment(tree.path, entriesOf(1, 3));
    const other = await addSegment(tree.path, entriesOf(4, 6));
    await addSegment(tree.path, entriesOf(7, 9));
    for (const path of [one.indexPath, other.packPath]) {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    }
    await pruneTree(tree, FORCED);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 9)), [6, 7, 8]);
  });
});

describe('what killed runs left', () => {
  const strays = [
    '0123456789ab-01234567.pack',
    '0123456789ab-01234567.used',
    '0123456789af-00000000.index.tmp',
  ];
  const STRAYS = Object.fromEntries(strays.map((name) => [`v1/segments/${name}`, 'x']));

  it('stays for an hour, since a run may have just begun it', async () => {
    using tree = new Tree(STRAYS);
    await pruneTree(tree, FORCED);
    assert.deepEqual(filesIn(tree), strays);
  });

  it('is swept after that, and nothing else is', async (context) => {
    using tree = new Tree({ ...STRAYS, 'v1/segments/someone.txt': 'x' });
    const { id } = await addSegment(tree.path, [entryOf(1)]);
    const files = ['index', 'pack'].map((suffix) => `${id}.${suffix}`);
    // No file can be given another time of its last change: so it is later for this process.
    const now = Date.now();
    context.mock.timers.enable({ apis: ['Date'], now: now + 59 * 60 * 1000 });
    await pruneTree(tree, NO_LIMIT);
    assert.equal(filesIn(tree).length, 6);
    context.mock.timers.setTime(now + 61 * 60 * 1000);
    await pruneTree(tree, NO_LIMIT);
    assert.deepEqual(filesIn(tree), [...files, 'someone.txt'].sort());
  });
});

describe('the records of a cache', () => {
  it('are those of all segments, each key once', async () => {
    using tree = new Tree();
    await addSegment(tree.path, [entryOf(1), entryOf(2)]);
    await addSegment(tree.path, [entryOf(2), discardedOf(3)], undefined, true);
    const records = [...recordsOf(segmentFolder(tree.path))];
    assert.deepEqual(
      records.map(({ key, isKept }) => [key.toString('hex'), isKept]).sort(),
      [
        [entryOf(1).key.toString('hex'), true],
        [entryOf(2).key.toString('hex'), true],
        [entryOf(3).key.toString('hex'), false],
      ].sort(),
    );
    assert.deepEqual([...recordsOf(tree.join('missing'))], []);
  });
});
