// Owns two layouts of a cache on the same entries: our own, and one file for each entry, as many tools
// have it. Both check what they read in the same way. Knows nothing of processes or of results.
import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CacheReader } from '../src/cache/cache-reader.js';
import { CacheWriter } from '../src/cache/cache-writer.js';
import { Cache } from '../src/cache/cache.js';
import { digestOf } from '../src/cache/fingerprint.js';
import { type CacheRecord, isIntact, RECORD_BYTES, writeRecord } from '../src/cache/record.js';
import { BenchError } from './errors.js';
import { createDice, patternlessBytes } from './random.js';

/** An entry: what is known of a variant, and its bytes. */
export interface LayoutEntry {
  readonly record: CacheRecord;
  readonly encoded: Buffer;
}

/** A place for entries. */
export interface Layout {
  /** Adds all of them, as one run would, to an empty folder. */
  readonly add: (folder: string, entries: readonly LayoutEntry[]) => Promise<void>;
  /** Makes ready to read. */
  readonly open: (folder: string) => OpenLayout;
}

/** A layout that is ready to be read. */
export interface OpenLayout {
  /** The bytes of the entry with a key; `undefined` when there is none, or it is damaged. */
  readonly read: (key: Buffer) => Buffer | undefined;
  readonly close: () => Promise<void>;
}

/** The least and the most bytes of an entry: a variant of an icon, and of a large script. */
const LEAST_BYTES = 300;
const MOST_BYTES = 20_000;

/** Entries are cut out of so many bytes: what they hold matters to none of the layouts. */
const POOL_BYTES = 8 * 1024 * 1024;

/** More than is ever added, so that nothing goes. */
const MAX_BYTES = 8 * 2 ** 30;

/**
 * Makes the same entries each time. As many are of 300 to 600 bytes as of 10 to 20 kB: small variants
 * are common, as those of real sites are.
 */
export function layoutEntries(count: number): LayoutEntry[] {
  const dice = createDice(4711);
  const pool = patternlessBytes(1, POOL_BYTES);
  return Array.from({ length: count }, (_, serial) => {
    const bytes = Math.round(LEAST_BYTES * (MOST_BYTES / LEAST_BYTES) ** dice());
    const start = Math.floor(dice() * (POOL_BYTES - bytes));
    const encoded = pool.subarray(start, start + bytes);
    const key = digestOf(Buffer.from(`entry ${serial}`));
    const facts = { contentCoding: 'br', isKept: true, encodeMs: 10, offset: 0 } as const;
    return { record: { key, encodedBytes: bytes, ...facts }, encoded };
  });
}

/** The entries in another order: later runs seldom ask in the order in which earlier ones added. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const dice = createDice(815);
  return items
    .map((item) => ({ item, rank: dice() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** The layouts, by name. */
export const LAYOUTS = {
  ours: { add: addToCache, open: openCache },
  files: { add: addFiles, open: openFiles },
} as const satisfies Record<string, Layout>;

/** The name of a layout. */
export type LayoutName = keyof typeof LAYOUTS;

function cacheIn(folder: string): Cache {
  const where = { folder, maxBytes: MAX_BYTES, root: undefined };
  return new Cache({ ...where, isRead: true, isWritten: true });
}

async function addToCache(folder: string, entries: readonly LayoutEntry[]): Promise<void> {
  const cache = cacheIn(folder);
  const { addition } = cache.settings;
  if (addition === undefined) throw new BenchError(`${folder} cannot be written to.`);
  const writer = new CacheWriter(addition);
  for (const { record, encoded } of entries) {
    writer.add(record, { encoded, digest: digestOf(encoded) });
  }
  writer.flush();
  await cache.close();
}

/** What was read is noted when it is closed, as each run does. */
function openCache(folder: string): OpenLayout {
  const cache = cacheIn(folder);
  const reader = new CacheReader(cache.settings.reading);
  const read = (key: Buffer): Buffer | undefined => {
    const found = reader.find(key);
    if (found === undefined) return undefined;
    reader.markUsed(found);
    return reader.read(found)?.encoded;
  };
  return { read, close: () => cache.close() };
}

function pathOf(folder: string, key: Buffer): string {
  const name = key.toString('hex');
  return join(folder, name.slice(0, 2), name.slice(2));
}

/** The record stands in front of the bytes. A name beside the last one keeps halves from being seen. */
function addFiles(folder: string, entries: readonly LayoutEntry[]): Promise<void> {
  for (let byte = 0; byte < 256; byte += 1) {
    mkdirSync(join(folder, byte.toString(16).padStart(2, '0')), { recursive: true });
  }
  for (const { record, encoded } of entries) {
    const head = Buffer.alloc(RECORD_BYTES);
    writeRecord(head, record, digestOf(encoded));
    const path = pathOf(folder, record.key);
    writeFileSync(`${path}.tmp`, Buffer.concat([head, encoded]));
    renameSync(`${path}.tmp`, path);
  }
  return Promise.resolve();
}

function openFiles(folder: string): OpenLayout {
  const read = (key: Buffer): Buffer | undefined => {
    const content = readFileSync(pathOf(folder, key));
    const [head, encoded] = [content.subarray(0, RECORD_BYTES), content.subarray(RECORD_BYTES)];
    return isIntact(head, digestOf(encoded)) ? encoded : undefined;
  };
  return { read, close: () => Promise.resolve() };
}
