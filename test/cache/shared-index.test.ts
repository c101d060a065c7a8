// Shows that an index in memory finds the records that are in it and no others, in every thread that is
// handed its memory, also when somebody chose the keys to make it slow.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { IndexMemory } from '../../src/cache/cache-settings.js';
import { KIND_AT, RECORD_BYTES, writeRecord } from '../../src/cache/record.js';
import { createIndexMemory, SharedIndex } from '../../src/cache/shared-index.js';

const DIGEST = randomBytes(32);

/** An index with a record for each key, of which the size is its number. */
function indexOf(keys: readonly Buffer[]): { memory: IndexMemory; index: SharedIndex } {
  const memory = createIndexMemory(keys.length);
  const index = new SharedIndex(memory);
  keys.forEach((key, number) => {
    const record = { key, contentCoding: 'br', isKept: true, encodeMs: 1, offset: 0 } as const;
    writeRecord(index.recordAt(number), { ...record, encodedBytes: number }, DIGEST);
    index.insert(number);
  });
  return { memory, index };
}

function randomKeys(count: number): Buffer[] {
  return Array.from({ length: count }, () => randomBytes(32));
}

describe('a shared index', () => {
  it('finds each of 10,000 random keys, and none of 10,000 others', () => {
    const keys = randomKeys(10_000);
    const { index } = indexOf(keys);
    keys.forEach((key, number) => {
      assert.equal(index.find(Buffer.from(key)), number);
    });
    for (const key of randomKeys(10_000)) assert.equal(index.find(key), undefined);
  });

  it('of nothing, one or two records works like any other', () => {
    for (const count of [0, 1, 2, 3, 4, 5]) {
      const keys = randomKeys(count);
      const { index } = indexOf(keys);
      assert.deepEqual(
        keys.map((key) => index.find(key)),
        keys.map((_, number) => number),
      );
      assert.equal(index.find(randomBytes(32)), undefined);
    }
  });

  it('tells keys apart that differ in one bit', () => {
    const key = randomBytes(32);
    const keys = Array.from({ length: 256 }, (_, bit) => {
      const other = Buffer.from(key);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return other;
    });
    // Those that differ in their last 28 bytes begin alike: of these no more than 64 are held.
    const some = keys.filter((_, bit) => bit % 5 === 0);
    const { index } = indexOf(some);
    assert.deepEqual(
      some.map((one) => index.find(one)),
      some.map((_, number) => number),
    );
    assert.equal(index.find(key), undefined);
    for (const one of keys.filter((_, bit) => bit % 5 !== 0)) {
      assert.equal(index.find(one), undefined);
    }
  });

  it('survives 10,000 keys that begin alike: it finds some, none wrongly, and soon', () => {
    const keys = randomKeys(10_000);
    for (const key of keys) key.fill(7, 0, 8);
    const start = performance.now();
    const { index } = indexOf(keys);
    const found = keys.filter((key, number) => {
      const at = index.find(key);
      assert.ok(at === undefined || at === number);
      return at !== undefined;
    });
    assert.equal(found.length, 64);
    // To look through all of them for each took 10,000 × 10,000 comparisons: half a minute.
    assert.ok(performance.now() - start < 5000);
    for (const key of randomKeys(1000)) assert.equal(index.find(key), undefined);
  });

  it('finds the first of several records of one key', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const { index } = indexOf([key, other, key, key]);
    assert.deepEqual([index.find(key), index.find(other)], [0, 1]);
  });

  it('finds none whose bytes are no record', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const memory = createIndexMemory(2);
    const index = new SharedIndex(memory);
    for (const [number, one] of [key, other].entries()) {
      const record = { key: one, contentCoding: 'gzip', isKept: false, offset: 0 } as const;
      writeRecord(index.recordAt(number), { ...record, encodeMs: 0, encodedBytes: 9 }, DIGEST);
    }
    index.bytes[KIND_AT] = 0;
    index.insert(0);
    index.insert(1);
    assert.deepEqual([index.find(key), index.find(other)], [undefined, 1]);
  });

  it('hands out each record as a part of its memory', () => {
    const { index } = indexOf(randomKeys(3));
    assert.equal(index.bytes.length, 3 * RECORD_BYTES);
    index.recordAt(1).fill(9);
    assert.ok(index.bytes.subarray(RECORD_BYTES, 2 * RECORD_BYTES).every((byte) => byte === 9));
  });

  it('remembers which records were used, one by one', () => {
    const { index } = indexOf(randomKeys(5));
    index.markUsed(0);
    index.markUsed(3);
    index.markUsed(3);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((number) => index.isUsed(number)),
      [true, false, false, true, false],
    );
  });

  it('is one and the same in another thread', async () => {
    const keys = randomKeys(100);
    const { memory, index } = indexOf(keys);
    const module = new URL('../../src/cache/shared-index.js', import.meta.url).href;
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(${JSON.stringify(module)}).then(({ SharedIndex }) => {
        const index = new SharedIndex(workerData.memory);
        const numbers = workerData.keys.map((key) => index.find(Buffer.from(key)));
        index.markUsed(numbers[42]);
        parentPort.postMessage(numbers);
      });`;
    const worker = new Worker(code, { eval: true, workerData: { memory, keys } });
    const [numbers] = (await once(worker, 'message')) as [number[]];
    await worker.terminate();
    assert.deepEqual(
      numbers,
      keys.map((_, number) => number),
    );
    assert.deepEqual(
      keys.flatMap((_, number) => (index.isUsed(number) ? [number] : [])),
      [42],
    );
  });
});
