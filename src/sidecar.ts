// Owns the sidecar on disk: what stands at its name, how one appears (whole or not at all), how its
// times and mode follow the source, and how one is removed. Never follows a link. Knows no codec.
import { Buffer } from 'node:buffer';
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf } from './failure.js';
import { temporaryName } from './temporary-file.js';

/** What stands at the name of a sidecar: a link is `other`, whatever it leads to. */
export type Occupant = 'nothing' | 'file' | 'directory' | 'other';

/** The permission bits of a mode: no setuid, setgid or sticky bit is ever copied. */
const PERMISSION_BITS = 0o777n;

/** A sidecar's times equal its source's within this; see `copyTimes` for why they cannot be exact. */
const TIME_TOLERANCE_NS = 1_000_000n;

/** Bytes read at a time when a sidecar is compared. */
const COMPARE_BYTES = 64 * 1024;

/** Windows needs write access on a handle to change its times. */
const COMPARE_FLAGS =
  platform() === 'win32'
    ? constants.O_RDWR
    : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Where a platform has no O_NOFOLLOW (Windows), it is undefined, which counts as 0 here. */
const CREATE_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Tells what stands at the name of a sidecar.
 *
 * @throws a system error, such as ENAMETOOLONG when the source's name leaves no room for the suffix
 */
export function occupantOf(path: string): Occupant {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'directory' : 'other';
}

/**
 * Removes whatever file or link stands at the name of a sidecar.
 *
 * @returns whether something was there
 * @throws a system error when it cannot be removed
 */
export function removeSidecar(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Compares encoded bytes, as they come, with the sidecar that is already there. A sidecar that
 * cannot be read counts as different: it is replaced, which needs no right to read it.
 */
export class SidecarComparison implements Disposable {
  #fd: number | undefined;
  readonly #scratch: Buffer | undefined;
  #comparedBytes = 0;
  #isEqual: boolean;

  constructor(path: string) {
    try {
      this.#fd = openSync(path, COMPARE_FLAGS);
      this.#isEqual = fstatSync(this.#fd).isFile();
    } catch {
      this.#isEqual = false;
    }
    if (this.#isEqual) this.#scratch = Buffer.allocUnsafeSlow(COMPARE_BYTES);
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

  /** Whether the sidecar holds exactly what was accepted, and nothing behind it. */
  isEqual(): boolean {
    if (!this.#isEqual || this.#fd === undefined) return false;
    return fstatSync(this.#fd).size === this.#comparedBytes;
  }

  /**
   * Gives a sidecar that is equal the times, mode and owner of its source, where it has others.
   *
   * @throws a system error when that is not permitted
   */
  mend(source: BigIntStats): void {
    if (this.#fd === undefined) return;
    const sidecar = fstatSync(this.#fd, { bigint: true });
    copyOwner(this.#fd, sidecar, source);
    copyMode(this.#fd, fstatSync(this.#fd, { bigint: true }), source);
    const ageNs = sidecar.mtimeNs - source.mtimeNs;
    if (ageNs < 0n || ageNs >= TIME_TOLERANCE_NS) copyTimes(this.#fd, source);
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
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

/**
 * A sidecar in the making: a temporary file in the folder where it belongs, under a name of its own.
 * It is created exclusively, so that nothing planted at that name is ever written through. Dispose
 * of it in any case: what was not moved into place is removed.
 */
export class TemporarySidecar implements Disposable {
  readonly #path: string;
  #fd: number | undefined;
  #isThere = true;

  /**
   * @param sidecarPath - where the sidecar is to appear
   * @param prefix - how the names of this run's temporary files begin
   * @throws a system error when it cannot be created
   */
  constructor(
    readonly sidecarPath: string,
    prefix: string,
  ) {
    this.#path = join(dirname(sidecarPath), temporaryName(prefix));
    this.#fd = openSync(this.#path, CREATE_FLAGS, 0o600);
  }

  /** @throws a system error, such as ENOSPC */
  append(encoded: Buffer): void {
    for (let offset = 0; offset < encoded.length;) {
      offset += writeSync(this.#openFd(), encoded, offset);
    }
  }

  /**
   * Gives it the owner (where permitted), mode and times of its source and moves it into place, over
   * whatever file or link was there.
   *
   * @throws a system error, such as EISDIR when a directory stands there
   */
  moveIntoPlace(source: BigIntStats): void {
    const fd = this.#openFd();
    const created = fstatSync(fd, { bigint: true });
    copyOwner(fd, created, source);
    // Behind the owner: changing that may clear bits of the mode.
    copyMode(fd, created, source);
    copyTimes(fd, source);
    this.#close();
    renameSync(this.#path, this.sidecarPath);
    this.#isThere = false;
  }

  [Symbol.dispose](): void {
    this.#close();
    if (this.#isThere) rmSync(this.#path, { force: true });
    this.#isThere = false;
  }

  #openFd(): number {
    if (this.#fd === undefined) throw new Error('the temporary sidecar is closed');
    return this.#fd;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** Only root may give files away, and others only to their own groups: what is refused is left. */
function copyOwner(fd: number, sidecar: BigIntStats, source: BigIntStats): void {
  if (sidecar.uid === source.uid && sidecar.gid === source.gid) return;
  for (const uid of new Set([source.uid, sidecar.uid])) {
    try {
      fchownSync(fd, Number(uid), Number(source.gid));
      return;
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOSYS') throw error;
    }
  }
}

function copyMode(fd: number, sidecar: BigIntStats, source: BigIntStats): void {
  const mode = source.mode & PERMISSION_BITS;
  if ((sidecar.mode & PERMISSION_BITS) !== mode) fchmodSync(fd, Number(mode));
}

/**
 * What is added to the source's time until the sidecar is not older: nothing, then enough for file
 * systems that count in milliseconds, seconds (ext3, HFS+) or two seconds (FAT).
 */
const ROUND_UP_NS = [0n, 1_000_000n, 1_000_000_000n, 2_000_000_000n];

/**
 * Copies atime and mtime, never to an older mtime: some servers pass over a sidecar that is older
 * than its source. `utimes` takes seconds as a double, which near today's dates is exact to some
 * 0.2 µs, and cuts that off to microseconds; so the time is rounded up to the next microsecond and
 * aimed at the middle of it. What the file system made of it is looked at.
 */
function copyTimes(fd: number, source: BigIntStats): void {
  const wholeMicroseconds = (source.mtimeNs + 999n) / 1000n;
  for (const extraNs of ROUND_UP_NS) {
    const mtimeNs = wholeMicroseconds * 1000n + 500n + extraNs;
    futimesSync(fd, Number(source.atimeNs) / 1e9, Number(mtimeNs) / 1e9);
    if (fstatSync(fd, { bigint: true }).mtimeNs >= source.mtimeNs) return;
  }
}
