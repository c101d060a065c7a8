// Owns the gathering of entries: from several segments into one of their own, which appears whole or not at
// all. Decides nothing about which.
import { Buffer } from 'node:buffer';
import { unlinkSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { type CacheRecord, moveRecord, readRecord, RECORD_BYTES } from './record.js';
import { newSegment, READ_FLAGS, type Segment } from './segment.js';
import { writeUsage } from './usage.js';

/** A segment that was read. */
export interface Contents {
  readonly segment: Segment;
  readonly records: Buffer;
  readonly usage: Uint32Array;
  /** Of all its files. */
  readonly bytes: number;
}

/** An entry that is wanted or not. */
export interface Entry {
  readonly contents: Contents;
  readonly number: number;
  readonly usedSeconds: number;
  readonly bytes: number;
}

/** Copied at a time. */
const COPY_BYTES = 1024 * 1024;

/** What has been gathered so far. */
interface Gathered {
  readonly records: Buffer[];
  readonly usage: number[];
  end: number;
}

/**
 * Writes entries of other segments into one of their own.
 *
 * @returns whether it is there; not when the signal has ended it
 * @throws a system error; nothing of it is there then
 */
export async function gatherEntries(
  folder: string,
  entries: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const segment = newSegment(folder, false);
  try {
    const gathered = await writePack(segment, entries, signal);
    if (gathered === undefined) {
      discard(segment);
      return false;
    }
    writeUsage(segment, Uint32Array.from(gathered.usage));
    await using index = await open(temporaryIndex(segment), 'wx');
    await index.writeFile(Buffer.concat(gathered.records));
    await rename(temporaryIndex(segment), segment.indexPath);
    return true;
  } catch (error) {
    discard(segment);
    throw error;
  }
}

/** The record of an entry, as it stands in an index that was read. */
export function recordOf(records: Buffer, number: number): CacheRecord | undefined {
  return readRecord(recordBytes(records, number));
}

async function writePack(
  segment: Segment,
  entries: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<Gathered | undefined> {
  const gathered: Gathered = { records: [], usage: [], end: 0 };
  await using pack = await open(segment.packPath, 'wx');
  // One file after the other, and each from its beginning to its end.
  const inOrder = [...entries].sort(
    (a, b) => compareIds(a.contents.segment.id, b.contents.segment.id) || offsetOf(a) - offsetOf(b),
  );
  for (const [contents, ofOne] of groupByContents(inOrder)) {
    await using source = await open(contents.segment.packPath, READ_FLAGS).catch(() => undefined);
    for (const entry of ofOne) {
      if (signal?.aborted === true) return undefined;
      await gather(entry, source, pack, gathered);
    }
  }
  return gathered;
}

/** Adds an entry, unless its bytes are not there any more. */
async function gather(
  { contents, number, usedSeconds }: Entry,
  source: FileHandle | undefined,
  pack: FileHandle,
  gathered: Gathered,
): Promise<void> {
  const bytes = Buffer.from(recordBytes(contents.records, number));
  const record = readRecord(bytes);
  if (record?.isKept === true) {
    const { offset, encodedBytes } = record;
    if (source === undefined) return;
    if (!(await copy(source, offset, pack, gathered.end, encodedBytes))) return;
    moveRecord(bytes, gathered.end - offset);
    gathered.end += encodedBytes;
  }
  gathered.records.push(bytes);
  gathered.usage.push(usedSeconds);
}

/** @returns whether there was as much as there should be */
async function copy(
  source: FileHandle,
  from: number,
  target: FileHandle,
  to: number,
  bytes: number,
): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(Math.min(bytes, COPY_BYTES));
  for (let done = 0; done < bytes;) {
    const wanted = Math.min(buffer.length, bytes - done);
    const { bytesRead } = await source.read(buffer, 0, wanted, from + done);
    if (bytesRead === 0) return false;
    await target.write(buffer, 0, bytesRead, to + done);
    done += bytesRead;
  }
  return true;
}

function groupByContents(entries: readonly Entry[]): Map<Contents, Entry[]> {
  const groups = new Map<Contents, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.contents);
    if (group === undefined) groups.set(entry.contents, [entry]);
    else group.push(entry);
  }
  return groups;
}

function temporaryIndex({ indexPath }: Segment): string {
  return `${indexPath}.tmp`;
}

/** Removes what was written of a segment that is not to be. */
function discard(segment: Segment): void {
  for (const path of [temporaryIndex(segment), segment.packPath, segment.usedPath]) {
    try {
      unlinkSync(path);
    } catch {
      // It is swept as a stray when it is an hour old.
    }
  }
}

function recordBytes(records: Buffer, number: number): Buffer {
  return records.subarray(number * RECORD_BYTES, (number + 1) * RECORD_BYTES);
}

function offsetOf({ contents, number }: Entry): number {
  return recordOf(contents.records, number)?.offset ?? 0;
}

function compareIds(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
