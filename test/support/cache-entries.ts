// Owns entries to fill real caches with, segment by segment, and the question which of them can still be
// had: they are read as a run reads them, through the index and the pack. Decodes nothing.
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CacheReader } from '../../src/cache/cache-reader.js';
import type { CacheAddition } from '../../src/cache/cache-settings.js';
import { CacheWriter } from '../../src/cache/cache-writer.js';
import { Cache } from '../../src/cache/cache.js';
import { digestOf } from '../../src/cache/fingerprint.js';
import { newSegment, segmentFolder, type Segment } from '../../src/cache/segment.js';
import { writeUsage } from '../../src/cache/usage.js';

/** An entry of a cache; without encoded bytes it is one of a variant that was discarded. */
export interface TestEntry {
  readonly key: Buffer;
  readonly encoded: Buffer | undefined;
}

/** What the encode of every test entry took. */
export const ENCODE_MS = 12.5;

/** What is noted of the size of a test entry that was discarded. */
const DISCARDED_BYTES = 7777;

const GIB = 1024 ** 3;

/** An entry like no other: its bytes are random as far as anybody can see. */
export function entryOf(seed: number, bytes = 100): TestEntry {
  const encoded = Buffer.alloc(bytes);
  for (let start = 0; start < bytes; start += 32) {
    digestOf(Buffer.from(`bytes ${seed} ${start}`)).copy(encoded, start);
  }
  return { key: digestOf(Buffer.from(`key ${seed}`)), encoded };
}

/** As `entryOf`, of a variant that was discarded. */
export function discardedOf(seed: number): TestEntry {
  return { key: entryOf(seed).key, encoded: undefined };
}

/** Entries of the seeds from `first` to `last`. */
export function entriesOf(first: number, last: number, bytes = 100): TestEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => entryOf(first + index, bytes));
}

/** Where a writer adds to a segment. */
export function additionTo({ indexPath, packPath }: Segment, maxEntryBytes = GIB): CacheAddition {
  const end = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  return { indexPath, packPath, end, maxEntryBytes };
}

/** Hands an entry to a writer. */
export function addTo(writer: CacheWriter, { key, encoded }: TestEntry): void {
  const entry = { key, contentCoding: 'br', isKept: encoded !== undefined } as const;
  const encodedBytes = encoded?.length ?? DISCARDED_BYTES;
  const payload = encoded === undefined ? undefined : { encoded, digest: digestOf(encoded) };
  writer.add({ ...entry, encodedBytes, encodeMs: ENCODE_MS }, payload);
}

/**
 * Adds a segment that is younger than all before it.
 *
 * @param usedSeconds - when its entries were last used; without, no list of times is written
 */
export async function addSegment(
  cacheDir: string,
  entries: readonly TestEntry[],
  usedSeconds?: (index: number) => number,
  isLive = false,
): Promise<Segment> {
  const folder = segmentFolder(cacheDir);
  mkdirSync(folder, { recursive: true });
  // Segments are ordered by the millisecond in which they were begun.
  await delay(2);
  const segment = newSegment(folder, isLive);
  const writer = new CacheWriter(additionTo(segment));
  for (const entry of entries) addTo(writer, entry);
  writer.flush();
  if (usedSeconds !== undefined) {
    writeUsage(
      segment,
      Uint32Array.from(entries, (_, index) => usedSeconds(index)),
    );
  }
  return segment;
}

/** A reader of all that is in a cache now. */
export function openReader(cacheDir: string, isWritable = false): CacheReader {
  const use = {
    folder: cacheDir,
    maxBytes: GIB,
    isRead: true,
    isWritten: isWritable,
    root: undefined,
  };
  return new CacheReader(new Cache(use).settings.reading);
}

/** Whether a reader has an entry just as it was added. */
export function holds(reader: CacheReader, { key, encoded }: TestEntry): boolean {
  const found = reader.find(key);
  if (found?.isKept !== (encoded !== undefined)) return false;
  if (encoded === undefined) return found.encodedBytes === DISCARDED_BYTES;
  return reader.read(found)?.encoded.equals(encoded) === true;
}

/** Of these entries the places of those that a cache has. */
export function heldOf(cacheDir: string, entries: readonly TestEntry[]): number[] {
  const reader = openReader(cacheDir);
  return entries.flatMap((entry, index) => (holds(reader, entry) ? [index] : []));
}
