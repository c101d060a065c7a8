// Owns temporary trees of real files: built from an object, read back as one, gone when disposed.
// Knows nothing of sidecars, and reads without following links, so that a test sees all that there is.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The marker of an empty folder in the object that a tree is built from. */
export const FOLDER = { folder: true } as const;

/** What stands at a path: the content of a file, a link to `link`, or an empty folder. */
export type Entry = string | Uint8Array | { readonly link: string } | typeof FOLDER;

/**
 * A temporary folder of real files. Declare it with `using`: it is removed at the end of the block,
 * whether the test passes or not. What a test made unreadable it has to make readable again.
 */
export class Tree implements Disposable {
  /** The real path of the temporary folder. */
  readonly path: string;

  /** @param entries - by path relative to the tree, with `/`; folders on the way are made */
  constructor(entries: Readonly<Record<string, Entry>> = {}) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'wn-compress-test-')));
    this.add(entries);
  }

  /** Adds to the tree, links last: Windows has to know whether they lead to files or folders. */
  add(entries: Readonly<Record<string, Entry>>): void {
    const isLink = ([, entry]: [string, Entry]) => typeof entry === 'object' && 'link' in entry;
    const all = Object.entries(entries);
    for (const [relativePath, entry] of [
      ...all.filter((one) => !isLink(one)),
      ...all.filter(isLink),
    ]) {
      const path = this.join(relativePath);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(path, entry);
      else if ('link' in entry) symlinkSync(entry.link, path);
      else mkdirSync(path);
    }
  }

  /** The absolute path of an entry. */
  join(relativePath: string): string {
    return join(this.path, relativePath);
  }

  /** What a file holds; a link is followed. */
  bytes(relativePath: string): Buffer {
    return readFileSync(this.join(relativePath));
  }

  /** Every path in the tree but folders that hold something, sorted. Links are not followed. */
  list(): string[] {
    return [...walk(this.path, '')].sort();
  }

  /** The whole tree: path → content in latin1 (so that any bytes compare), `→ target` or `folder/`. */
  snapshot(): Record<string, string> {
    return Object.fromEntries(
      this.list().map((relativePath) => {
        const path = this.join(relativePath);
        const stats = lstatSync(path);
        if (stats.isSymbolicLink()) return [relativePath, `→ ${readlinkSync(path)}`];
        if (stats.isDirectory()) return [relativePath, 'folder/'];
        return [relativePath, stats.isFile() ? readFileSync(path, 'latin1') : 'special'];
      }),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function* walk(folder: string, prefix: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const relativePath = prefix + entry.name;
    if (!entry.isDirectory()) yield relativePath;
    else {
      const before = [...walk(join(folder, entry.name), `${relativePath}/`)];
      if (before.length === 0) yield relativePath;
      yield* before;
    }
  }
}
