// Owns when entries of the cache were last used: a list of times beside each segment. A lost time costs
// nothing but that an entry may go earlier. Knows no entry but by its number.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { openToRead, readInto, type Segment } from './segment.js';
import { closeRead } from '../close-read.js';

const TIME_BYTES = 4;

/** Now, in seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * When each of a segment's records was last used, in seconds since 1970: without a note, when the segment
 * was written.
 */
export function readUsage({ usedPath, indexPath }: Segment, records: number): Uint32Array {
  const written = statSync(indexPath, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const usage = new Uint32Array(records).fill(Math.floor(written / 1000));
  const file = openToRead(usedPath);
  if (file === undefined) return usage;
  const bytes = Buffer.alloc(Math.min(file.size, records * TIME_BYTES));
  const filled = readInto(file.fd, bytes, 0);
  closeRead(file.fd);
  for (let number = 0; (number + 1) * TIME_BYTES <= filled; number += 1) {
    usage[number] = bytes.readUInt32BE(number * TIME_BYTES);
  }
  return usage;
}

/**
 * Writes the times of a segment's records, whole or not at all.
 *
 * @throws a system error
 */
export function writeUsage({ usedPath }: Segment, usage: Uint32Array): void {
  const bytes = Buffer.alloc(usage.length * TIME_BYTES);
  usage.forEach((time, number) => bytes.writeUInt32BE(time, number * TIME_BYTES));
  // A name of its own: other runs may note their use of the same segment at this very moment.
  const temporary = `${usedPath}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(temporary, bytes, { flag: 'wx' });
  renameSync(temporary, usedPath);
}

/**
 * Notes that some of a segment's records were used now.
 *
 * @throws a system error
 */
export function noteUse(
  segment: Segment,
  records: number,
  isUsed: (number: number) => boolean,
): void {
  let usage: Uint32Array | undefined;
  const now = nowSeconds();
  for (let number = 0; number < records; number += 1) {
    if (!isUsed(number)) continue;
    usage ??= readUsage(segment, records);
    usage[number] = now;
  }
  // A segment that was merged into another meanwhile wants no list any more.
  const isThere = statSync(segment.indexPath, { throwIfNoEntry: false }) !== undefined;
  if (usage !== undefined && isThere) writeUsage(segment, usage);
}
