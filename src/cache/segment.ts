// Owns the files of the cache: which there are, what they are called, and how they are opened. A segment
// is what one run added: a pack with the encoded bytes, an index with a record for each, and a list of
// times at which they were last used. Knows no content.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { isOwnerGone, ownerToken } from '../temporary-file.js';
import { RECORD_BYTES } from './record.js';
import { closeRead } from '../close-read.js';

/** The files of one segment. */
export interface Segment {
  /** Sorts by age: it begins with the time at which the segment was begun. */
  readonly id: string;
  readonly indexPath: string;
  readonly packPath: string;
  /** A time for each record, in seconds since 1970, 4 bytes in big-endian order; may be missing. */
  readonly usedPath: string;
  /** Whether a run may still be adding to it. */
  readonly isLive: boolean;
}

/**
 * The folder of this format below the cache's. Another format has another folder, so that releases may
 * share a cache.
 */
export const FORMAT_FOLDER = 'v1';

/**
 * Records that are held in memory, 128 MiB of them: of the youngest segments, and of one segment. An index may
 * claim to be of any size.
 */
export const MAX_RECORDS = 2 ** 21;

/** `<id>.index` when it is settled, `<id>.<owner>.index` while its run adds to it. */
const INDEX_NAME = /^([0-9a-f]{12}-[0-9a-f]{8})(?:\.([0-9a-f-]+))?\.index$/;

/** What else belongs to a segment, and what is on its way to become that. */
const FILE_NAME = /^([0-9a-f]{12}-[0-9a-f]{8})\.(?:pack|used)$/;
const TEMPORARY_NAME = /^[0-9a-f]{12}-[0-9a-f]{8}\.(?:index|used\.[0-9a-f]{8})\.tmp$/;

/** How files of the cache are read: never through a link, and without waiting for the writer of a FIFO. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What holds for all that is written: as for `READ_FLAGS`. */
const WRITE_FLAGS = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The folder with the segments. */
export function segmentFolder(cacheFolder: string): string {
  return join(cacheFolder, FORMAT_FOLDER, 'segments');
}

/** A segment that is yet to be written, live when it is for a run to add to. */
export function newSegment(folder: string, isLive: boolean): Segment {
  const id = `${Date.now().toString(16).padStart(12, '0')}-${randomBytes(4).toString('hex')}`;
  return segmentOf(folder, id, isLive ? `.${ownerToken()}` : '', isLive);
}

/** The name of a live segment's index once nobody adds to it any more. */
export function settledIndexPath({ packPath }: Segment): string {
  return packPath.replace(/pack$/, 'index');
}

/** The segments in a folder, the youngest first; none when it cannot be read. */
export function listSegments(folder: string): Segment[] {
  const segments: Segment[] = [];
  for (const name of namesIn(folder)) {
    const [, id, owner] = INDEX_NAME.exec(name) ?? [];
    if (id === undefined) continue;
    const isLive = owner !== undefined && !isOwnerGone(owner, changedMs(join(folder, name)));
    segments.push(segmentOf(folder, id, owner === undefined ? '' : `.${owner}`, isLive));
  }
  return segments.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The packs and lists of times in a folder that have no index: of runs that were killed. */
export function strayFiles(folder: string): string[] {
  const names = namesIn(folder);
  const ids = new Set(names.map((name) => INDEX_NAME.exec(name)?.[1]));
  return names
    .filter((name) => {
      const id = FILE_NAME.exec(name)?.[1];
      return (id !== undefined && !ids.has(id)) || TEMPORARY_NAME.test(name);
    })
    .map((name) => join(folder, name));
}

/** Whether a name is one of a segment's files. */
export function isSegmentFile(name: string): boolean {
  return INDEX_NAME.test(name) || FILE_NAME.test(name) || TEMPORARY_NAME.test(name);
}

/** Whether something is a folder, and no link to one: what a link leads to is not the cache's to change. */
export function isRealFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Opens a file of the cache to read it.
 *
 * @returns its descriptor and size, `undefined` when it cannot be opened or is no regular file
 */
export function openToRead(
  path: string,
): { readonly fd: number; readonly size: number } | undefined {
  let fd: number;
  try {
    fd = openSync(path, READ_FLAGS);
  } catch {
    return undefined;
  }
  const stats = sizeOfFile(fd);
  if (stats !== undefined) return { fd, size: stats };
  closeRead(fd);
  return undefined;
}

/** The size of an open file; `undefined` when it is none, or cannot be told. */
function sizeOfFile(fd: number): number | undefined {
  try {
    const stats = fstatSync(fd);
    return stats.isFile() ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens a file of the cache to write it.
 *
 * @throws a system error; EEXIST when what stands there is no file, or one that has other names as well
 */
export function openToWrite(path: string, flags: number): number {
  const fd = openSync(path, flags | WRITE_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.nlink === 1) return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  closeSync(fd);
  throw Object.assign(new Error(`EEXIST: not a file of the cache, open '${path}'`), {
    code: 'EEXIST',
  });
}

/** Reads as many bytes as there is room for, or as there are; fewer when the system refuses. */
export function readInto(fd: number, into: Uint8Array, position: number): number {
  let filled = 0;
  try {
    while (filled < into.length) {
      const count = readSync(fd, into, filled, into.length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch {
    return filled;
  }
  return filled;
}

/** Records that an index of this size holds; a last one that is not whole does not count. */
export function recordsIn(indexBytes: number): number {
  return Math.floor(indexBytes / RECORD_BYTES);
}

function segmentOf(folder: string, id: string, owner: string, isLive: boolean): Segment {
  return {
    id,
    indexPath: join(folder, `${id}${owner}.index`),
    packPath: join(folder, `${id}.pack`),
    usedPath: join(folder, `${id}.used`),
    isLive,
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** When a file was last changed; now when that cannot be told. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
}
