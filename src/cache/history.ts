// Owns the record of which sidecars a root was given: what proves that a sidecar whose source is gone is
// ours to delete. Names and contents stand in it as digests. Knows nothing of trees.
import { Buffer } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './fingerprint.js';
import { FORMAT_FOLDER, openToRead, openToWrite, readInto } from './segment.js';
import { closeRead } from '../close-read.js';

/** Bytes of each of the two digests in a record, the first of a SHA-256. */
const DIGEST_BYTES = 16;
const HISTORY_RECORD_BYTES = 2 * DIGEST_BYTES;

/** What of a history counts, from its end: two million sidecars. What is larger is freed of the rest. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** What is left of one that was too large. */
const BYTES_LEFT = LARGEST_BYTES / 2;

/** A history that no run has written to for so long is removed. */
const LONGEST_REST_MS = 365 * 24 * 60 * 60 * 1000;

const APPEND_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;

/** Whatever stands there is not written through: a link may lead anywhere. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** The folder with the histories of all roots. */
export function historyFolder(cacheFolder: string): string {
  return join(cacheFolder, FORMAT_FOLDER, 'roots');
}

/**
 * Where the history of a root is.
 *
 * @param root - its real path
 */
export function historyPath(cacheFolder: string, root: string): string {
  const name = digestOf(Buffer.from(root)).toString('hex', 0, DIGEST_BYTES);
  return join(historyFolder(cacheFolder), `${name}.history`);
}

/** Whether a name is one of a history's files. */
export function isHistoryFile(name: string): boolean {
  return /^[0-9a-f]{32}\.history(?:\.tmp)?$/.test(name);
}

/**
 * What is noted of a sidecar that was written.
 *
 * @param relativePath - of the sidecar, from the root, with `/`
 * @param contentDigest - the SHA-256 of its bytes
 */
export function historyRecord(relativePath: string, contentDigest: Buffer): Buffer {
  const record = Buffer.allocUnsafe(HISTORY_RECORD_BYTES);
  digestOf(Buffer.from(relativePath)).copy(record, 0, 0, DIGEST_BYTES);
  contentDigest.copy(record, DIGEST_BYTES, 0, DIGEST_BYTES);
  return record;
}

/**
 * Appends records to a history.
 *
 * @throws a system error
 */
export function appendHistory(path: string, records: readonly Buffer[]): void {
  const fd = openToWrite(path, APPEND_FLAGS);
  try {
    // A disk that was full may have cut off a record: those behind it are to be found all the same.
    const cutOff = fstatSync(fd).size % HISTORY_RECORD_BYTES;
    const padding = Buffer.alloc(cutOff === 0 ? 0 : HISTORY_RECORD_BYTES - cutOff);
    writeFileSync(fd, Buffer.concat([padding, ...records]));
  } finally {
    closeSync(fd);
  }
}

/** What a root was given, as far as its history tells. */
export class History {
  readonly #records = new Set<string>();
  readonly #paths = new Set<string>();

  /** Reads a history; one that cannot be read is empty. */
  constructor(path: string) {
    const bytes = readHistory(path);
    for (
      let start = 0;
      start + HISTORY_RECORD_BYTES <= bytes.length;
      start += HISTORY_RECORD_BYTES
    ) {
      this.#records.add(bytes.toString('latin1', start, start + HISTORY_RECORD_BYTES));
      this.#paths.add(bytes.toString('latin1', start, start + DIGEST_BYTES));
    }
  }

  /** Whether a sidecar of this path was ever written: without that there is no use in reading it. */
  knows(relativePath: string): boolean {
    return this.#paths.has(digestOf(Buffer.from(relativePath)).toString('latin1', 0, DIGEST_BYTES));
  }

  /** Whether a sidecar of this path was written with just this content. */
  hasWritten(relativePath: string, contentDigest: Buffer): boolean {
    return this.#records.has(historyRecord(relativePath, contentDigest).toString('latin1'));
  }
}

/**
 * Holds the histories within their bounds: a large one loses what stands in it longest, or more than once,
 * and one at rest for a year goes. What a run adds at the same time may be lost: then a sidecar of ours is
 * not known as such, and stays.
 *
 * @throws a system error
 */
export function boundHistories(cacheFolder: string): void {
  const folder = historyFolder(cacheFolder);
  for (const name of readdirSync(folder).filter(isHistoryFile)) {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (Date.now() - stats.mtimeMs > LONGEST_REST_MS) rmSync(path, { force: true });
    else if (stats.size > LARGEST_BYTES && name.endsWith('.history')) shrink(path);
  }
}

function shrink(path: string): void {
  const records = new Set<string>();
  const bytes = readHistory(path);
  // From the end: what was written last counts.
  for (let end = bytes.length; end > 0 && records.size * HISTORY_RECORD_BYTES < BYTES_LEFT;) {
    records.add(bytes.toString('latin1', end - HISTORY_RECORD_BYTES, end));
    end -= HISTORY_RECORD_BYTES;
  }
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  const fd = openToWrite(temporary, CREATE_FLAGS);
  try {
    writeFileSync(fd, Buffer.from([...records].reverse().join(''), 'latin1'));
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}

/** The last whole records of a history; none when it cannot be read. */
function readHistory(path: string): Buffer {
  const file = openToRead(path);
  if (file === undefined) return Buffer.alloc(0);
  const wholeBytes = file.size - (file.size % HISTORY_RECORD_BYTES);
  const bytes = Buffer.alloc(Math.min(wholeBytes, LARGEST_BYTES));
  const filled = readInto(file.fd, bytes, wholeBytes - bytes.length);
  closeRead(file.fd);
  return filled === bytes.length ? bytes : Buffer.alloc(0);
}
