// Shows the order of the work, its division into batches, and which sizes are left out. Pure: these files
// do not exist.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plan } from '../src/plan.js';
import type { SourceFile } from '../src/scan.js';

const KIB = 1024;

/** Both content-codings on, as by default, and one thread. */
const BOTH = { gzip: true, brotli: true, threads: 1 };

function source(
  relativePath: string,
  size: number,
  sidecars: SourceFile['sidecars'] = [],
): SourceFile {
  return { path: `/root/${relativePath}`, relativePath, size, sidecars };
}

function names(sources: readonly SourceFile[], minSize = 1): string[][] {
  return plan(sources, { minSize, ...BOTH }).batches.map((batch) =>
    batch.map((file) => file.relativePath),
  );
}

describe('a plan', () => {
  it('starts with the largest source, and orders equal ones by code units of their path', () => {
    const sources = [
      source('b', 70 * KIB),
      source('Z', 70 * KIB),
      source('é', 70 * KIB),
      source('a', 70 * KIB),
      source('large', 90 * KIB),
    ];
    const expected = [['large'], ['Z'], ['a'], ['b'], ['é']];
    assert.deepEqual(names(sources), expected);
    assert.deepEqual(names(sources.toReversed()), expected);
  });

  it('gives a source of 64 KiB a batch of its own, and groups smaller ones up to 64 KiB', () => {
    const sources = [
      source('64', 64 * KIB),
      source('40', 40 * KIB),
      source('30', 30 * KIB),
      source('20', 20 * KIB),
      source('14', 14 * KIB),
      source('1', 1),
    ];
    assert.deepEqual(names(sources), [['64'], ['40'], ['30', '20', '14'], ['1']]);
  });

  it('makes smaller batches, down to 32 KiB, where many threads share little work', () => {
    const sources = Array.from({ length: 64 }, (_, index) => source(`f${index}`, (8 + index) * 64));
    const sizes = [1, 2, 64].map((threads) => {
      const { batches } = plan(sources, { minSize: 1, ...BOTH, threads });
      const bytes = batches.map((batch) => batch.reduce((sum, { size }) => sum + size, 0));
      return Math.max(...bytes) / KIB;
    });
    assert.ok(sizes[0] !== undefined && sizes[0] > 56 && sizes[0] <= 64, String(sizes));
    assert.ok(sizes[1] !== undefined && sizes[1] > 24 && sizes[1] <= 32, String(sizes));
    assert.equal(sizes[2], sizes[1]);
  });

  it('puts at most 64 tiny sources into a batch', () => {
    const sources = Array.from({ length: 130 }, (_, index) => source(`f${index}`, 10));
    assert.deepEqual(
      plan(sources, { minSize: 1, ...BOTH }).batches.map(({ length }) => length),
      [64, 64, 2],
    );
  });

  it('counts what it holds and says what the rules of size left out', () => {
    const kept = source('kept', 100);
    const emptied = source('emptied', 0, ['br']);
    const sources = [source('empty', 0), emptied, source('small', 99, ['gzip']), kept];
    assert.deepEqual(plan(sources, { minSize: 100, ...BOTH }), {
      batches: [[kept, emptied]],
      skipped: [
        { relativePath: 'empty', reason: 'empty' },
        { relativePath: 'small', reason: 'too-small' },
      ],
      sourceBytes: 100,
      sources: 2,
    });
  });

  it('skips empty sources also when no size is too small', () => {
    const { batches, skipped } = plan([source('empty', 0), source('one', 1)], {
      minSize: 0,
      ...BOTH,
    });
    assert.deepEqual(skipped, [{ relativePath: 'empty', reason: 'empty' }]);
    assert.deepEqual(batches, [[source('one', 1)]]);
  });

  it('of nothing has no batch', () => {
    assert.deepEqual(plan([], { minSize: 1, ...BOTH }), {
      batches: [],
      skipped: [],
      sourceBytes: 0,
      sources: 0,
    });
  });

  it('keeps an empty source only for sidecars of content-codings that are on', () => {
    const table: readonly [SourceFile['sidecars'], gzip: boolean, brotli: boolean, kept: number][] =
      [
        [['gzip'], true, true, 1],
        [['gzip'], false, true, 0],
        [['br'], false, true, 1],
        [['gzip', 'br'], true, false, 1],
        [['zstd'], true, true, 0],
        [[], true, true, 0],
      ];
    for (const [sidecars, gzip, brotli, kept] of table) {
      const planned = plan([source('a', 0, sidecars)], { minSize: 1, threads: 1, gzip, brotli });
      assert.deepEqual([planned.sources, planned.skipped.length], [kept, 1 - kept]);
    }
  });
});
