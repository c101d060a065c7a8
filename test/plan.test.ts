// Shows the order of the work, its division into batches, and which sizes are left out. Pure: these files
// do not exist.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { plan, twinCandidates } from '../src/plan.js';
import type { SourceFile } from '../src/scan.js';

const KIB = 1024;

/** The content-codings that are on by default, and one thread. */
const BOTH = { gzip: true, brotli: true, zstd: false, threads: 1 };

function source(
  relativePath: string,
  size: number,
  sidecars: SourceFile['sidecars'] = [],
): SourceFile {
  return { path: `/root/${relativePath}`, relativePath, size, sidecars };
}

function names(
  sources: readonly SourceFile[],
  minSize = 1,
  twins: readonly (readonly SourceFile[])[] = [],
): string[][] {
  return plan(sources, { minSize, ...BOTH }, twins).batches.map((batch) =>
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
      batches: [[kept, { ...source('small', 99, ['gzip']), isLeftOut: true }, emptied]],
      skipped: [
        { relativePath: 'empty', reason: 'empty' },
        { relativePath: 'small', reason: 'too-small' },
      ],
      sourceBytes: 199,
      sources: 3,
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

  it('keeps an empty source for sidecars of content-codings that are on, and leaves it out for others', () => {
    type Fate = 'kept' | 'left out' | 'skipped';
    const table: readonly [
      SourceFile['sidecars'],
      gzip: boolean,
      brotli: boolean,
      zstd: boolean,
      fate: Fate,
    ][] = [
      [['gzip'], true, true, false, 'kept'],
      [['gzip'], false, true, true, 'left out'],
      [['br'], false, true, false, 'kept'],
      [['gzip', 'br'], true, false, false, 'kept'],
      [['zstd'], true, true, false, 'left out'],
      [['zstd'], true, true, true, 'kept'],
      [['zstd', 'gzip'], false, false, true, 'kept'],
      [[], true, true, true, 'skipped'],
    ];
    for (const [sidecars, gzip, brotli, zstd, fate] of table) {
      const options = { minSize: 1, threads: 1, gzip, brotli, zstd };
      const planned = plan([source('a', 0, sidecars)], options);
      const isLeftOut = planned.batches.flat().map((one) => one.isLeftOut === true);
      assert.deepEqual(isLeftOut, fate === 'skipped' ? [] : [fate === 'left out']);
      assert.equal(planned.skipped.length, fate === 'kept' ? 0 : 1);
    }
  });

  it('has what the rules by name leave out among the others, by its size, and marks just that', () => {
    const sources = [source('large', 90 * KIB), source('small', 70 * KIB)];
    const leftOut = [source('photo.png', 80 * KIB, ['gzip']), source('tiny.png', 0, ['br'])];
    const { batches, skipped, ...sums } = plan(sources, { minSize: 5000, ...BOTH }, [], leftOut);
    assert.deepEqual(
      batches.flat().map(({ relativePath, isLeftOut }) => [relativePath, isLeftOut === true]),
      [
        ['large', false],
        ['photo.png', true],
        ['small', false],
        ['tiny.png', true],
      ],
    );
    // Whoever left it out has said so already, and no rule of size is asked about it.
    assert.deepEqual(skipped, []);
    assert.deepEqual(sums, { sourceBytes: 240 * KIB, sources: 4 });
    assert.deepEqual(leftOut[0], source('photo.png', 80 * KIB, ['gzip']));
  });

  it('leaves out what is too small only where it has a sidecar', () => {
    const sources = [source('a', 10), source('b', 10, ['zstd'])];
    const { batches, skipped } = plan(sources, { minSize: 11, ...BOTH });
    assert.deepEqual(batches, [[{ ...source('b', 10, ['zstd']), isLeftOut: true }]]);
    assert.deepEqual(
      skipped.map(({ relativePath }) => relativePath),
      ['a', 'b'],
    );
  });
});

describe('the candidates for twins', () => {
  const MIB = 1024 * KIB;

  function candidates(sources: readonly SourceFile[], minSize = 1): string[] {
    return twinCandidates(sources, { minSize }).map(({ relativePath }) => relativePath);
  }

  it('are sources of one size', () => {
    const sources = [source('a', 5000), source('b', 5001), source('c', 5000), source('d', 6000)];
    assert.deepEqual(candidates(sources), ['a', 'c']);
    assert.deepEqual(candidates([source('a', 5000)]), []);
    assert.deepEqual(candidates([]), []);
  });

  it('are neither tiny, nor streamed, nor left out for their size', () => {
    const rows: readonly (readonly [size: number, minSize: number, found: boolean])[] = [
      [0, 0, false],
      [4095, 0, false],
      [4096, 0, true],
      [5000, 5000, true],
      [5000, 5001, false],
      [32 * MIB, 1, true],
      [32 * MIB + 1, 1, false],
    ];
    for (const [size, minSize, found] of rows) {
      const expected = found ? ['a', 'b'] : [];
      assert.deepEqual(candidates([source('a', size), source('b', size)], minSize), expected);
    }
  });
});

describe('the candidates for twins with a cache', () => {
  it('may be streamed as well: what one adds to the cache, the other finds there', () => {
    const size = 32 * KIB * KIB + 1;
    const sources = [source('a', size), source('b', size), source('c', size + 1)];
    const candidates = (isCached: boolean): string[] =>
      twinCandidates(sources, { minSize: 1 }, isCached).map(({ relativePath }) => relativePath);
    assert.deepEqual(candidates(true), ['a', 'b']);
    assert.deepEqual(candidates(false), []);
    const tiny = [source('a', 4095), source('b', 4095)];
    assert.deepEqual(twinCandidates(tiny, { minSize: 1 }, true), []);
  });
});

describe('a plan with twins', () => {
  it('puts them one behind the other, where the first of them stands', () => {
    const [a, b, c, d] = [70 * KIB, 70 * KIB, 70 * KIB, 70 * KIB].map((size, index) =>
      source('abcd'[index] ?? '', size),
    );
    assert.ok(a && b && c && d);
    const others = [source('large', 90 * KIB), source('less', 65 * KIB)];
    const sources = [...others, d, c, b, a];
    assert.deepEqual(names(sources, 1, [[d, b]]), [['large'], ['a'], ['b', 'd'], ['c'], ['less']]);
    assert.deepEqual(
      names(sources, 1, [
        [c, a],
        [b, d],
      ]),
      [['large'], ['a', 'c'], ['b', 'd'], ['less']],
    );
  });

  it('counts all of a group but the first for what a file counts for at least', () => {
    const group = ['a', 'b', 'c'].map((name) => source(name, 40 * KIB));
    const others = [source('22', 22 * KIB), source('1', KIB)];
    assert.deepEqual(names([...group, ...others], 1, [group]), [['a', 'b', 'c', '22'], ['1']]);
  });

  it('divides a group only where the copies cost as much as the encode', () => {
    const lengthsOf = (count: number, size: number): number[] => {
      const group = Array.from({ length: count }, (_, index) => source(`a${index}`, size));
      const { batches } = plan([...group, source('b', 100)], { minSize: 1, ...BOTH }, [group]);
      return batches.map(({ length }) => length);
    };
    assert.deepEqual(lengthsOf(200, 5000), [60, 60, 60, 21]);
    assert.deepEqual(lengthsOf(7000, KIB * KIB), [7000, 1]);
    assert.equal(lengthsOf(200_000, 5000).length, 3334);
  });

  it('keeps tiny sources of one size in one batch where it has room for them', () => {
    const run = ['a', 'b', 'c'].map((name) => source(name, 4095));
    // Without them, 60 leaves room for the first of the three.
    assert.deepEqual(names([source('60', 60 * KIB), ...run]), [['60'], ['a', 'b', 'c']]);
    const larger = ['a', 'b', 'c'].map((name) => source(name, 4096));
    assert.deepEqual(names([source('60', 60 * KIB), ...larger]), [
      ['60', 'a'],
      ['b', 'c'],
    ]);
  });

  it('holds what it did not find out for twins: a group may name what is not in the plan', () => {
    const [a, b] = [source('a', 5000), source('b', 5000)];
    assert.deepEqual(names([a], 1, [[a, b]]), [['a']]);
    assert.deepEqual(names([a, b], 5001, [[a, b]]), []);
  });
});

describe('every plan', () => {
  /** Sizes on both sides of each bound, and many that are equal. */
  const size = fc.oneof(
    fc.constantFrom(0, 1, 100, 1023, 1024, 1025, 4095, 4096, 5000, 65_535, 65_536, 65_537),
    fc.nat(200_000),
  );
  const cases = fc.record({
    sizes: fc.array(size, { maxLength: 150 }),
    minSize: fc.constantFrom(0, 1, 1024, 5000),
    threads: fc.integer({ min: 1, max: 64 }),
    groupOf: fc.func(fc.nat(3)),
  });

  it('has each source in just one batch or skipped, the largest first, and twins together', () => {
    fc.assert(
      fc.property(cases, ({ sizes, minSize, threads, groupOf }) => {
        const sources = sizes.map((bytes, index) => source(`f${index}`, bytes));
        const bySizeAndGroup = new Map<string, SourceFile[]>();
        for (const one of twinCandidates(sources, { minSize })) {
          const key = `${one.size} ${groupOf(one.relativePath)}`;
          bySizeAndGroup.set(key, [...(bySizeAndGroup.get(key) ?? []), one]);
        }
        const twins = [...bySizeAndGroup.values()].filter((group) => group.length > 1);
        const planned = plan(sources, { ...BOTH, minSize, threads }, twins);
        const flat = planned.batches.flat();

        const all = [...flat, ...planned.skipped].map(({ relativePath }) => relativePath);
        assert.deepEqual(all.sort(), sources.map(({ relativePath }) => relativePath).sort());
        assert.equal(planned.sources, flat.length);
        assert.equal(
          planned.sourceBytes,
          flat.reduce((sum, one) => sum + one.size, 0),
        );
        assert.ok(flat.every((one, index) => one.size <= (flat[index - 1] ?? one).size));
        for (const group of twins) {
          const batch = planned.batches.find((one) => group.some((twin) => one.includes(twin)));
          const places = group.map((twin) => batch?.indexOf(twin) ?? -1).sort((a, b) => a - b);
          const [first = -1] = places;
          assert.ok(first >= 0);
          assert.deepEqual(
            places,
            group.map((_twin, index) => first + index),
          );
        }
        for (const batch of planned.batches) {
          assert.ok(batch.length > 0);
          const inGroups = new Set<unknown>();
          let bytes = 0;
          for (const one of batch) {
            const group = twins.find((twin) => twin.includes(one)) ?? one;
            bytes += Math.max(1024, inGroups.has(group) ? 0 : one.size);
            inGroups.add(group);
          }
          assert.ok(bytes <= 64 * KIB || inGroups.size === 1, `${bytes} bytes in a batch`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
