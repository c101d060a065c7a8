// Shows how long work takes by the order in which it is handed out, on work small enough to lay out by
// hand.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costliestFile, longestChunk, makespan, predict } from '../../bench/makespan.js';

describe('a makespan', () => {
  it('gives each job to the thread that is free first', () => {
    // One thread: 1 + 1 + 1; the other: 3 and then 3.
    assert.equal(makespan([3, 1, 1, 1, 3], 2), 6);
  });

  it('is shorter when the largest job comes first', () => {
    assert.equal(makespan([1, 1, 1, 1, 4], 2), 6);
    assert.equal(makespan([4, 1, 1, 1, 1], 2), 4);
  });

  it('on one thread is the sum, and on more threads than jobs the longest job', () => {
    assert.equal(makespan([2, 3, 4], 1), 9);
    assert.equal(makespan([2, 3, 4], 8), 4);
  });

  it('of no jobs is nothing', () => {
    assert.equal(makespan([], 4), 0);
  });
});

describe('the longest chunk', () => {
  it('divides by number, not by cost', () => {
    assert.equal(longestChunk([5, 5, 1, 1, 1], 2), 11);
  });

  it('is the longest job where there are more threads than jobs', () => {
    assert.equal(longestChunk([2, 7], 64), 7);
  });
});

describe('a prediction', () => {
  const files = [
    { relativePath: 'a.js', costMs: 1 },
    { relativePath: 'b.js', costMs: 1 },
    { relativePath: 'c.js', costMs: 2 },
    { relativePath: 'd.js', costMs: 8 },
  ];
  const batches = [['d.js'], ['c.js'], ['a.js', 'b.js']];

  it('lays out every order on every number of threads', () => {
    assert.deepEqual(
      predict(files, () => batches, [1, 2]),
      [
        {
          ...{ threads: 1, oursMs: 12, firstComeMs: 12, chunksMs: 12, boundMs: 12 },
          boundByFile: false,
        },
        { threads: 2, oursMs: 8, firstComeMs: 9, chunksMs: 10, boundMs: 8, boundByFile: true },
      ],
    );
  });

  it('names the costliest file, which bounds every order', () => {
    assert.deepEqual(costliestFile(files), { relativePath: 'd.js', costMs: 8 });
    assert.equal(costliestFile([]), undefined);
  });
});
