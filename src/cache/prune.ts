// Owns the bounds of the cache: when it is too large, what was used longest ago goes; when it has too
// many segments, small ones become one. What a killed run left goes, too. Any run may read meanwhile: it
// misses an entry at worst.
import { Buffer } from 'node:buffer';
import { statSync, unlinkSync } from 'node:fs';
import { type Contents, type Entry, gatherEntries, recordOf } from './gathering.js';
import { type CacheRecord, RECORD_BYTES } from './record.js';
import {
  listSegments,
  MAX_RECORDS,
  openToRead,
  readInto,
  recordsIn,
  strayFiles,
  type Segment,
} from './segment.js';
import { readUsage } from './usage.js';
import { closeRead } from '../close-read.js';

/** How far to prune. */
export interface PruneRules {
  readonly maxBytes: number;
  /** Whether to gather everything into one segment, also when that is not due. */
  readonly isForced: boolean;
  /** Ends it before its time; what was there is still there then. */
  readonly signal?: AbortSignal | undefined;
}

/** Segments that a run may find: to open one costs it some 50 µs. */
const MAX_SEGMENTS = 16;

/** How many are left of them when there were more. */
const SEGMENTS_LEFT = 4;

/** What is left of a cache that was too large, so that the next run does not have to prune again. */
const SHARE_LEFT = 0.8;

/** A segment that holds more than this of what is no longer wanted is written anew without it. */
const WASTE_SHARE = 0.1;

/** What no index names is removed when it is an hour old: a run may have just begun it. */
const STRAY_AGE_MS = 60 * 60 * 1000;

/**
 * Brings a cache within its bounds.
 *
 * @param folder - with the segments
 * @throws a system error; what was there is still there then
 */
export async function prune(folder: string, rules: PruneRules): Promise<void> {
  removeStrays(folder);
  const segments = listSegments(folder);
  const totalBytes = segments.reduce((sum, segment) => sum + sizeOf(segment), 0);
  const isTooLarge = totalBytes > rules.maxBytes;
  if (!isTooLarge && segments.length <= MAX_SEGMENTS && !rules.isForced) return;
  const settled = readAll(segments.filter(({ isLive }) => !isLive));
  const settledBytes = settled.reduce((sum, { bytes }) => sum + bytes, 0);
  // Always bounded: the records of a hostile index may share one payload, which is copied for each.
  const roomBytes = rules.maxBytes * (isTooLarge ? SHARE_LEFT : 1) - (totalBytes - settledBytes);
  const wanted = choose(settled, roomBytes);
  const rewritten = chooseRewritten(settled, wanted, rules.isForced);
  const survivors = rewritten.flatMap((contents) => wanted.get(contents) ?? []);
  if (survivors.length > 0 && !(await gatherEntries(folder, survivors, rules.signal))) return;
  for (const { segment } of rewritten) removeSegment(segment);
}

/** The records in a folder of segments, each key once. */
export function* recordsOf(folder: string): Generator<CacheRecord> {
  const keys = new Set<string>();
  for (const { records } of readAll(listSegments(folder))) {
    for (let number = 0; number < recordsIn(records.length); number += 1) {
      const record = recordOf(records, number);
      const key = record?.key.toString('latin1');
      if (record === undefined || key === undefined || keys.has(key)) continue;
      keys.add(key);
      yield record;
    }
  }
}

/** Removes a segment: the index first, so that no record is there without its bytes. */
function removeSegment({ indexPath, packPath, usedPath }: Segment): void {
  for (const path of [indexPath, packPath, usedPath]) removeFile(path);
}

/** The entries that are wanted of each segment: those used last, each key once, as far as there is room. */
function choose(settled: readonly Contents[], roomBytes: number): Map<Contents, Entry[]> {
  const keys = new Set<string>();
  const entries: Entry[] = [];
  for (const contents of settled) {
    const { records, usage, segment } = contents;
    const packBytes = fileBytes(segment.packPath);
    for (let number = 0; number < recordsIn(records.length); number += 1) {
      const record = recordOf(records, number);
      if (record === undefined) continue;
      const payloadBytes = record.isKept ? record.encodedBytes : 0;
      if (record.isKept && record.offset + payloadBytes > packBytes) continue;
      const key = record.key.toString('latin1');
      if (keys.has(key)) continue;
      keys.add(key);
      const bytes = payloadBytes + RECORD_BYTES;
      entries.push({ contents, number, usedSeconds: usage[number] ?? 0, bytes });
    }
  }
  // Of those used at the same time the younger ones: they come first, and the order is kept.
  entries.sort((a, b) => b.usedSeconds - a.usedSeconds);
  const wanted = new Map<Contents, Entry[]>();
  let room = roomBytes;
  for (const entry of entries) {
    room -= entry.bytes;
    if (room < 0) break;
    const others = wanted.get(entry.contents);
    if (others === undefined) wanted.set(entry.contents, [entry]);
    else others.push(entry);
  }
  return wanted;
}

/** The segments that are written anew, or just removed when nothing of them is wanted. */
function chooseRewritten(
  settled: readonly Contents[],
  wanted: ReadonlyMap<Contents, readonly Entry[]>,
  isForced: boolean,
): Contents[] {
  if (isForced) return [...settled];
  const wantedBytes = (contents: Contents): number =>
    (wanted.get(contents) ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  const isWasteful = (contents: Contents): boolean =>
    contents.bytes - wantedBytes(contents) > contents.bytes * WASTE_SHARE;
  const wasteful = settled.filter(isWasteful);
  const others = settled.filter((contents) => !isWasteful(contents));
  if (settled.length <= MAX_SEGMENTS) return wasteful;
  const smallest = [...others].sort((a, b) => a.bytes - b.bytes);
  return [...wasteful, ...smallest.slice(0, Math.max(0, others.length - SEGMENTS_LEFT))];
}

/** Reads segments, the youngest first, and of all together no more records than a run does. */
function readAll(segments: readonly Segment[]): Contents[] {
  let room = MAX_RECORDS;
  return segments.map((segment) => {
    const contents = readContents(segment, room);
    room -= recordsIn(contents.records.length);
    return contents;
  });
}

function readContents(segment: Segment, maxRecords: number): Contents {
  const file = openToRead(segment.indexPath);
  const bytes = sizeOf(segment);
  if (file === undefined) {
    return { segment, records: Buffer.alloc(0), usage: new Uint32Array(), bytes };
  }
  const records = Buffer.alloc(Math.min(recordsIn(file.size), maxRecords) * RECORD_BYTES);
  readInto(file.fd, records, 0);
  closeRead(file.fd);
  return { segment, records, usage: readUsage(segment, recordsIn(records.length)), bytes };
}

function removeStrays(folder: string): void {
  for (const path of strayFiles(folder)) {
    const changed = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Infinity;
    if (Date.now() - changed > STRAY_AGE_MS) removeFile(path);
  }
}

/** What cannot be removed (Windows removes no file that is open) is tried again by the next run. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    return;
  }
}

function sizeOf({ indexPath, packPath, usedPath }: Segment): number {
  return fileBytes(indexPath) + fileBytes(packPath) + fileBytes(usedPath);
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
