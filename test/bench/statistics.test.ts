// Shows medians, spreads and paired ratios on figures whose results can be seen by eye.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, pairedRatio, spread } from '../../bench/statistics.js';

describe('a median', () => {
  it('is the middle figure, whatever the order', () => {
    assert.equal(median([30, 10, 20]), 20);
  });

  it('is the mean of the two in the middle of an even number', () => {
    assert.equal(median([10, 40, 20, 30]), 25);
  });

  it('of nothing is not a number', () => {
    assert.ok(Number.isNaN(median([])));
  });

  it('leaves the figures in their order', () => {
    const figures = [3, 1, 2];
    median(figures);
    assert.deepEqual(figures, [3, 1, 2]);
  });
});

describe('a spread', () => {
  it('holds the middle, both ends and how many there were', () => {
    assert.deepEqual(spread([5, 1, 9]), { median: 5, least: 1, most: 9, count: 3 });
  });

  it('of nothing is undefined', () => {
    assert.equal(spread([]), undefined);
  });
});

describe('a paired ratio', () => {
  it('divides figures of the same round, so that a slow round counts for both', () => {
    const ours = new Map([
      [1, 100],
      [2, 300],
      [3, 100],
    ]);
    const theirs = new Map([
      [1, 200],
      [2, 600],
      [3, 200],
    ]);
    assert.deepEqual(pairedRatio(ours, theirs), { median: 0.5, least: 0.5, most: 0.5, count: 3 });
  });

  it('leaves out rounds in which one of the two is missing or took no time', () => {
    const ours = new Map([
      [1, 10],
      [2, 10],
      [3, 10],
    ]);
    const theirs = new Map([
      [2, 20],
      [3, 0],
    ]);
    assert.deepEqual(pairedRatio(ours, theirs), { median: 0.5, least: 0.5, most: 0.5, count: 1 });
  });

  it('of no common round is undefined', () => {
    assert.equal(pairedRatio(new Map([[1, 10]]), new Map([[2, 10]])), undefined);
  });
});
