// Shows by a table at which sizes a variant is kept, at the limits above all. That runs abide by the rule
// is shown in compress.test.ts and properties.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWorthKeeping } from '../src/keep-rule.js';

describe('keep rule', () => {
  const table: readonly [
    encodedBytes: number,
    sourceBytes: number,
    maxRatio: number,
    kept: boolean,
  ][] = [
    [99, 100, 1, true],
    [100, 100, 1, false],
    [101, 100, 1, false],
    [95, 100, 0.95, true],
    [96, 100, 0.95, false],
    [1, 100, 0, false],
    [20, 0, 1, false],
  ];
  for (const [encodedBytes, sourceBytes, maxRatio, kept] of table) {
    it(`${kept ? 'keeps' : 'discards'} ${encodedBytes} of ${sourceBytes} at most ${maxRatio}`, () => {
      assert.equal(isWorthKeeping(encodedBytes, sourceBytes, maxRatio), kept);
    });
  }
});
