// Shows that what a worker gets from the cache is proven to be a variant of the source at hand, whatever
// somebody has put there, and that it is told what was encoded, discarded and written.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { CacheWriter, type NewEntry } from '../../src/cache/cache-writer.js';
import { Cache } from '../../src/cache/cache.js';
import { digestOf, keyOf } from '../../src/cache/fingerprint.js';
import { newSegment, segmentFolder } from '../../src/cache/segment.js';
import { VariantCache } from '../../src/cache/variant-cache.js';
import { encode } from '../../src/codec.js';
import { EncodedSource } from '../../src/encoded-source.js';
import type { CodecSettings } from '../../src/job.js';
import { additionTo } from '../support/cache-entries.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';

const GZIP: CodecSettings = { contentCoding: 'gzip', level: 9 };
const BROTLI: CodecSettings = { contentCoding: 'br', quality: 5 };
const SOURCE = Buffer.from(script(20_000));
const SOURCE_FACTS = { digest: digestOf(SOURCE), size: SOURCE.length };
const ENCODED = gzip(SOURCE, 1);
const GIB = 1024 ** 3;

function gzip(source: Buffer, level = 6): Buffer {
  return encode(source, { contentCoding: 'gzip', level });
}

/** What one thread of one run does with a cache. */
async function withCache<T>(
  tree: Tree,
  action: (cache: VariantCache) => T | Promise<T>,
  { maxRatio = 1, isRead = true, isWritten = true, root = tree.path } = {},
): Promise<T> {
  const use = { folder: tree.join('cache'), maxBytes: GIB, isRead, isWritten, root };
  const cache = new Cache(use);
  const variants = new VariantCache(cache.settings, maxRatio);
  const result = await action(variants);
  variants.flush();
  await cache.close();
  return result;
}

/** Puts an entry of this source into the cache as somebody would who means harm: its record is intact. */
function plant(
  tree: Tree,
  encoded: Buffer | undefined,
  facts: Partial<NewEntry> = {},
  codec: CodecSettings = GZIP,
): void {
  const folder = segmentFolder(tree.join('cache'));
  mkdirSync(folder, { recursive: true });
  const writer = new CacheWriter(additionTo(newSegment(folder, false)));
  const key = keyOf(SOURCE_FACTS.digest, codec, SOURCE.length);
  const isKept = encoded !== undefined;
  const rest = { contentCoding: codec.contentCoding, encodeMs: 5, encodedBytes: 0 };
  const entry = { key, ...rest, isKept, ...(isKept ? { encodedBytes: encoded.length } : {}) };
  const payload = isKept ? { encoded, digest: digestOf(encoded) } : undefined;
  writer.add({ ...entry, ...facts }, payload);
  writer.flush();
}

function findIn(tree: Tree, maxRatio = 1): Promise<ReturnType<VariantCache['find']>> {
  return withCache(tree, (cache) => cache.find(GZIP, SOURCE, SOURCE_FACTS.digest), { maxRatio });
}

describe('the cache of a worker', () => {
  it('gives back what was added, in the next run, for the same source and codec alone', async () => {
    using tree = new Tree();
    await withCache(tree, (cache) => {
      assert.equal(cache.find(GZIP, SOURCE, SOURCE_FACTS.digest), undefined);
      cache.add(GZIP, SOURCE_FACTS, { whole: ENCODED, encodeMs: 7.5 }, digestOf(ENCODED));
    });
    await withCache(tree, (cache) => {
      const expected = { whole: ENCODED, digest: digestOf(ENCODED), encodeMs: 7.5 };
      assert.deepEqual(cache.find(GZIP, SOURCE, SOURCE_FACTS.digest), expected);
      assert.equal(cache.find({ ...GZIP, level: 8 }, SOURCE, SOURCE_FACTS.digest), undefined);
      assert.equal(cache.find(BROTLI, SOURCE, SOURCE_FACTS.digest), undefined);
      const other = Buffer.from(script(20_000, 2));
      assert.equal(cache.find(GZIP, other, digestOf(other)), undefined);
    });
  });

  it('makes an encoded source that is the same, and spares its encode', async () => {
    using tree = new Tree();
    const encodeIn = () =>
      withCache(tree, (cache) =>
        [GZIP, BROTLI].map((codec) => new EncodedSource(SOURCE, cache).encode(codec)),
      );
    const first = await encodeIn();
    const second = await encodeIn();
    const plain = [GZIP, BROTLI].map((codec) => new EncodedSource(SOURCE).encode(codec));
    for (const index of [0, 1]) {
      const [one, two, three] = [first[index], second[index], plain[index]];
      assert.ok(one && two && three && 'whole' in one && 'whole' in two && 'whole' in three);
      assert.deepEqual([one.isCached, two.isCached, three.isCached], [false, true, false]);
      assert.ok(one.whole.equals(three.whole) && two.whole.equals(three.whole));
      assert.deepEqual(two.digest, digestOf(three.whole));
      assert.ok(Math.abs(two.encodeMs - one.encodeMs) < 0.1);
    }
  });

  it('reads nothing, or writes nothing, where it is told so', async () => {
    using tree = new Tree();
    const add = (cache: VariantCache): void => {
      cache.add(GZIP, SOURCE_FACTS, { whole: ENCODED, encodeMs: 1 }, digestOf(ENCODED));
    };
    const find = (cache: VariantCache) => cache.find(GZIP, SOURCE, SOURCE_FACTS.digest);
    await withCache(tree, add, { isWritten: false });
    assert.deepEqual(tree.list(), []);
    await withCache(tree, add);
    assert.equal(await withCache(tree, find, { isRead: false }), undefined);
    assert.ok(await withCache(tree, find, { isWritten: false }));
  });
});

describe('a variant that was discarded', () => {
  it('is known by its size, as long as it would still be discarded', async () => {
    using tree = new Tree();
    await withCache(
      tree,
      (cache) => {
        cache.add(GZIP, SOURCE_FACTS, { whole: Buffer.alloc(15_000), encodeMs: 3 }, undefined);
        cache.add(BROTLI, SOURCE_FACTS, { tooLargeBytes: 20_001, encodeMs: 4 }, undefined);
      },
      { maxRatio: 0.7 },
    );
    const known = { tooLargeBytes: 15_000, encodeMs: 3 };
    assert.deepEqual(await findIn(tree, 0.7), known);
    assert.deepEqual(await findIn(tree, 0.74), known);
    assert.equal(await findIn(tree, 0.75), undefined);
    const br = await withCache(tree, (cache) => cache.find(BROTLI, SOURCE, SOURCE_FACTS.digest));
    assert.deepEqual(br, { tooLargeBytes: 20_001, encodeMs: 4 });
  });

  it('is none when its record is damaged: it could keep a variant from being made', async () => {
    using tree = new Tree();
    plant(tree, undefined, { encodedBytes: 30_000 });
    assert.deepEqual(await findIn(tree), { tooLargeBytes: 30_000, encodeMs: 5 });
    const [index = ''] = tree.list().filter((name) => name.endsWith('.index'));
    const bytes = readFileSync(tree.join(index));
    // From 30,000 to 30,001 bytes.
    bytes[57] = (bytes[57] ?? 0) ^ 1;
    tree.add({ [index]: bytes });
    assert.equal(await findIn(tree), undefined);
    assert.equal(tree.bytes(index)[63], 0, 'and it is struck out');
  });
});

describe('an entry that means harm', () => {
  const bomb = gzip(Buffer.alloc(64 * 1024 ** 2));
  const rows: readonly (readonly [what: string, plant: (tree: Tree) => void])[] = [
    ['another source', (tree) => { plant(tree, gzip(Buffer.from(script(20_000, 2)))); }],
    ['the beginning of the source', (tree) => { plant(tree, gzip(SOURCE.subarray(0, -1))); }],
    ['more than the source', (tree) => { plant(tree, gzip(Buffer.concat([SOURCE, SOURCE]))); }],
    ['bytes behind the end', (tree) => { plant(tree, Buffer.concat([ENCODED, Buffer.alloc(1)])); }],
    ['two members', (tree) => { plant(tree, Buffer.concat([gzip(SOURCE.subarray(0, 9)), gzip(SOURCE.subarray(9))])); }],
    ['an empty member in front', (tree) => { plant(tree, Buffer.concat([gzip(Buffer.alloc(0)), ENCODED])); }],
    ['an empty member behind', (tree) => { plant(tree, Buffer.concat([ENCODED, gzip(Buffer.alloc(0))])); }],
    ['a member as gzip makes it', (tree) => { plant(tree, gzipSync(SOURCE, { level: 1 })); }],
    ['a wrong checksum', (tree) => { plant(tree, Buffer.concat([ENCODED.subarray(0, -8), Buffer.alloc(4), ENCODED.subarray(-4)])); }],
    ['a bomb', (tree) => { plant(tree, bomb.subarray(0, 19_999)); }],
    ['a whole bomb', (tree) => { plant(tree, bomb); }],
    ['a single byte', (tree) => { plant(tree, Buffer.alloc(1)); }],
    ['the source as it is', (tree) => { plant(tree, SOURCE); }],
    ['another content-coding', (tree) => { plant(tree, brotliCompressSync(SOURCE)); }],
    ['a record of another one', (tree) => { plant(tree, brotliCompressSync(SOURCE), { contentCoding: 'br' }); }],
    ['a wrong size', (tree) => { plant(tree, ENCODED, { encodedBytes: ENCODED.length - 1 }); }],
  ]; // prettier-ignore
  for (const [what, plantIt] of rows) {
    it(`is no variant, and struck out: ${what}`, async () => {
      using tree = new Tree();
      plantIt(tree);
      const [index = ''] = tree.list().filter((name) => name.endsWith('.index'));
      assert.equal(await findIn(tree), undefined);
      assert.equal(tree.bytes(index)[63], 0);
      // And is encoded anew, and then found.
      await withCache(tree, (cache) => new EncodedSource(SOURCE, cache).encode(GZIP));
      assert.ok(await findIn(tree));
    });
  }

  it('that holds a right variant which another encoder made is one all the same', async () => {
    using tree = new Tree();
    const foreign = gzip(SOURCE, 2);
    plant(tree, foreign);
    const found = await findIn(tree);
    assert.ok(found && 'whole' in found && found.whole.equals(foreign));
  });
});

describe('a sidecar that is there', () => {
  const recogniseIn = (tree: Tree, sidecar: Buffer | undefined, maxRatio = 1) =>
    withCache(
      tree,
      (cache) =>
        cache.recognise(GZIP, SOURCE_FACTS, SOURCE, (bytes) =>
          sidecar?.length === bytes ? sidecar : undefined,
        ),
      { maxRatio },
    );

  it('is recognised when it holds the very bytes that are noted', async () => {
    using tree = new Tree();
    plant(tree, ENCODED);
    const expected = { encodeMs: 5, encodedBytes: ENCODED.length };
    assert.deepEqual(await recogniseIn(tree, ENCODED), expected);
    // The bytes of the cache itself are not read for it.
    for (const pack of tree.list().filter((name) => name.endsWith('.pack')))
      rmSync(tree.join(pack));
    assert.deepEqual(await recogniseIn(tree, Buffer.from(ENCODED)), expected);
  });

  it('is not when it is another, not there, or no longer small enough', async () => {
    using tree = new Tree();
    plant(tree, ENCODED);
    const damaged = Buffer.from(ENCODED);
    damaged[9] = (damaged[9] ?? 0) ^ 1;
    assert.equal(
      await recogniseIn(tree, damaged),
      undefined,
      'it decodes, but is not what is noted',
    );
    assert.equal(await recogniseIn(tree, undefined), undefined);
    const ratio = ENCODED.length / SOURCE.length;
    assert.equal(await recogniseIn(tree, ENCODED, ratio * 0.99), undefined);
    assert.ok(await recogniseIn(tree, ENCODED, ratio * 1.01));
  });

  it('is not when both it and what is noted are wrong in the same way', async () => {
    using tree = new Tree();
    const wrong = gzip(Buffer.from(script(20_000, 2)));
    plant(tree, wrong);
    assert.equal(await recogniseIn(tree, wrong), undefined);
  });

  it('is not when the variant was discarded', async () => {
    using tree = new Tree();
    plant(tree, undefined, { encodedBytes: ENCODED.length });
    assert.equal(await recogniseIn(tree, ENCODED, 0.001), undefined);
  });
});

describe('a large variant', () => {
  const variant = { encodedBytes: ENCODED.length, digest: digestOf(ENCODED), encodeMs: 9 };
  const chunks = (bytes: Buffer, chunkBytes = 1000): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
      bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    );

  async function restoreFrom(cache: VariantCache, source: Buffer) {
    const found = cache.look(GZIP, SOURCE_FACTS);
    assert.ok(found);
    const accepted: Buffer[] = [];
    const accept = (chunk: Buffer): void => {
      accepted.push(Buffer.from(chunk));
    };
    const digest = await cache.restore(found, 700, accept, () => chunks(source));
    return { digest, accepted: Buffer.concat(accepted) };
  }

  it('is handed out in chunks, and proven with the last of them', async () => {
    using tree = new Tree();
    await withCache(tree, async (cache) => {
      cache.addChunks(GZIP, SOURCE_FACTS, variant, chunks(ENCODED));
      // Also to its twin in the same run, on the same thread.
      const { digest, accepted } = await restoreFrom(cache, SOURCE);
      assert.deepEqual([digest, accepted], [variant.digest, ENCODED]);
    });
    await withCache(tree, async (cache) => {
      const { digest, accepted } = await restoreFrom(cache, SOURCE);
      assert.deepEqual([digest, accepted], [variant.digest, ENCODED]);
    });
  });

  it('is void when it decodes to anything else, or is not what was added; then it is struck out', async () => {
    const other = Buffer.from(script(20_000, 2));
    const damagedHeader = Buffer.from(ENCODED);
    damagedHeader[9] = (damagedHeader[9] ?? 0) ^ 1;
    const rows: readonly (readonly [source: Buffer, stored: Buffer | undefined])[] = [
      [other, undefined],
      [SOURCE.subarray(0, -1), undefined],
      [SOURCE, damagedHeader],
      [SOURCE, ENCODED.subarray(0, -1)],
    ];
    for (const [source, stored] of rows) {
      using tree = new Tree();
      plant(tree, ENCODED);
      const [index = ''] = tree.list().filter((name) => name.endsWith('.index'));
      const [pack = ''] = tree.list().filter((name) => name.endsWith('.pack'));
      if (stored !== undefined) tree.add({ [pack]: stored });
      const { digest } = await withCache(tree, (cache) => restoreFrom(cache, source));
      assert.equal(digest, undefined);
      assert.equal(tree.bytes(index)[63], 0);
    }
  });
});

describe('the history', () => {
  it('gets what was written, with the flush', async () => {
    using tree = new Tree();
    const use = { folder: tree.path, maxBytes: GIB, isRead: true, isWritten: true, root: '/srv' };
    const cache = new Cache(use);
    const variants = new VariantCache(cache.settings, 1);
    variants.noteWritten('a.js.gz', digestOf(ENCODED));
    assert.ok(cache.readHistory()?.knows('a.js.gz') === false);
    variants.flush();
    assert.ok(cache.readHistory()?.hasWritten('a.js.gz', digestOf(ENCODED)));
    assert.equal(new Cache({ ...use, root: '/other' }).readHistory()?.knows('a.js.gz'), false);
    assert.equal(new Cache({ ...use, root: undefined }).readHistory(), undefined);
    await cache.close();
  });

  it('that cannot be written is a failure, and none of the sidecar', () => {
    using tree = new Tree();
    const use = { folder: tree.path, maxBytes: GIB, isRead: true, isWritten: true, root: '/srv' };
    const variants = new VariantCache(new Cache(use).settings, 1);
    rmSync(tree.join('v1/roots'), { recursive: true });
    variants.noteWritten('a.js.gz', digestOf(ENCODED));
    variants.flush();
    assert.deepEqual([variants.failure?.code, variants.failure?.operation], ['ENOENT', 'write']);
  });
});
