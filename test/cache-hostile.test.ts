// Shows that no cache, however damaged or hostile, makes another tree than a run without one: every entry of
// a real one is changed in every way that there is, by chance and by someone who knows the format. Two
// things remain to whoever can compute a check: another encoding of the very source, which decodes right,
// and the claim that a variant was discarded, for which a sidecar is missing. Neither is ever wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { RECORD_BYTES } from '../src/cache/record.js';
import { segmentFolder } from '../src/cache/segment.js';
import { encode } from '../src/codec.js';
import { cacheStats, check, compress, pruneCache, type CompressOptions } from '../src/index.js';
import {
  empty,
  forge,
  indexPath,
  packPath,
  readEntries,
  SEGMENT,
  statusesOf,
  writeEntries,
  type CacheEntry,
} from './support/cache-files.js';
import { wnCompress } from './cli/command.js';
import { assertTree, script } from './support/sidecars.js';
import { rounds } from './support/soak.js';
import { Tree } from './support/tree.js';

const ON_WINDOWS = process.platform === 'win32' && 'links and FIFOs as POSIX has them';

const SOURCES = {
  'app.js': script(9_000),
  'b/site.css': script(4_000, 2),
  'b/small.txt': 'small and yet smaller '.repeat(9),
  'noise.bin': randomBytes(3_000),
  'zeros.bin': Buffer.alloc(5_000),
};

const OPTIONS: CompressOptions = { threads: 1 };
const KEPT = 8;
const DISCARDED = 2;

const original = new Tree();
const cold = new Tree(SOURCES);
let entries: CacheEntry[] = [];

before(async () => {
  using tree = new Tree(SOURCES);
  await compress(cold.path, { ...OPTIONS, cache: false });
  await compress(tree.path, { ...OPTIONS, cacheDir: original.path });
  entries = readEntries(original.path);
  assert.equal(entries.length, KEPT + DISCARDED);
});

after(() => {
  original[Symbol.dispose]();
  cold[Symbol.dispose]();
});

type Statuses = ReturnType<typeof statusesOf>;

/** Asserts that a run with this cache makes the tree of a run without one, and tells how. */
async function assertColdTree(cacheDir: string, what = ''): Promise<Statuses> {
  using tree = new Tree(SOURCES);
  const report = await compress(tree.path, { ...OPTIONS, cacheDir });
  assert.deepEqual(tree.snapshot(), cold.snapshot(), what);
  assert.deepEqual(report.failures, [], what);
  return statusesOf(report);
}

/** Asserts it of a cache in which every entry was changed, and that none of those was used. */
async function assertUseless(
  what: string,
  change: (entry: CacheEntry, number: number) => Pick<CacheEntry, 'bytes' | 'payload'>,
): Promise<void> {
  using cache = new Tree();
  writeEntries(cache.path, entries.map(change));
  const discarded = { discarded: DISCARDED };
  assert.deepEqual(await assertColdTree(cache.path, what), { written: KEPT, ...discarded }, what);
  // What was encoded instead has taken the place of what was wrong.
  assert.deepEqual(await assertColdTree(cache.path, what), { restored: KEPT, ...discarded }, what);
}

/** A copy with a bit flipped. */
function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

function decoded({ record, payload }: CacheEntry): Buffer {
  return record.contentCoding === 'gzip' ? gunzipSync(payload) : brotliDecompressSync(payload);
}

function encodedAs({ record }: CacheEntry, content: Buffer, effort = 9): Buffer {
  return record.contentCoding === 'gzip'
    ? encode(content, { contentCoding: 'gzip', level: effort })
    : brotliCompressSync(content, { params: { 1: effort } });
}

/** The entry at another place among those that were kept, of the same content-coding. */
function otherThan(entry: CacheEntry): CacheEntry {
  const { contentCoding } = entry.record;
  const alike = entries.filter(
    ({ record }) => record.isKept && record.contentCoding === contentCoding,
  );
  return alike[(alike.indexOf(entry) + 1) % alike.length] ?? entry;
}

describe('a cache put together again as it was', () => {
  it('restores everything, so that what follows shows something', async () => {
    using cache = new Tree();
    writeEntries(cache.path, entries);
    const statuses = await assertColdTree(cache.path);
    assert.deepEqual(statuses, { restored: KEPT, discarded: DISCARDED });
    // And so does one whose entries are forged as what they are.
    empty(cache.path);
    writeEntries(
      cache.path,
      entries.map(({ record, payload }) => forge(record, payload)),
    );
    assert.deepEqual(await assertColdTree(cache.path), statuses);
  });
});

describe('a damaged cache', () => {
  it('with a bit flipped in each payload', async () => {
    for (let round = 0; round < 8; round += 1) {
      await assertUseless(`payload, ${round}`, ({ bytes, payload }) => {
        const at = Math.min(Math.floor((payload.length * round) / 7), payload.length - 1);
        return { bytes, payload: flipped(payload, Math.max(0, at), round) };
      });
    }
  });

  it('with a bit flipped in each record: no byte of one is without meaning', async () => {
    for (let round = 0; round < 8; round += 1) {
      using cache = new Tree();
      writeEntries(cache.path, entries);
      const index = Buffer.concat(entries.map(({ bytes }) => bytes));
      let end = 0;
      entries.forEach(({ payload }, number) => {
        index.writeUIntBE(end, number * RECORD_BYTES + 46, 6);
        end += payload.length;
        const at = number * RECORD_BYTES + ((number * 8 + round) % RECORD_BYTES);
        index[at] = (index[at] ?? 0) ^ (1 << ((number + round) % 8));
      });
      writeFileSync(indexPath(cache.path), index);
      const statuses = await assertColdTree(cache.path, `${round}`);
      assert.deepEqual(statuses, { written: KEPT, discarded: DISCARDED }, `${round}`);
    }
  });

  it('with payloads or records that have changed places', async () => {
    await assertUseless('payloads', (entry) => ({
      bytes: entry.bytes,
      payload: entry.record.isKept ? otherThan(entry).payload : entry.payload,
    }));
    await assertUseless('of the other content-coding', ({ bytes, record, payload }) => {
      const twin = entries.find(
        (one) => one.record.isKept && one.record.contentCoding !== record.contentCoding,
      );
      return { bytes, payload: record.isKept ? (twin?.payload ?? payload) : payload };
    });
    await assertUseless('keys', (entry) => {
      const bytes = Buffer.from(entry.bytes);
      if (entry.record.isKept) otherThan(entry).record.key.copy(bytes);
      return { bytes, payload: entry.payload };
    });
  });

  it('with kept for discarded and discarded for kept', async () => {
    await assertUseless('kinds', ({ bytes, payload }) => {
      const confused = Buffer.from(bytes);
      confused[RECORD_BYTES - 1] = confused[RECORD_BYTES - 1] === 1 ? 2 : 1;
      return { bytes: confused, payload };
    });
  });

  it('with a pack or an index that ends anywhere', async () => {
    const packBytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
    const indexBytes = entries.length * RECORD_BYTES;
    for (const [file, bytes] of [
      [packPath, packBytes],
      [indexPath, indexBytes],
    ] as const) {
      const lengths = [0, 1, 31, 63, 64, 65, 128, bytes >> 2, bytes >> 1, bytes - 65, bytes - 1];
      let most = -1;
      for (const length of lengths) {
        using cache = new Tree();
        writeEntries(cache.path, entries);
        truncateSync(file(cache.path), length);
        const { written = 0, restored = 0 } = await assertColdTree(cache.path, `${length}`);
        assert.equal(written + restored, KEPT);
        assert.ok(written > 0 || length > indexBytes / 2, `${length}`);
        most = Math.max(most, restored);
      }
      assert.ok(most > 0);
    }
  });

  it('without a pack, and with a list of times that is none', async () => {
    using cache = new Tree();
    writeEntries(cache.path, entries);
    writeFileSync(join(segmentFolder(cache.path), `${SEGMENT}.used`), randomBytes(1001));
    assert.equal((await assertColdTree(cache.path)).restored, KEPT);
    rmSync(packPath(cache.path));
    assert.equal((await assertColdTree(cache.path)).written, KEPT);
    await pruneCache({ cacheDir: cache.path });
    assert.equal((await assertColdTree(cache.path)).restored, KEPT);
  });
});

describe('a cache of someone who can compute checks', () => {
  const forged: Readonly<Record<string, (entry: CacheEntry) => Buffer>> = {
    'holds bombs that begin like the source': (entry) => {
      const source = decoded(entry);
      const times = entry.record.contentCoding === 'gzip' ? 20 : 2000;
      return encodedAs(entry, Buffer.concat([source, Buffer.alloc(source.length * times)]));
    },
    'holds bombs of zeros': (entry) =>
      encodedAs(
        entry,
        Buffer.alloc(decoded(entry).length * (entry.record.contentCoding === 'gzip' ? 100 : 5000)),
      ),
    'holds what another source encodes to': (entry) => otherThan(entry).payload,
    'holds what a source encodes to that differs in one byte': (entry) =>
      encodedAs(entry, flipped(decoded(entry), 0, 5)),
    'holds what the source encodes to without its last byte': (entry) =>
      encodedAs(entry, decoded(entry).subarray(0, -1)),
    'holds what the source encodes to with a byte more': (entry) =>
      encodedAs(entry, Buffer.concat([decoded(entry), Buffer.alloc(1)])),
    'holds the right bytes without the last': ({ payload }) => payload.subarray(0, -1),
    'holds the right bytes without their checksum': ({ payload }) => payload.subarray(0, -8),
    'holds the right bytes with a zero behind': ({ payload }) =>
      Buffer.concat([payload, Buffer.alloc(1)]),
    'holds the right bytes with text behind': ({ payload }) =>
      Buffer.concat([payload, Buffer.from('and this')]),
    'holds the right bytes with half a gzip header behind': ({ payload }) =>
      Buffer.concat([payload, Buffer.from([0x1f, 0x8b])]),
    'holds nothing': () => Buffer.alloc(0),
    'holds the source itself': (entry) => decoded(entry),
    'holds noise': ({ payload }) => randomBytes(payload.length),
  };
  for (const [what, payloadOf] of Object.entries(forged)) {
    it(`${what}, and it is not used`, async () => {
      await assertUseless(what, (entry) =>
        entry.record.isKept ? forge(entry.record, payloadOf(entry)) : entry,
      );
    });
  }

  it('calls one content-coding another, and it is not used', async () => {
    await assertUseless('codings', (entry) => {
      if (!entry.record.isKept) return entry;
      const contentCoding = entry.record.contentCoding === 'br' ? 'gzip' : 'br';
      return forge({ ...entry.record, contentCoding }, entry.payload);
    });
    await assertUseless('zstd', (entry) =>
      entry.record.isKept
        ? forge({ ...entry.record, contentCoding: 'zstd' }, entry.payload)
        : entry,
    );
  });

  it('says that small variants were discarded, and it is not believed', async () => {
    await assertUseless('small and discarded', ({ record, payload }) =>
      record.isKept
        ? forge({ ...record, isKept: false, encodedBytes: payload.length }, Buffer.alloc(0))
        : { bytes: forge(record, Buffer.alloc(0)).bytes, payload },
    );
  });

  it('says that what was discarded is kept, and it is not believed', async () => {
    await assertUseless('kept', ({ record, payload }) =>
      record.isKept
        ? forge(record, randomBytes(payload.length))
        : forge({ ...record, isKept: true }, gzipSync('something small')),
    );
  });

  it('names sizes and places that no file has, and it is not used', async () => {
    for (const [size, offset] of [
      [2 ** 48 - 1, 0],
      [2 ** 31, 2 ** 31],
      [10, 2 ** 48 - 1],
      [150, 2 ** 40],
    ] as const) {
      using cache = new Tree();
      writeEntries(cache.path, entries);
      const records = entries.map(({ record, payload }) => {
        if (!record.isKept) return forge(record, payload).bytes;
        const { bytes } = forge(record, payload);
        bytes.writeUIntBE(size, 52, 6);
        bytes.writeUIntBE(offset, 46, 6);
        return bytes;
      });
      writeFileSync(indexPath(cache.path), Buffer.concat(records));
      assert.equal((await assertColdTree(cache.path, `${size} ${offset}`)).written, KEPT);
      await pruneCache({ cacheDir: cache.path });
      assert.equal((await assertColdTree(cache.path)).restored, KEPT);
    }
  });

  it('may hold another encoding of the very source: larger maybe, and right', async () => {
    using cache = new Tree();
    using tree = new Tree(SOURCES);
    const others = entries.map((entry) =>
      entry.record.isKept ? forge(entry.record, encodedAs(entry, decoded(entry), 1)) : entry,
    );
    writeEntries(cache.path, others);
    const report = await compress(tree.path, { ...OPTIONS, cacheDir: cache.path });
    assert.deepEqual(statusesOf(report), { restored: KEPT, discarded: DISCARDED });
    assert.notDeepEqual(tree.snapshot(), cold.snapshot());
    assertTree(tree, cold.list());
    assert.deepEqual((await check(tree.path, { ...OPTIONS, cache: false })).findings, []);
    await compress(tree.path, { ...OPTIONS, cacheDir: cache.path, force: true });
    assert.deepEqual(tree.snapshot(), cold.snapshot());
  });

  it('may say that a variant is too large to be kept: that is missing then, and nothing is wrong', async () => {
    using cache = new Tree();
    using tree = new Tree(SOURCES);
    // More than the source has, and less than what no codec makes of it.
    const others = entries.map((entry) => {
      const { record } = entry;
      const encodedBytes = record.isKept ? decoded(entry).length + 1 : record.encodedBytes;
      return forge({ ...record, isKept: false, encodedBytes }, Buffer.alloc(0));
    });
    writeEntries(cache.path, others);
    await compress(tree.path, { ...OPTIONS, cacheDir: cache.path });
    assertTree(tree, Object.keys(SOURCES));
    const { totals } = await check(tree.path, { ...OPTIONS, cache: false });
    assert.deepEqual(totals.problems, { missing: KEPT });
    await compress(tree.path, { ...OPTIONS, cacheDir: cache.path, force: true });
    assert.deepEqual(tree.snapshot(), cold.snapshot());
    rmSync(tree.join('app.js.gz'));
    await compress(tree.path, { ...OPTIONS, cacheDir: cache.path });
    assert.deepEqual(tree.snapshot(), cold.snapshot());
  });
});

describe('what is no cache at all', () => {
  it('is passed over: random bytes, also where they look like records of these very sources', async () => {
    for (const looksRight of [false, true]) {
      using cache = new Tree();
      mkdirSync(segmentFolder(cache.path), { recursive: true });
      const index = randomBytes(500 * RECORD_BYTES + 17);
      if (looksRight) {
        for (let start = 0; start + RECORD_BYTES <= index.length; start += RECORD_BYTES) {
          entries[(start / RECORD_BYTES) % entries.length]?.record.key.copy(index, start);
          index.writeUInt16BE(start & 0x140 ? 0x0001 : 0x0102, start + 62);
          index.writeUIntBE(start % 100, start + 52, 6);
          index.writeUIntBE(start, start + 46, 6);
        }
      }
      writeFileSync(indexPath(cache.path), index);
      writeFileSync(packPath(cache.path), randomBytes(50_000));
      const statuses = await assertColdTree(cache.path);
      assert.deepEqual(statuses, { written: KEPT, discarded: DISCARDED });
      assert.equal((await assertColdTree(cache.path)).restored, KEPT);
    }
  });

  it('does not slow a run down with keys that all collide', async () => {
    using cache = new Tree();
    mkdirSync(segmentFolder(cache.path), { recursive: true });
    const { record, payload } = entries[0] ?? assert.fail();
    const index = Buffer.alloc(200_000 * RECORD_BYTES);
    const { bytes } = forge(record, payload);
    for (let start = 0; start < index.length; start += RECORD_BYTES) {
      bytes.copy(index, start);
      index.writeUInt32BE(start, start + 8);
    }
    writeFileSync(indexPath(cache.path), index);
    const begin = performance.now();
    await assertColdTree(cache.path);
    // Without a bound it takes minutes.
    assert.ok(performance.now() - begin < 15_000);
  });

  it('is not read whole when its files claim to be huge', { skip: ON_WINDOWS }, async (context) => {
    using cache = new Tree();
    const huge = 2 ** 36;
    writeEntries(cache.path, entries);
    const used = join(segmentFolder(cache.path), `${SEGMENT}.used`);
    writeFileSync(used, '');
    for (const path of [indexPath(cache.path), packPath(cache.path), used]) {
      const fd = openSync(path, 'r+');
      try {
        ftruncateSync(fd, huge);
      } catch {
        context.skip('this file system has no files of 64 GiB');
        return;
      } finally {
        closeSync(fd);
      }
    }
    // In a process of its own: what reads it whole has no end, or no memory.
    using tree = new Tree(SOURCES);
    const run = await wnCompress(['.', '--quiet'], { cwd: tree.path, cacheDir: cache.path });
    assert.deepEqual([run.code, run.signal, run.stderr], [0, null, '']);
    assert.deepEqual(tree.snapshot(), cold.snapshot());
    // It was above the bound of a cache, and went.
    assert.ok(cacheStats({ cacheDir: cache.path }).bytes < 2 ** 30);
  });
});

describe('a bound', () => {
  it('holds for a cache whose records share their bytes', async () => {
    using cache = new Tree();
    const payload = randomBytes(2 ** 20);
    const { record } = entries.find((entry) => entry.record.isKept) ?? assert.fail();
    const index = Array.from({ length: 60 }, () =>
      forge({ ...record, key: randomBytes(32), offset: 0 }, payload),
    );
    writeEntries(cache.path, index.slice(0, 1));
    writeFileSync(indexPath(cache.path), Buffer.concat(index.map(({ bytes }) => bytes)));
    const cacheMaxSize = 5 * 2 ** 20;
    const { bytes, kept } = await pruneCache({ cacheDir: cache.path, cacheMaxSize });
    assert.ok(bytes <= cacheMaxSize && kept > 0, `${bytes} ${kept}`);
  });

  it('holds though the times of use cannot be noted', async () => {
    using cache = new Tree();
    const options = { ...OPTIONS, cacheDir: cache.path };
    using tree = new Tree(SOURCES);
    await compress(tree.path, options);
    const index = readdirSync(segmentFolder(cache.path)).find((name) => name.endsWith('.index'));
    mkdirSync(join(segmentFolder(cache.path), `${index?.slice(0, SEGMENT.length) ?? ''}.used`));
    await compress(tree.path, { ...options, cacheMaxSize: 2000 });
    assert.ok(cacheStats(options).bytes < 10_000);
    assert.deepEqual(
      readdirSync(segmentFolder(cache.path)).filter((name) => name.endsWith('.index')),
      [],
    );
  });
});

describe('what stands at the names of a cache', { skip: ON_WINDOWS }, () => {
  const segments = 'v1/segments';
  const places = [
    'CACHEDIR.TAG',
    'v1',
    segments,
    'v1/roots',
    'index',
    'pack',
    'used',
    'history',
  ] as const;
  const kinds = ['a FIFO', 'a link to a file', 'a link to nothing', 'a link to itself', 'a folder'];

  /** The path of a place in a cache that was used once for this tree. */
  function pathOf(cache: Tree, place: (typeof places)[number]): string {
    const inFolder = (folder: string, suffix: string): string =>
      join(
        cache.path,
        folder,
        readdirSync(cache.join(folder)).find((name) => name.endsWith(suffix)) ?? `x${suffix}`,
      );
    if (place === 'history') return inFolder('v1/roots', '.history');
    if (place === 'index' || place === 'pack') return inFolder(segments, `.${place}`);
    if (place === 'used') return inFolder(segments, '.index').replace(/index$/, 'used');
    return cache.join(place);
  }

  function put(kind: string, path: string, outside: string): void {
    rmSync(path, { recursive: true, force: true });
    if (kind === 'a FIFO') execFileSync('mkfifo', [path]);
    else if (kind === 'a link to a file') symlinkSync(outside, path);
    else if (kind === 'a link to nothing') symlinkSync('nowhere', path);
    else if (kind === 'a link to itself') symlinkSync(basename(path), path);
    else mkdirSync(path);
  }

  for (const place of places) {
    it(`may be anything: ${place}`, async () => {
      for (const kind of kinds) {
        using cache = new Tree();
        using tree = new Tree(SOURCES);
        using outside = new Tree({ 'precious.txt': 'precious' });
        await compress(tree.path, { ...OPTIONS, cacheDir: cache.path });
        const path = pathOf(cache, place);
        put(kind, path, outside.join('precious.txt'));
        for (const name of tree.list()) if (/\.(gz|br)$/.test(name)) rmSync(tree.join(name));
        if (kind === 'a FIFO') {
          // In a process of its own, which is ended after a minute: it could wait for ever.
          const words = ['.', '--quiet', '--prune', '--threads=1'];
          const run = await wnCompress(words, { cwd: tree.path, cacheDir: cache.path });
          assert.deepEqual([run.code, run.signal, run.stderr], [0, null, ''], kind);
        } else {
          const report = await compress(tree.path, {
            ...OPTIONS,
            cacheDir: cache.path,
            prune: true,
          });
          assert.deepEqual([report.failures, report.orphans], [[], []], kind);
        }
        assert.deepEqual(tree.snapshot(), cold.snapshot(), kind);
        assert.deepEqual(outside.snapshot(), { 'precious.txt': 'precious' });
      }
    });
  }
});

describe('a source that is streamed', () => {
  const options: CompressOptions = { threads: 1, gzipLevel: 1, brotliQuality: 1 };
  const content = Buffer.from(script(1_000_000).repeat(34));
  const other = Buffer.from(content);
  other[other.length - 1] = 0x21;

  it('is not restored from what is damaged or forged, and is encoded anew', async () => {
    using tree = new Tree({ 'a.js': content });
    using first = new Tree();
    await compress(tree.path, { ...options, cacheDir: first.path });
    const expected = tree.snapshot();
    const large = readEntries(first.path);
    assert.equal(large.length, 2);
    const attacks: Readonly<Record<string, (entry: CacheEntry) => CacheEntry>> = {
      damage: (entry) => ({
        ...entry,
        payload: flipped(entry.payload, entry.payload.length >> 1, 3),
      }),
      tail: ({ record, payload }) => forge(record, Buffer.concat([payload, Buffer.from('tail')])),
      zero: ({ record, payload }) => forge(record, Buffer.concat([payload, Buffer.alloc(1)])),
      cut: ({ record, payload }) => forge(record, payload.subarray(0, -1)),
      other: (entry) => forge(entry.record, encodedAs(entry, other, 1)),
      bomb: (entry) =>
        forge(entry.record, encodedAs(entry, Buffer.concat([content, Buffer.alloc(2 ** 27)]), 1)),
      noise: ({ record, payload }) => forge(record, randomBytes(payload.length)),
      size: ({ record, payload }) => {
        const entry = forge(record, payload);
        entry.bytes.writeUIntBE(content.length - 1, 52, 6);
        return entry;
      },
    };
    const names = Object.keys(attacks);
    // Each attack once for each content-coding, two at a time.
    for (let round = 0; round < names.length; round += ROUND_STEP) {
      using cache = new Tree();
      const [one = '', two = ''] = [names[round], names[(round + 1) % names.length]];
      const attacked = large.map((entry) => {
        const attack = attacks[entry.record.contentCoding === 'gzip' ? one : two];
        return attack?.(entry) ?? entry;
      });
      writeEntries(cache.path, attacked);
      for (const suffix of ['.gz', '.br']) rmSync(tree.join(`a.js${suffix}`));
      const report = await compress(tree.path, { ...options, cacheDir: cache.path });
      assert.deepEqual(statusesOf(report), { written: 2 }, `${one} ${two}`);
      assert.ok(isEqual(tree.snapshot(), expected), `${one} ${two}`);
    }
  });
});

/** In a soak each attack on either content-coding; else each on one of the two. */
const ROUND_STEP = 3 - rounds(1, 2);

/** Not `deepEqual`: nobody wants to read the difference of 34 MB. */
function isEqual(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}
