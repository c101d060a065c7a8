// What holds for every tree and all options: checked on random ones, shrunk when it fails.
import assert from 'node:assert/strict';
import { lstatSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compress, isSidecar, sidecarPath, type CompressOptions } from '../src/index.js';
import { assertSidecar, script } from './support/sidecars.js';
import { Tree, type Entry } from './support/tree.js';

/** Each case starts worker threads, about 50 ms: this many are a few seconds. */
const RUNS = Number(globalThis.process.env['WN_COMPRESS_PROPERTY_RUNS'] ?? 60);

/** Names that may stand in a folder on any platform, some of them awkward. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-d]{1,2}(\.(js|css|png|gz|br|zst))?$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '.a',
      '-a',
      'a b',
      '[a]',
      '{a,b}',
      '!a',
      'é',
      '__proto__',
      '(a)',
      '@',
    ),
  },
);

const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

const content: fc.Arbitrary<Entry> = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }).map((bytes) => script(bytes, bytes + 1)),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 40 }),
);

/** A tree in which no path is a folder of another. */
const entries = fc
  .dictionary(path, content, { maxKeys: 12, noNullPrototype: true })
  .map((given) => {
    const paths = Object.keys(given);
    return Object.fromEntries(
      Object.entries(given).filter(([one]) => !paths.some((other) => other.startsWith(`${one}/`))),
    );
  });

const options: fc.Arbitrary<CompressOptions> = fc.record(
  {
    gzip: fc.constant(true),
    brotli: fc.boolean(),
    gzipLevel: fc.integer({ min: 0, max: 9 }),
    brotliQuality: fc.integer({ min: 0, max: 11 }),
    maxRatio: fc.constantFrom(1, 0.95, 0.5, 0),
    minSize: fc.constantFrom(0, 1, 100),
    skipExtensions: fc.constantFrom([], ['js'], ['png', 'gz', 'br', 'zst']),
    threads: fc.constantFrom(1, 2, 3),
  },
  { requiredKeys: [] },
);

/** The state of each file that a run must not touch: content, time and mode. */
function stateOf(tree: Tree, paths: readonly string[]): unknown[] {
  const snapshot = tree.snapshot();
  return paths.map((path) => {
    const { mtimeNs, mode, ino } = lstatSync(tree.join(path), { bigint: true });
    return [path, snapshot[path], mtimeNs, mode, ino];
  });
}

describe('every tree', () => {
  it('keeps its sources, and gets true sidecars and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(entries, options, async (given, chosen) => {
        using tree = new Tree(given);
        const before = tree.list();
        const has = new Set(before);
        const sources = before.filter((path) => !isSidecar(path, (source) => has.has(source)));
        const untouched = stateOf(tree, sources);
        const report = await compress(tree.path, chosen);

        assert.deepEqual(report.failures, []);
        assert.deepEqual(stateOf(tree, sources), untouched);
        const expected = new Set(before);
        for (const { relativePath, variants } of report.sources) {
          for (const { contentCoding, status } of variants) {
            const sidecar = sidecarPath(relativePath, contentCoding);
            if (status === 'discarded') expected.delete(sidecar);
            else expected.add(sidecar);
            if (status !== 'discarded') assertSidecar(tree, sidecar);
          }
        }
        assert.deepEqual(tree.list(), [...expected].sort());
        const accounted = [...report.sources, ...report.skipped].map((file) => file.relativePath);
        assert.deepEqual(accounted.sort(), before);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes out the same at one thread and at many, at once and again', async () => {
    await fc.assert(
      fc.asyncProperty(entries, options, async (given, chosen) => {
        using one = new Tree(given);
        using many = new Tree(given);
        await compress(one.path, { ...chosen, threads: 1 });
        await compress(many.path, { ...chosen, threads: 4 });
        assert.deepEqual(many.snapshot(), one.snapshot());
        const again = await compress(many.path, chosen);
        assert.deepEqual(many.snapshot(), one.snapshot());
        for (const totals of Object.values(again.totals.contentCodings)) {
          assert.equal(totals.written, 0);
        }
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});
