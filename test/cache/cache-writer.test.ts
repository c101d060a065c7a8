// Shows that what is added to a cache is there when it was flushed and not before, that several writers
// never get into each other's way, and that trouble is told once and ends the writing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { CacheWriter } from '../../src/cache/cache-writer.js';
import { digestOf } from '../../src/cache/fingerprint.js';
import { isIntact, readRecord, RECORD_BYTES } from '../../src/cache/record.js';
import { newSegment, segmentFolder, type Segment } from '../../src/cache/segment.js';
import {
  additionTo,
  addTo,
  discardedOf,
  ENCODE_MS,
  entriesOf,
  entryOf,
  heldOf,
  holds,
  openReader,
} from '../support/cache-entries.js';
import { NO_LINKS } from '../support/capability.js';
import { Tree } from '../support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs';
const MIB = 1024 ** 2;

function segmentIn(tree: Tree): Segment {
  mkdirSync(segmentFolder(tree.path), { recursive: true });
  return newSegment(segmentFolder(tree.path), false);
}

describe('a cache writer', () => {
  it('adds entries that are found when they were flushed, and not before', () => {
    using tree = new Tree();
    const entries = [...entriesOf(1, 20), discardedOf(21), entryOf(22, 0)];
    const writer = new CacheWriter(additionTo(segmentIn(tree)));
    for (const entry of entries) addTo(writer, entry);
    assert.deepEqual(heldOf(tree.path, entries), []);
    assert.deepEqual(tree.list(), ['v1/segments']);
    writer.flush();
    assert.equal(heldOf(tree.path, entries).length, 22);
    const found = openReader(tree.path).find(entryOf(7).key);
    assert.deepEqual([found?.contentCoding, found?.encodeMs], ['br', ENCODE_MS]);
    writer.flush();
    assert.equal(heldOf(tree.path, entries).length, 22);
    assert.equal(writer.failure, undefined);
  });

  it('adds to what was flushed before', () => {
    using tree = new Tree();
    const entries = entriesOf(1, 9);
    const writer = new CacheWriter(additionTo(segmentIn(tree)));
    for (const [index, entry] of entries.entries()) {
      addTo(writer, entry);
      if (index % 2 === 0) writer.flush();
    }
    assert.equal(heldOf(tree.path, entries).length, 9);
  });

  it('gathers no more than a mebibyte', () => {
    using tree = new Tree();
    const writer = new CacheWriter(additionTo(segmentIn(tree)));
    const entries = entriesOf(1, 4, MIB / 4);
    for (const entry of entries.slice(0, 3)) addTo(writer, entry);
    assert.deepEqual(heldOf(tree.path, entries), []);
    for (const entry of entries.slice(3)) addTo(writer, entry);
    assert.deepEqual(heldOf(tree.path, entries), [0, 1, 2, 3]);
  });

  it('makes neither pack nor index when there is nothing to add, and no pack for what is discarded', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    const writer = new CacheWriter(additionTo(segment));
    writer.flush();
    assert.deepEqual(tree.list(), ['v1/segments']);
    addTo(writer, discardedOf(1));
    writer.flush();
    assert.deepEqual(tree.list(), [`v1/segments/${segment.id}.index`]);
    assert.deepEqual(heldOf(tree.path, [discardedOf(1)]), [0]);
  });

  it('adds no entry that is too large, and others all the same', () => {
    using tree = new Tree();
    const writer = new CacheWriter(additionTo(segmentIn(tree), 1000));
    const entries = [entryOf(1, 1000), entryOf(2, 1001), entryOf(3, 10)];
    for (const entry of entries) addTo(writer, entry);
    const large = entryOf(4, 1001);
    const facts = { key: large.key, contentCoding: 'br', isKept: true, encodeMs: 1 } as const;
    assert.ok(large.encoded);
    const digest = digestOf(large.encoded);
    const found = writer.addChunks({ ...facts, encodedBytes: 1001 }, [large.encoded], digest);
    assert.equal(found, undefined);
    writer.flush();
    assert.deepEqual(heldOf(tree.path, [...entries, large]), [0, 2]);
    assert.equal(writer.failure, undefined);
  });
});

describe('an entry that is added in chunks', () => {
  const { key, encoded = Buffer.alloc(0) } = entryOf(1, 3000);
  const entry = {
    key,
    contentCoding: 'br',
    isKept: true,
    encodedBytes: 3000,
    encodeMs: 1,
  } as const;
  const chunks = [encoded.subarray(0, 1), encoded.subarray(1, 2000), encoded.subarray(2000)];

  it('is found at once, and by the writer itself', () => {
    using tree = new Tree();
    const writer = new CacheWriter(additionTo(segmentIn(tree)));
    addTo(writer, entryOf(2));
    const found = writer.addChunks(entry, chunks, digestOf(encoded));
    assert.ok(found);
    assert.deepEqual(heldOf(tree.path, [entryOf(1, 3000), entryOf(2)]), [0]);
    assert.deepEqual(openReader(tree.path).read(found)?.encoded, encoded);
    writer.flush();
    assert.deepEqual(heldOf(tree.path, [entryOf(1, 3000), entryOf(2)]), [0, 1]);
  });

  it('is none when its bytes turn out to be others, fewer or more, and harms no other', () => {
    const wrong: readonly (readonly Buffer[])[] = [
      [Buffer.alloc(3000)],
      chunks.slice(0, 2),
      [],
      [...chunks, Buffer.from('x')],
      [Buffer.concat([encoded, encoded])],
    ];
    for (const [index, others] of wrong.entries()) {
      using tree = new Tree();
      const addition = additionTo(segmentIn(tree));
      const [writer, neighbour] = [new CacheWriter(addition), new CacheWriter(addition)];
      const slow = function* (): Generator<Buffer> {
        // What another thread adds meanwhile stands right behind what was reserved.
        addTo(neighbour, entryOf(2));
        neighbour.flush();
        yield* others;
      };
      assert.equal(writer.addChunks(entry, slow(), digestOf(encoded)), undefined);
      assert.equal(writer.failure, undefined);
      assert.deepEqual(heldOf(tree.path, [entryOf(1, 3000), entryOf(2)]), [1], `case ${index}`);
    }
  });
});

describe('several writers on one segment', () => {
  /** What a thread adds: `count` entries of changing sizes, from a seed on. */
  const entriesOfThread = (thread: number, count: number): ReturnType<typeof entryOf>[] =>
    Array.from({ length: count }, (_, index) =>
      index % 10 === 9
        ? discardedOf(thread * 1000 + index)
        : entryOf(thread * 1000 + index, (index * 37) % 3000),
    );

  it('in as many threads never overlap, and lose nothing', async () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    const addition = additionTo(segment);
    const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      Promise.all([import(${url('../../src/cache/cache-writer.js')}),
        import(${url('../support/cache-entries.js')})]).then(([{ CacheWriter }, support]) => {
        const { addition, thread, count } = workerData;
        const writer = new CacheWriter(addition);
        for (let index = 0; index < count; index += 1) {
          const seed = thread * 1000 + index;
          const entry = index % 10 === 9 ? support.discardedOf(seed)
            : support.entryOf(seed, (index * 37) % 3000);
          support.addTo(writer, entry);
          if (index % 3 === 0) writer.flush();
        }
        writer.flush();
        parentPort.postMessage(writer.failure);
      });`;
    const count = 300;
    const failures = await Promise.all(
      [1, 2, 3, 4].map(async (thread) => {
        const worker = new Worker(code, { eval: true, workerData: { addition, thread, count } });
        const [failure] = (await once(worker, 'message')) as [unknown];
        await worker.terminate();
        return failure;
      }),
    );
    assert.deepEqual(failures, Array(4).fill(undefined));
    const entries = [1, 2, 3, 4].flatMap((thread) => entriesOfThread(thread, count));
    assert.equal(heldOf(tree.path, entries).length, 4 * count);
    assertNoOverlap(segment);
  });
});

/** Asserts that the records of a segment divide its pack among themselves, with nothing left over. */
function assertNoOverlap({ indexPath, packPath }: Segment): void {
  const [index, pack] = [readFileSync(indexPath), readFileSync(packPath)];
  const places: (readonly [start: number, end: number])[] = [];
  for (let start = 0; start < index.length; start += RECORD_BYTES) {
    const bytes = index.subarray(start, start + RECORD_BYTES);
    const record = readRecord(bytes);
    assert.ok(record);
    if (!record.isKept) continue;
    const end = record.offset + record.encodedBytes;
    assert.ok(isIntact(bytes, digestOf(pack.subarray(record.offset, end))));
    if (record.encodedBytes > 0) places.push([record.offset, end]);
  }
  places.sort(([a], [b]) => a - b);
  let expected = 0;
  for (const [start, end] of places) {
    assert.equal(start, expected);
    expected = end;
  }
  assert.equal(pack.length, expected);
}

describe('a writer in trouble', () => {
  it('says so once, adds nothing more, and throws nothing', () => {
    using tree = new Tree();
    const segment = segmentIn(tree);
    const writer = new CacheWriter(additionTo(segment));
    rmSync(segmentFolder(tree.path), { recursive: true });
    addTo(writer, entryOf(1));
    const before: unknown = writer.failure;
    assert.equal(before, undefined);
    writer.flush();
    const { failure } = writer;
    assert.deepEqual(
      [failure?.code, failure?.operation, failure?.path],
      ['ENOENT', 'write', segment.packPath],
    );
    // Also when it would work by now.
    mkdirSync(segmentFolder(tree.path), { recursive: true });
    addTo(writer, entryOf(2));
    const chunk = Buffer.from('x');
    const facts = { key: entryOf(3).key, contentCoding: 'br', isKept: true } as const;
    const large = { ...facts, encodedBytes: 1, encodeMs: 1 };
    assert.equal(writer.addChunks(large, [chunk], digestOf(chunk)), undefined);
    writer.flush();
    assert.equal(writer.failure, failure);
    assert.deepEqual(tree.list(), ['v1/segments']);
  });

  it(
    'writes through no link that stands where its files go',
    { skip: NO_LINKS || ON_WINDOWS },
    () => {
      for (const name of ['packPath', 'indexPath'] as const) {
        using tree = new Tree({ victim: 'precious' });
        const segment = segmentIn(tree);
        const link = segment[name].slice(tree.path.length + 1);
        tree.add({ [link]: { link: '../../victim' } });
        const writer = new CacheWriter(additionTo(segment));
        addTo(writer, entryOf(1));
        writer.flush();
        assert.equal(writer.failure?.code, 'ELOOP');
        assert.equal(tree.bytes('victim').toString(), 'precious');
      }
    },
  );

  it(
    'writes through nothing that is no file of its own: devices, links, files with other names',
    { skip: NO_LINKS || ON_WINDOWS },
    () => {
      using tree = new Tree({ victim: 'x', link: { link: 'victim' } });
      linkSync(tree.join('victim'), tree.join('hard'));
      for (const packPath of ['/dev/null', tree.join('link'), tree.join('hard')]) {
        const segment = segmentIn(tree);
        const writer = new CacheWriter({ ...additionTo(segment), packPath });
        addTo(writer, entryOf(2));
        writer.flush();
        assert.match(writer.failure?.code ?? '', /^(EEXIST|ELOOP|EMLINK)$/, packPath);
        assert.equal(statSync(segment.indexPath, { throwIfNoEntry: false }), undefined);
      }
      assert.equal(tree.bytes('victim').toString(), 'x');
    },
  );
});

describe('a FIFO named like an index', () => {
  it('holds up no reader of the cache', { skip: ON_WINDOWS }, () => {
    using tree = new Tree();
    const [one, other] = [segmentIn(tree), segmentIn(tree)];
    execFileSync('mkfifo', [one.indexPath]);
    const writer = new CacheWriter(additionTo(other));
    addTo(writer, entryOf(1));
    writer.flush();
    assert.ok(holds(openReader(tree.path), entryOf(1)));
  });
});
