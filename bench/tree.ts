// Owns trees of files as the benchmark sees them: listing, digest, working copy and its cleaning. Knows
// nothing of corpora or of what runs on the copies.
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../src/order.js';

/** What is in a tree, in numbers. */
export interface TreeSummary {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256, in hexadecimal, over the sorted relative paths, the sizes and the contents. */
  readonly sha256: string;
}

/** Paths of all files below a folder, relative to it, with `/`, sorted by UTF-16 code units. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort(compareText);
}

/** Reads every file below a folder. */
export function summarise(folder: string): TreeSummary {
  const hash = createHash('sha256');
  const paths = listFiles(folder);
  let bytes = 0;
  for (const path of paths) {
    const content = readFileSync(join(folder, path));
    // Path and size in front of each content, so that no byte can move from one to the next.
    hash.update(`${path}\0${content.length}\0`).update(content);
    bytes += content.length;
  }
  return { files: paths.length, bytes, sha256: hash.digest('hex') };
}

/** A copy of a tree, on which one subject after the other works. Removed when disposed. */
export class WorkingCopy implements Disposable {
  /** The folder of the copy, absolute. */
  readonly folder: string;
  /** Relative paths of the files that were copied: the only ones that belong there. */
  readonly files: readonly string[];
  readonly #own: ReadonlySet<string>;

  constructor(original: string, folder: string) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    cpSync(original, folder, { recursive: true, preserveTimestamps: true });
    this.files = listFiles(folder);
    this.#own = new Set(this.files);
  }

  /** Sizes of what a subject has added, in bytes, by relative path. */
  added(): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const path of listFiles(this.folder)) {
      if (!this.#own.has(path)) sizes.set(path, statSync(join(this.folder, path)).size);
    }
    return sizes;
  }

  /**
   * Removes what a subject has added.
   *
   * @throws when a file of the copy itself is gone
   */
  clean(): void {
    const found = listFiles(this.folder);
    const foreign = found.filter((path) => !this.#own.has(path));
    for (const path of foreign) rmSync(join(this.folder, path));
    if (found.length - foreign.length !== this.#own.size) {
      throw new Error(`Of ${this.#own.size} files in ${this.folder} some are gone.`);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
