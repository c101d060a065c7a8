// Owns the reading of a source: opened once, and watched for changes for as long as it is read.
// Never opens anything but a regular file for reading, and never writes.
import { Buffer } from 'node:buffer';
import { type BigIntStats, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { attempt, codeOf, createFailure, FileFailed } from './failure.js';
import { isSameState } from './file-state.js';
import { closeRead } from './close-read.js';

/** The source is no longer what was opened: another try may find it at rest. */
export class SourceChanged extends Error {
  override readonly name: string = 'SourceChanged';
}

/** A sidecar that was to stay is no longer what was read: the source is tried again, and the sidecar replaced. */
export class SidecarChanged extends SourceChanged {
  override readonly name = 'SidecarChanged';
}

/** A source, opened. Links are followed: what is read is the file that they lead to. */
export class OpenSource implements Disposable {
  readonly #fd: number;

  /** Where it is, absolute. */
  readonly path: string;
  /** How the file was when it was opened. */
  readonly stats: BigIntStats;

  /**
   * @param path - absolute
   * @throws FileFailed when it cannot be opened or is not a regular file
   */
  constructor(path: string) {
    this.path = path;
    // O_NONBLOCK: if a FIFO has taken the source's place since the scan, open() must not wait for it.
    // Where a platform lacks the flag (Windows), it is undefined, which counts as 0 here.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    this.#fd = attempt('open', path, () => openSync(path, flags));
    try {
      this.stats = attempt('stat', path, () => fstatSync(this.#fd, { bigint: true }));
      if (!this.stats.isFile()) throw new FileFailed(createFailure('ENOTREG', 'open', path));
    } catch (error) {
      closeRead(this.#fd);
      throw error;
    }
  }

  /** Size in bytes when the file was opened. */
  get size(): number {
    return Number(this.stats.size);
  }

  /**
   * The whole content.
   *
   * @throws SourceChanged when the file is shorter by now
   * @throws FileFailed when it cannot be read
   */
  readAll(): Buffer {
    return this.#readExactly(0, this.size);
  }

  /**
   * The content in chunks of `chunkBytes`, the last one shorter, each in a buffer of its own; from the
   * beginning, however often it is asked for.
   *
   * @throws SourceChanged when the file is shorter by now
   * @throws FileFailed when it cannot be read
   */
  *readChunks(chunkBytes: number): Generator<{ readonly chunk: Buffer; readonly isLast: boolean }> {
    for (let remaining = this.size; remaining > 0;) {
      const chunk = this.#readExactly(this.size - remaining, Math.min(chunkBytes, remaining));
      remaining -= chunk.length;
      yield { chunk, isLast: remaining === 0 };
    }
  }

  /**
   * Makes sure that the path still leads to the very file that was opened, and that the file was not
   * written to since. Changes within one tick of the file system's clock that keep the size cannot
   * be seen.
   *
   * @throws SourceChanged when either is not so
   */
  assertUnchanged(): void {
    let now: BigIntStats;
    try {
      // By its path: device and inode tell whether that is still the file that is open here.
      now = statSync(this.path, { bigint: true });
    } catch (error) {
      if (codeOf(error) !== undefined) throw new SourceChanged();
      throw error;
    }
    if (!isSameState(this.stats, now)) throw new SourceChanged();
  }

  [Symbol.dispose](): void {
    closeRead(this.#fd);
  }

  #readExactly(position: number, length: number): Buffer {
    const buffer = attempt('read', this.path, () => Buffer.allocUnsafeSlow(length));
    for (let offset = 0; offset < length;) {
      const count = attempt('read', this.path, () =>
        readSync(this.#fd, buffer, offset, length - offset, position + offset),
      );
      if (count === 0) throw new SourceChanged();
      offset += count;
    }
    return buffer;
  }
}
