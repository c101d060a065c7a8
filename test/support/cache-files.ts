// Owns the files of a cache as a test sees them: its entries taken apart, changed and put together again, and
// caches that are made of entries which no run has made. Judges nothing.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord, RECORD_BYTES, writeRecord, type CacheRecord } from '../../src/cache/record.js';
import { segmentFolder } from '../../src/cache/segment.js';
import type { Report, VariantOutcome } from '../../src/index.js';

/** An entry, taken apart. */
export interface CacheEntry {
  /** The bytes of its record; those that say where its payload is are filled in when it is written. */
  readonly bytes: Buffer;
  readonly record: CacheRecord;
  /** The encoded bytes; none for a variant that was discarded. */
  readonly payload: Buffer;
}

/** Where in a record the place of its payload stands. */
const OFFSET_AT = 46;

/** The name that a segment made by a test has. */
export const SEGMENT = '0123456789ab-01234567';

/** Where the records of a segment made by a test are. */
export function indexPath(cacheDir: string): string {
  return join(segmentFolder(cacheDir), `${SEGMENT}.index`);
}

/** Where the encoded bytes of a segment made by a test are. */
export function packPath(cacheDir: string): string {
  return join(segmentFolder(cacheDir), `${SEGMENT}.pack`);
}

/** All entries of a cache whose segments are settled. */
export function readEntries(cacheDir: string): CacheEntry[] {
  const folder = segmentFolder(cacheDir);
  const entries: CacheEntry[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.index')) continue;
    const index = readFileSync(join(folder, name));
    const path = join(folder, `${name.slice(0, SEGMENT.length)}.pack`);
    const pack = readIfThere(path);
    for (let start = 0; start + RECORD_BYTES <= index.length; start += RECORD_BYTES) {
      const bytes = Buffer.from(index.subarray(start, start + RECORD_BYTES));
      const record = readRecord(bytes);
      if (record === undefined) continue;
      const { offset, encodedBytes, isKept } = record;
      const payload = pack.subarray(offset, offset + (isKept ? encodedBytes : 0));
      entries.push({ bytes, record, payload: Buffer.from(payload) });
    }
  }
  return entries;
}

/** Makes a cache of one segment, in which each payload stands where its record says. */
export function writeEntries(
  cacheDir: string,
  entries: readonly Pick<CacheEntry, 'bytes' | 'payload'>[],
): void {
  mkdirSync(segmentFolder(cacheDir), { recursive: true });
  let end = 0;
  const records = entries.map(({ bytes, payload }) => {
    const record = Buffer.from(bytes);
    record.writeUIntBE(end, OFFSET_AT, 6);
    end += payload.length;
    return record;
  });
  writeFileSync(indexPath(cacheDir), Buffer.concat(records));
  writeFileSync(packPath(cacheDir), Buffer.concat(entries.map(({ payload }) => payload)));
}

/** An entry as one makes it who knows how: its check is right, whatever it holds. */
export function forge(record: CacheRecord, payload: Buffer): CacheEntry {
  const bytes = Buffer.alloc(RECORD_BYTES);
  const forged = { ...record, encodedBytes: record.isKept ? payload.length : record.encodedBytes };
  const digest = createHash('sha256').update(payload).digest();
  writeRecord(bytes, forged, record.isKept ? digest : Buffer.alloc(0));
  return { bytes, record: forged, payload };
}

/** Removes everything that a cache holds. */
export function empty(cacheDir: string): void {
  for (const name of readdirSync(cacheDir)) {
    rmSync(join(cacheDir, name), { recursive: true, force: true });
  }
}

/** How often each status occurred. */
export function statusesOf({ sources }: Report): Partial<Record<VariantOutcome['status'], number>> {
  const counts: Partial<Record<VariantOutcome['status'], number>> = {};
  for (const { variants } of sources) {
    for (const { status } of variants) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
