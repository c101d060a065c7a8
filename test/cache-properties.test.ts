// Shows what holds for every history of a tree: whatever was done to it and to the cache between two runs, a
// run with the cache leaves what one without would, and no sidecar that does not decode to its source. Says
// itself which sidecars were written here, by the bytes that have changed: no report is taken for the truth.
import assert from 'node:assert/strict';
import {
  lstatSync,
  readFileSync as read,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { check, clearCache, compress, type CompressOptions } from '../src/index.js';
import { NO_ZSTD } from './support/capability.js';
import { script } from './support/sidecars.js';
import { figure, rounds } from './support/soak.js';
import { Tree } from './support/tree.js';

/** Each case is several runs of about 100 ms: this many are a few seconds. */
const RUNS = rounds(12, 240);

const NAMES = ['a.js', 'b.css', 'c', 'd/e.js', 'd/f.html', 'picture.png', 'index.html'] as const;

const name = fc.constantFrom(...NAMES);
const suffix = fc.constantFrom('.gz', '.br', '.zst');
const content = fc.oneof(
  // Few, so that what was there before comes back, and twins occur.
  fc.integer({ min: 0, max: 5 }).map((seed) => Buffer.from(script(200 + 900 * seed, seed + 1))),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: 0, max: 3 }).map((count) => Buffer.alloc(count * 1500)),
);

/** Something that is done to a tree between two runs. */
type Edit =
  | { readonly type: 'write'; readonly name: string; readonly content: Buffer }
  | { readonly type: 'delete' | 'touch'; readonly name: string }
  | { readonly type: 'rename'; readonly name: string; readonly to: string }
  | { readonly type: 'drop'; readonly name: string; readonly suffix: string }
  | {
      readonly type: 'corrupt';
      readonly name: string;
      readonly suffix: string;
      readonly at: number;
    }
  | { readonly type: 'plant'; readonly name: string; readonly suffix: string; readonly of: Buffer }
  | { readonly type: 'damage'; readonly file: number; readonly at: number; readonly byte: number }
  | { readonly type: 'clear' };

const at = fc.nat(5000);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('write' as const), name, content }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('delete', 'touch'), name }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rename' as const), name, to: name }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const), name, suffix }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('corrupt' as const), name, suffix, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('plant' as const), name, suffix, of: content }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('damage' as const),
      file: fc.nat(5),
      at,
      byte: fc.nat(255),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
);

/** Where this Node has it. */
const ZSTD: CompressOptions[] =
  NO_ZSTD === false ? [{ zstd: true }, { brotli: false, zstd: true }] : [];

const options: fc.Arbitrary<CompressOptions> = fc
  .record(
    {
      gzipLevel: fc.constantFrom(1, 9),
      brotliQuality: fc.constantFrom(3, 11),
      maxRatio: fc.constantFrom(1, 0.5, 0.2),
      minSize: fc.constantFrom(0, 100),
      exclude: fc.constantFrom([], ['d/**'], ['*.css']),
      threads: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  )
  .chain((chosen) =>
    fc
      .constantFrom<CompressOptions[]>({}, {}, { gzip: false }, { brotli: false }, ...ZSTD)
      .map((codings) => ({ ...chosen, ...codings })),
  );

const steps = fc.array(
  fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 5 }), options }),
  { minLength: 1, maxLength: 5 },
);

/** Which sidecars a cache knows to be ours: their bytes in latin1, by path. */
type Ours = Map<string, Set<string>>;

function isThere(tree: Tree, path: string): boolean {
  return lstatSync(tree.join(path), { throwIfNoEntry: false })?.isFile() === true;
}

function apply(change: Edit, tree: Tree, cache: Tree, ours: Ours): void {
  switch (change.type) {
    case 'write':
      tree.add({ [change.name]: change.content });
      return;
    case 'delete':
      rmSync(tree.join(change.name), { force: true });
      return;
    case 'touch':
      if (isThere(tree, change.name)) utimesSync(tree.join(change.name), 1e9, 1e9);
      return;
    case 'rename':
      if (!isThere(tree, change.name)) return;
      tree.add({ [change.to]: '' });
      renameSync(tree.join(change.name), tree.join(change.to));
      return;
    case 'drop':
      rmSync(tree.join(change.name + change.suffix), { force: true });
      return;
    case 'corrupt':
      corrupt(tree.join(change.name + change.suffix), change.at, 0x5a);
      return;
    case 'plant':
      tree.add({ [change.name + change.suffix]: encoded(change.suffix, change.of) });
      return;
    case 'damage': {
      const files = cache.list().filter((path) => path.startsWith('v1/segments/'));
      const path = files[change.file % Math.max(files.length, 1)];
      if (path !== undefined) corrupt(cache.join(path), change.at, change.byte);
      return;
    }
    case 'clear':
      clearCache({ cacheDir: cache.path });
      ours.clear();
  }
}

/** Changes one byte of a file, or cuts it off there when it is the same. */
function corrupt(path: string, place: number, byte: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  const bytes = read(path);
  if (bytes.length === 0) return;
  const index = place % bytes.length;
  const isSame = bytes[index] === byte;
  bytes[index] = byte;
  writeFileSync(path, isSame ? bytes.subarray(0, index) : bytes);
}

/** A sidecar as someone else may have made it. */
function encoded(coding: string, of: Buffer): Buffer {
  if (coding === '.gz') return zlib.gzipSync(of, { level: 4 });
  if (coding === '.br') return zlib.brotliCompressSync(of, { params: { 1: 4 } });
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
  return zstdCompressSync?.(of) ?? Buffer.from('no zstd here');
}

/** What a sidecar decodes to; `undefined` when that cannot be told here. */
function decoded(path: string, bytes: Buffer): Buffer | undefined {
  if (path.endsWith('.gz')) return zlib.gunzipSync(bytes);
  if (path.endsWith('.br')) return zlib.brotliDecompressSync(bytes);
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Buffer) => Buffer };
  return zstdDecompressSync?.(bytes);
}

/** Asserts that each sidecar beside a source decodes to it, also those that no run was to make. */
function assertNoneStale(tree: Tree, excluded: (path: string) => boolean): void {
  for (const path of tree.list()) {
    const source = /^(.*)\.(gz|br|zst)$/.exec(path)?.[1];
    if (source === undefined || !isThere(tree, source) || excluded(path)) continue;
    const bytes = decoded(path, tree.bytes(path));
    assert.ok(bytes === undefined || bytes.equals(tree.bytes(source)), `${path} is stale`);
  }
}

/** What a run without a cache leaves of a copy, of which what is ours and has no source is gone. */
async function coldTree(
  before: Readonly<Record<string, string>>,
  chosen: CompressOptions,
  ours: Ours,
): Promise<Record<string, string>> {
  const excluded = excludedBy(chosen);
  const kept = Object.entries(before).filter(([path, bytes]) => {
    const source = /^(.*)\.(gz|br|zst)$/.exec(path)?.[1];
    if (source === undefined || source in before || excluded(path) || excluded(source)) return true;
    return ours.get(path)?.has(bytes) !== true;
  });
  using copy = new Tree(
    Object.fromEntries(kept.map(([path, bytes]) => [path, Buffer.from(bytes, 'latin1')])),
  );
  await compress(copy.path, { ...chosen, prune: true, cache: false });
  return copy.snapshot();
}

function excludedBy({ exclude = [] }: CompressOptions): (path: string) => boolean {
  return (path) =>
    (exclude.includes('d/**') && path.startsWith('d/')) ||
    (exclude.includes('*.css') && /^[^/]*\.css$/.test(path));
}

describe('every history of a tree and its cache', () => {
  it('comes to what a run without a cache makes of it, and to no stale sidecar', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        using tree = new Tree();
        using cache = new Tree();
        const ours: Ours = new Map();
        for (const { edits, options: chosen } of all) {
          for (const change of edits) apply(change, tree, cache, ours);
          const before = files(tree);
          const expected = await coldTree(before, chosen, ours);
          const report = await compress(tree.path, {
            ...chosen,
            prune: true,
            cacheDir: cache.path,
          });
          const after = files(tree);
          assert.deepEqual([report.failures, report.cache?.failure], [[], null]);
          assert.deepEqual(after, files(expected));
          assertNoneStale(tree, excludedBy(chosen));
          for (const [path, bytes] of Object.entries(after)) {
            if (before[path] === bytes) continue;
            const known = ours.get(path) ?? new Set();
            ours.set(path, known.add(bytes));
          }
          const { findings } = await check(tree.path, { ...chosen, cacheDir: cache.path });
          // What stands alone and is not ours is for people to judge.
          assert.deepEqual(
            findings.filter(({ problem, isOurs }) => problem !== 'orphaned' || isOurs),
            [],
          );
        }
      }),
      { numRuns: RUNS },
    );
    figure('cache-histories', `${RUNS} histories`);
  });
});

/** The files of a tree, without folders that are empty. */
function files(tree: Tree | Record<string, string>): Record<string, string> {
  const all = tree instanceof Tree ? tree.snapshot() : tree;
  return Object.fromEntries(Object.entries(all).filter(([path]) => /\.|^c$/.test(path)));
}
