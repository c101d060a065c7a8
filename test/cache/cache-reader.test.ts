// Shows that a reader gives out the bytes that were added or none: of packs that are missing, cut, swapped
// or damaged, and that it strikes out just the record that is wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { KIND_AT, RECORD_BYTES } from '../../src/cache/record.js';
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
import { NO_LINKS } from '../support/capability.js';
import { Tree } from '../support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs, and removes no open file';
const NO_PROC = platform() !== 'linux' && 'no /proc';

/** Damages a file at one byte. */
function damage(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

function findOf(reader: ReturnType<typeof openReader>, { key }: TestEntry) {
  const found = reader.find(key);
  assert.ok(found);
  return found;
}

describe('a cache reader', () => {
  it('finds what is in any segment, and nothing else', async () => {
    using tree = new Tree();
    const entries = [...entriesOf(1, 30), discardedOf(31)];
    await addSegment(tree.path, entries.slice(0, 10));
    await addSegment(tree.path, []);
    await addSegment(tree.path, entries.slice(10, 11));
    await addSegment(tree.path, entries.slice(11));
    const reader = openReader(tree.path);
    // To and fro between the segments.
    for (const step of [1, 7, 11]) {
      for (let index = 0; index < 31; index += 1) {
        const entry = entries[(index * step) % 31];
        assert.ok(entry && holds(reader, entry), `entry ${(index * step) % 31}`);
      }
    }
    assert.equal(reader.find(entryOf(32).key), undefined);
  });

  it('finds the youngest of several entries of one key', async () => {
    using tree = new Tree();
    const { key } = entryOf(1);
    await addSegment(tree.path, [entryOf(1)]);
    const younger = { key, encoded: Buffer.from('encoded anew') };
    await addSegment(tree.path, [younger]);
    assert.ok(holds(openReader(tree.path), younger));
  });

  it('finds nothing in a cache that is not there', () => {
    using tree = new Tree();
    assert.equal(openReader(tree.join('missing')).find(entryOf(1).key), undefined);
    assert.deepEqual(tree.list(), []);
  });

  it('reads in chunks of any size', async () => {
    using tree = new Tree();
    await addSegment(tree.path, [entryOf(1, 500), entryOf(2, 1000), entryOf(3, 500)]);
    const reader = openReader(tree.path);
    for (const chunkBytes of [1, 300, 999, 1000, 1001]) {
      const chunks = [...reader.readChunks(findOf(reader, entryOf(2)), chunkBytes)];
      assert.equal(chunks.length, Math.ceil(1000 / chunkBytes));
      assert.deepEqual(Buffer.concat(chunks), entryOf(2, 1000).encoded);
    }
  });

  it('reads on in its chunks, whatever it reads meanwhile', async () => {
    using tree = new Tree();
    const entries = entriesOf(1, 8, 1000);
    for (const entry of entries) await addSegment(tree.path, [entry]);
    const reader = openReader(tree.path);
    const read: Buffer[] = [];
    for (const chunk of reader.readChunks(findOf(reader, entryOf(1)), 200)) {
      read.push(chunk);
      for (const entry of entries) assert.ok(holds(reader, entry));
    }
    assert.deepEqual(Buffer.concat(read), entryOf(1, 1000).encoded);
  });

  it('keeps few packs open, however many there are', { skip: NO_PROC }, async () => {
    using tree = new Tree();
    const entries = entriesOf(1, 12);
    for (const entry of entries) await addSegment(tree.path, [entry]);
    const reader = openReader(tree.path);
    for (const entry of [...entries, ...entries]) assert.ok(holds(reader, entry));
    const open = execFileSync('sh', ['-c', 'ls -l /proc/$PPID/fd'], { encoding: 'utf8' });
    const packs = open.split('\n').filter((line) => line.includes(tree.path));
    assert.equal(packs.length, 4, packs.join('\n'));
  });
});

describe('damage to the cache', () => {
  it('leaves nothing of a pack that is missing, and all of others', async () => {
    using tree = new Tree();
    const { packPath } = await addSegment(tree.path, entriesOf(1, 3));
    await addSegment(tree.path, entriesOf(4, 6));
    rmSync(packPath);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 6)), [3, 4, 5]);
    const reader = openReader(tree.path);
    assert.deepEqual([...reader.readChunks(findOf(reader, entryOf(1)), 10)], []);
  });

  it('leaves of a pack that was cut what is whole', async () => {
    using tree = new Tree();
    const { packPath } = await addSegment(tree.path, entriesOf(1, 5));
    truncateSync(packPath, 299);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 5)), [0, 1]);
    const reader = openReader(tree.path);
    const chunks = [...reader.readChunks(findOf(reader, entryOf(3)), 60)];
    assert.deepEqual(Buffer.concat(chunks), entryOf(3).encoded?.subarray(0, 99));
  });

  it('is noticed when a pack is cut while it is open', async () => {
    using tree = new Tree();
    const { packPath } = await addSegment(tree.path, entriesOf(1, 3));
    const reader = openReader(tree.path);
    assert.ok(holds(reader, entryOf(1)));
    truncateSync(packPath, 150);
    assert.deepEqual(
      entriesOf(1, 3).map((entry) => holds(reader, entry)),
      [true, false, false],
    );
  });

  it('is noticed when two packs are swapped, or two entries of one', async () => {
    using tree = new Tree();
    const one = await addSegment(tree.path, entriesOf(1, 3));
    const other = await addSegment(tree.path, entriesOf(4, 6));
    const [bytesOfOne, bytesOfOther] = [readFileSync(one.packPath), readFileSync(other.packPath)];
    writeFileSync(one.packPath, bytesOfOther);
    writeFileSync(other.packPath, bytesOfOne);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 6)), []);
    const parts = [bytesOfOne.subarray(100, 200), bytesOfOne.subarray(0, 100)];
    writeFileSync(one.packPath, Buffer.concat([...parts, bytesOfOne.subarray(200)]));
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 6)), [2]);
  });

  it('to any byte of a record or of its bytes costs that entry, and no other', async () => {
    using tree = new Tree();
    const { indexPath, packPath } = await addSegment(tree.path, entriesOf(1, 3));
    const [index, pack] = [readFileSync(indexPath), readFileSync(packPath)];
    for (let position = RECORD_BYTES; position < 2 * RECORD_BYTES; position += 1) {
      damage(indexPath, position);
      assert.deepEqual(heldOf(tree.path, entriesOf(1, 3)), [0, 2], `record, byte ${position}`);
      writeFileSync(indexPath, index);
    }
    for (let position = 100; position < 200; position += 9) {
      damage(packPath, position);
      assert.deepEqual(heldOf(tree.path, entriesOf(1, 3)), [0, 2], `pack, byte ${position}`);
      writeFileSync(packPath, pack);
    }
  });

  it('that cut an index leaves the records which are whole', async () => {
    using tree = new Tree();
    const { indexPath } = await addSegment(tree.path, entriesOf(1, 5));
    truncateSync(indexPath, 3 * RECORD_BYTES - 1);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 5)), [0, 1]);
  });

  it('by a record that claims more than any pack holds takes no memory', async () => {
    using tree = new Tree();
    const { indexPath } = await addSegment(tree.path, entriesOf(1, 2));
    const index = readFileSync(indexPath);
    // Its size: 281 TB.
    index.fill(0xff, 52, 58);
    writeFileSync(indexPath, index);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 2)), [1]);
  });

  it(
    'is none when a pack is a FIFO or a link: it is neither waited for nor followed',
    { skip: NO_LINKS || ON_WINDOWS },
    async () => {
      using tree = new Tree();
      const { packPath } = await addSegment(tree.path, entriesOf(1, 3));
      renameSync(packPath, tree.join('pack'));
      tree.add({ [packPath.slice(tree.path.length + 1)]: { link: '../../pack' } });
      assert.deepEqual(heldOf(tree.path, entriesOf(1, 3)), []);
      rmSync(packPath);
      execFileSync('mkfifo', [packPath]);
      assert.deepEqual(heldOf(tree.path, entriesOf(1, 3)), []);
    },
  );

  it(
    'is none when an index is a link: it is not followed',
    { skip: NO_LINKS || ON_WINDOWS },
    async () => {
      using tree = new Tree();
      const { indexPath } = await addSegment(tree.path, entriesOf(1, 3));
      renameSync(indexPath, tree.join('index'));
      tree.add({ [indexPath.slice(tree.path.length + 1)]: { link: '../../index' } });
      assert.deepEqual(heldOf(tree.path, entriesOf(1, 3)), []);
    },
  );
});

describe('a record that is struck out', () => {
  /** Which bytes of the indexes differ from what they were. */
  function changes(before: Buffer, after: Buffer): number[] {
    assert.equal(after.length, before.length);
    return [...before.keys()].filter((position) => before[position] !== after[position]);
  }

  it('is just that one', async () => {
    using tree = new Tree();
    const one = await addSegment(tree.path, entriesOf(1, 3));
    const other = await addSegment(tree.path, entriesOf(4, 6));
    const [before, otherBefore] = [readFileSync(one.indexPath), readFileSync(other.indexPath)];
    const reader = openReader(tree.path, true);
    reader.drop(findOf(reader, entryOf(2)));
    assert.deepEqual(changes(before, readFileSync(one.indexPath)), [RECORD_BYTES + KIND_AT]);
    assert.deepEqual(readFileSync(other.indexPath), otherBefore);
    assert.deepEqual(heldOf(tree.path, entriesOf(1, 6)), [0, 2, 3, 4, 5]);
  });

  it('is the one whose bytes are not what was written, once that is found out', async () => {
    using tree = new Tree();
    const { packPath, indexPath } = await addSegment(tree.path, entriesOf(1, 4));
    damage(packPath, 150);
    truncateSync(packPath, 350);
    const before = readFileSync(indexPath);
    const reader = openReader(tree.path, true);
    for (const entry of entriesOf(1, 4)) holds(reader, entry);
    const struckOut = [RECORD_BYTES + KIND_AT, 3 * RECORD_BYTES + KIND_AT];
    assert.deepEqual(changes(before, readFileSync(indexPath)), struckOut);
  });

  it('stays where nothing may be written', async () => {
    using tree = new Tree();
    const { packPath, indexPath } = await addSegment(tree.path, entriesOf(1, 3));
    damage(packPath, 150);
    const before = readFileSync(indexPath);
    const reader = openReader(tree.path, false);
    assert.ok(!holds(reader, entryOf(2)));
    reader.drop(findOf(reader, entryOf(1)));
    assert.deepEqual(readFileSync(indexPath), before);
  });

  it('is none when another stands in its place by now', async () => {
    using tree = new Tree();
    const { indexPath } = await addSegment(tree.path, entriesOf(1, 3));
    const reader = openReader(tree.path, true);
    const found = findOf(reader, entryOf(2));
    const others = await addSegment(tree.path, entriesOf(4, 6));
    renameSync(others.indexPath, indexPath);
    const before = readFileSync(indexPath);
    reader.drop(found);
    assert.deepEqual(readFileSync(indexPath), before);
    truncateSync(indexPath, RECORD_BYTES);
    reader.drop(found);
    assert.equal(statSync(indexPath).size, RECORD_BYTES);
    rmSync(indexPath);
    reader.drop(found);
    assert.ok(!tree.list().some((name) => name.includes('.index')));
  });
});
