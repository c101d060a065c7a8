// Owns the sidecar on disk: what stands at its name, how one appears (whole or not at all) and how one
// is removed. Never follows a link. Knows no codec.
import { type Buffer } from 'node:buffer';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from './failure.js';
import { copyMode, copyOwner, copyTimes } from './metadata.js';
import { temporaryName } from './temporary-file.js';

/**
 * What stands at the name of a sidecar: a link is `other`, whatever it leads to, and `source` is the
 * very file that the source's own name leads to.
 */
export type Occupant = 'nothing' | 'source' | 'file' | 'directory' | 'other';

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
    // A link to its own sidecar's name. Two hard links are as good as two files: each can be replaced.
    const isLinked = !isSameFile(lstatSync(sourcePath, { bigint: true }), source);
    return isLinked ? 'source' : 'file';
  }
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'directory' : 'other';
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
