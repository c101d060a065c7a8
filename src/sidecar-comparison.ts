// Owns the comparison of a variant with the sidecar that is there already, and the mending of one that
// is right. Never follows a link, and writes no byte of content.
import { Buffer } from 'node:buffer';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
} from 'node:fs';
import { platform } from 'node:os';
import { copyMode, copyOwner, copyTimes, hasTimesOf, isLike } from './metadata.js';

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
  readonly #scratch: Buffer | undefined;
  #comparedBytes = 0;
  #isEqual: boolean;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#fd = openSync(path, COMPARE_FLAGS);
      this.#isEqual = fstatSync(this.#fd).isFile();
    } catch {
      this.#isEqual = false;
    }
    if (this.#isEqual) this.#scratch = Buffer.allocUnsafeSlow(COMPARE_BYTES);
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
   * that stands at its name.
   */
  isEqual(): boolean {
    this.#isEqual &&= this.#fd !== undefined && this.#isWhole(this.#fd);
    return this.#isEqual;
  }

  /**
   * Gives a sidecar that is equal the owner, mode and times of its source, where it has others.
   *
   * @returns whether all is right now. A file that has other names too (hard links, as `cp -al` makes
   *   them for a backup) is not changed: it belongs to others as well.
   * @throws a system error when that is not permitted
   */
  mend(source: BigIntStats): boolean {
    if (this.#fd === undefined) return false;
    const sidecar = fstatSync(this.#fd, { bigint: true });
    if (isLike(sidecar, source)) return true;
    if (sidecar.nlink > 1n) return false;
    copyOwner(this.#fd, sidecar, source);
    copyMode(this.#fd, fstatSync(this.#fd, { bigint: true }), source);
    if (!hasTimesOf(sidecar, source)) copyTimes(this.#fd, source);
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #isWhole(fd: number): boolean {
    const opened = fstatSync(fd, { bigint: true });
    const standing = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return (
      standing?.ino === opened.ino &&
      standing.dev === opened.dev &&
      Number(opened.size) === this.#comparedBytes
    );
  }

  #holdsNext(expected: Buffer): boolean {
    if (this.#fd === undefined || this.#scratch === undefined) return false;
    for (let filled = 0; filled < expected.length;) {
      const count = this.#read(this.#fd, this.#scratch, filled, expected.length - filled);
      if (count === 0) return false;
      filled += count;
    }
    return this.#scratch.subarray(0, expected.length).equals(expected);
  }

  #read(fd: number, into: Buffer, offset: number, length: number): number {
    try {
      return readSync(fd, into, offset, length, null);
    } catch {
      return 0;
    }
  }
}
