// Owns the comparison of a variant with the sidecar that is there already, and the mending of one that
// is right. Never follows a link, and writes no byte of content.
import { Buffer } from 'node:buffer';
import { type BigIntStats, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { platform } from 'node:os';
import { isSameState } from './file-state.js';
import { copyMode, copyOwner, copyTimes, hasTimesOf, isLike } from './metadata.js';
import { closeRead } from './close-read.js';
import { SidecarChanged } from './source.js';

/** Bytes read at a time. */
const COMPARE_BYTES = 64 * 1024;

/** Windows needs write access on a handle to change its times. */
const COMPARE_FLAGS =
  platform() === 'win32'
    ? constants.O_RDWR
    : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Compares encoded bytes, as they come, with the sidecar that is already there. A sidecar that
 * cannot be read counts as different: it is replaced, which needs no right to read it.
 */
export class SidecarComparison implements Disposable {
  readonly #path: string;
  #fd: number | undefined;
  /** How the file was when it was opened. */
  #opened: BigIntStats | undefined;
  #scratch: Buffer | undefined;
  #comparedBytes = 0;
  #isEqual: boolean;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, COMPARE_FLAGS);
      this.#opened = fstatSync(this.#fd, { bigint: true });
      this.#isEqual = this.#opened.isFile();
    } catch {
      this.#isEqual = false;
    }
  }

  /** How the file was when it was opened; nothing when it could not be, or is none. */
  get opened(): BigIntStats | undefined {
    return this.#opened?.isFile() === true ? this.#opened : undefined;
  }

  /**
   * The content of the file, if it has just so many bytes; nothing of it counts as compared.
   *
   * @returns `undefined` when it has not, or cannot be read
   */
  readWhole(bytes: number): Buffer | undefined {
    if (this.#fd === undefined || Number(this.opened?.size) !== bytes) return undefined;
    const content = Buffer.allocUnsafeSlow(bytes);
    return this.#fill(this.#fd, content, 0) ? content : undefined;
  }

  /** Whether a difference has been found so far. */
  get hasDiffered(): boolean {
    return !this.#isEqual;
  }

  /** Compares the next encoded bytes. */
  accept(encoded: Buffer): void {
    for (let offset = 0; this.#isEqual && offset < encoded.length;) {
      const expected = encoded.subarray(offset, offset + COMPARE_BYTES);
      this.#isEqual = this.#holdsNext(expected);
      offset += expected.length;
      this.#comparedBytes += expected.length;
    }
  }

  /**
   * Whether the sidecar holds exactly what was accepted, and nothing behind it, and is still the file
   * that stands at its name, as it was when it was opened.
   */
  isEqual(): boolean {
    this.#isEqual &&= this.#isWhole() && this.isUntouched();
    return this.#isEqual;
  }

  /**
   * What the sidecar holds. Each chunk is good until the next is asked for.
   *
   * @throws SidecarChanged when it is shorter by now
   */
  *chunks(): Generator<Buffer> {
    const size = Number(this.#opened?.size ?? 0);
    const scratch = Buffer.allocUnsafeSlow(Math.min(COMPARE_BYTES, size));
    for (let at = 0; this.#fd !== undefined && at < size; at += COMPARE_BYTES) {
      const chunk = scratch.subarray(0, Math.min(COMPARE_BYTES, size - at));
      if (!this.#fill(this.#fd, chunk, at)) throw new SidecarChanged();
      yield chunk;
    }
  }

  /** Whether the file is still the one that stands at its name, as it was when it was opened. */
  isUntouched(): boolean {
    const now = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
    const before = this.#opened;
    return before !== undefined && now !== undefined && isSameState(before, now);
  }

  /** Whether the sidecar has the owner, mode and times that its source demands. */
  isLike(source: BigIntStats): boolean {
    const { opened } = this;
    if (opened?.uid !== source.uid || opened.gid !== source.gid) return false;
    return isLike(opened, source);
  }

  /**
   * Whether a sidecar that is equal is right in mode and times too, or may be mended. A file that has
   * other names as well (hard links, as `cp -al` makes them for a backup) belongs to others, too.
   */
  canMend(source: BigIntStats): boolean {
    if (this.#opened === undefined) return false;
    return this.#opened.nlink === 1n || isLike(this.#opened, source);
  }

  /**
   * Gives a sidecar that is equal the owner, mode and times of its source, where it has others.
   *
   * @throws a system error when that is not permitted
   */
  mend(source: BigIntStats): void {
    const sidecar = this.#opened;
    if (this.#fd === undefined || sidecar === undefined || sidecar.nlink > 1n) return;
    copyMode(this.#fd, copyOwner(this.#fd, sidecar, source), source);
    if (!hasTimesOf(sidecar, source)) copyTimes(this.#fd, source);
  }

  [Symbol.dispose](): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeRead(fd);
  }

  #isWhole(): boolean {
    return this.#opened !== undefined && Number(this.#opened.size) === this.#comparedBytes;
  }

  #holdsNext(expected: Buffer): boolean {
    if (this.#fd === undefined) return false;
    const size = Number(this.opened?.size ?? 0);
    if (this.#comparedBytes + expected.length > size) return false;
    this.#scratch ??= Buffer.allocUnsafeSlow(Math.min(COMPARE_BYTES, size));
    const actual = this.#scratch.subarray(0, expected.length);
    return this.#fill(this.#fd, actual, this.#comparedBytes) && actual.equals(expected);
  }

  /** Reads as many bytes as there is room for; or fewer, and tells that. */
  #fill(fd: number, into: Buffer, position: number): boolean {
    try {
      for (let filled = 0; filled < into.length;) {
        const count = readSync(fd, into, filled, into.length - filled, position + filled);
        if (count === 0) return false;
        filled += count;
      }
      return true;
    } catch {
      return false;
    }
  }
}
