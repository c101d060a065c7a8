// Owns the sidecar on disk: what stands at its name, how one appears (whole or not at all) and how one
// is removed. Never follows a link. Knows no codec.
import type { Buffer } from 'node:buffer';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from './failure.js';
import { leadsToDirectory } from './link-chain.js';
import { copyMode, copyOwner, copyTimes } from './metadata.js';
import { temporaryName } from './temporary-file.js';

/**
 * What stands at the name of a sidecar. A `file` or a `link` to one may be replaced or removed. The
 * others never are: the `source` itself by another name, a `directory` or a link to one, and what is
 * `special` (a FIFO, socket or device).
 */
export type Occupant = 'nothing' | 'file' | 'link' | 'source' | 'directory' | 'special';

/** Where a platform has no O_NOFOLLOW (Windows), it is undefined, which counts as 0 here. */
const CREATE_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Tells what stands at the name of a sidecar.
 *
 * @param source - how the source is that was opened
 * @throws a system error, such as ENAMETOOLONG when the source's name leaves no room for the suffix
 */
export function occupantOf(path: string, sourcePath: string, source: BigIntStats): Occupant {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (isSameFile(stats, source)) {
    // A link to the name of its own sidecar, or one file mounted over the other. Of two hard links,
    // each is as good as a file of its own.
    const isLinked = !isSameFile(lstatSync(sourcePath, { bigint: true }), source);
    return isLinked || stats.nlink === 1n ? 'source' : 'file';
  }
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (!stats.isSymbolicLink()) return 'special';
  return leadsToDirectory(path) ? 'directory' : 'link';
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
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
    const sidecar = copyOwner(fd, fstatSync(fd, { bigint: true }), source);
    copyMode(fd, sidecar, source);
    copyTimes(fd, source);
    this.#close();
    renameSync(this.#path, this.sidecarPath);
    this.#isThere = false;
  }

  /** Closes and removes what was not moved. What cannot be removed is left for the next run to sweep. */
  [Symbol.dispose](): void {
    ignoringRefusal(() => {
      this.#close();
    });
    if (this.#isThere) {
      ignoringRefusal(() => {
        unlinkSync(this.#path);
      });
    }
    this.#isThere = false;
  }

  #openFd(): number {
    if (this.#fd === undefined) throw new Error('the temporary sidecar is closed');
    return this.#fd;
  }

  #close(): void {
    const fd = this.#fd;
    // Forgotten first: when close() fails (a quota on NFS), the number is free all the same.
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }
}

function ignoringRefusal(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}
