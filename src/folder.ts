// Owns the listing of one folder: what stands in it, of which type, and which names are not text.
// Knows nothing of trees, of the rules of selection, or of what the files hold.
import { isUtf8 } from 'node:buffer';
import { lstatSync, type Dirent, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CONTENT_CODINGS, sidecarPath, type ContentCoding } from './content-coding.js';

/** A file or folder of the tree: where it is, and what it is called. Root is called `''`. */
export interface Place {
  readonly path: string;
  readonly relativePath: string;
}

/** What stands in a folder under one name. A link is not followed: `link` may lead to anything. */
export type EntryType = 'file' | 'directory' | 'link' | 'other';

/** One name in a folder. */
export interface FolderEntry {
  /** The name; when it is not valid UTF-8, escaped: its bad bytes stand as `\xNN`. */
  readonly name: string;
  readonly type: EntryType;
  /** Whether the name is valid UTF-8, so that Node can open what it names. */
  readonly isText: boolean;
}

/** What one asks about the names beside a file. */
export interface Siblings {
  /** Whether anything has this name. */
  readonly has: (name: string) => boolean;
  /** Of which content-codings a file, or a link, is named like this source's sidecar. */
  readonly sidecarsOf: (sourceName: string) => readonly ContentCoding[];
}

/** The place of an entry of a folder. */
export function placeIn(folder: Place, name: string): Place {
  return {
    path: folder.path.endsWith(sep) ? folder.path + name : folder.path + sep + name,
    relativePath: folder.relativePath === '' ? name : `${folder.relativePath}/${name}`,
  };
}

/**
 * Lists a folder, in no particular order.
 *
 * @throws the system's error (`EACCES`, `ENOENT`, …) when it cannot be listed
 */
export async function listFolder(path: string): Promise<FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  // Node puts U+FFFD for what is not UTF-8. Reading names as bytes takes twice the CPU, so that is
  // done only when there is one.
  if (!entries.some(({ name }) => name.includes('\u{FFFD}'))) {
    return entries.map((entry) => ({ name: entry.name, type: typeOf(entry), isText: true }));
  }
  const rawEntries = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
  return rawEntries.map((entry) => {
    const isText = isUtf8(entry.name);
    return {
      name: isText ? entry.name.toString() : escape(entry.name),
      type: typeOf(entry),
      isText,
    };
  });
}

/** The type of an entry or of what `lstat` says of it. */
export function typeOf(entry: Dirent<string | Buffer> | Stats): EntryType {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/** The siblings in a listing, of those entries whose names are text or of those whose are not. */
export function siblingsIn(entries: readonly FolderEntry[], isText: boolean): Siblings {
  const ofKind = entries.filter((entry) => entry.isText === isText);
  const names = new Set(ofKind.map(({ name }) => name));
  // To open a FIFO or a device, even for a look, may do something to it.
  const others = new Set(ofKind.filter(({ type }) => !mayBeSidecar(type)).map(({ name }) => name));
  return createSiblings(
    (name) => names.has(name),
    (name) => names.has(name) && !others.has(name),
  );
}

/** The siblings in a folder that cannot be listed; asking for each by name may still be allowed. */
export function siblingsByName(folder: string): Siblings {
  const ask = (name: string): EntryType | undefined => {
    try {
      return typeOf(lstatSync(join(folder, name)));
    } catch {
      return undefined;
    }
  };
  return createSiblings(
    (name) => ask(name) !== undefined,
    (name) => mayBeSidecar(ask(name)),
  );
}

function mayBeSidecar(type: EntryType | undefined): boolean {
  return type === 'file' || type === 'link';
}

/** One for all files that have none: there may be very many. */
const NO_SIDECARS: readonly ContentCoding[] = [];

function createSiblings(
  has: (name: string) => boolean,
  hasFile: (name: string) => boolean,
): Siblings {
  const sidecarsOf = (name: string): readonly ContentCoding[] => {
    const sidecars = CONTENT_CODINGS.filter((coding) => hasFile(sidecarPath(name, coding)));
    return sidecars.length === 0 ? NO_SIDECARS : sidecars;
  };
  return { has, sidecarsOf };
}

function escape(name: Buffer): string {
  let text = '';
  for (let start = 0; start < name.length;) {
    const length = characterLength(name, start);
    text +=
      length === 0
        ? `\\x${name.toString('hex', start, start + 1)}`
        : name.toString('utf8', start, start + length);
    start += length || 1;
  }
  return text;
}

/** Bytes of the UTF-8 character at `start`, 0 when there is none. */
function characterLength(bytes: Buffer, start: number): number {
  return (
    [1, 2, 3, 4].find(
      (length) => start + length <= bytes.length && isUtf8(bytes.subarray(start, start + length)),
    ) ?? 0
  );
}
