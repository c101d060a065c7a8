// Owns the finding of sources: a root or a list of files becomes what may be compressed, what is
// skipped by name or type, and what failed. The only user of fast-glob. It opens no file.
import { lstatSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import fastGlob from 'fast-glob';
import { RootError } from './errors.js';
import { codeOf, toFailure, type Failure } from './failure.js';
import { Findings, leadsToDirectory, placeIn, type Place, type Scan } from './findings.js';
import {
  listFolder,
  siblingsByName,
  siblingsIn,
  typeOf,
  type EntryType,
  type FolderEntry,
} from './folder.js';
import { Pace } from './pace.js';
import { type SkipReason } from './skip.js';

export { type Scan, type ScanFailure, type SourceFile } from './findings.js';

/** How to look. */
export interface ScanOptions {
  /** Whether to descend into linked directories, each real directory once. */
  readonly follow: boolean;
  /** Why a path is skipped by its name alone, or `undefined`: see select.ts. */
  readonly skip: (relativePath: string) => SkipReason | undefined;
  /** Ends the scan, between two folders or after some milliseconds of work. */
  readonly signal?: AbortSignal | undefined;
}

interface ListedFolder extends Place {
  readonly entries: readonly FolderEntry[];
}

/** What the parts of one scan share. */
interface Context {
  readonly options: ScanOptions;
  readonly findings: Findings;
  readonly pace: Pace;
  /** Identities of the real directories that were listed; empty without `follow`. */
  readonly visited: Set<string>;
}

/** Folders listed at once: enough to keep libuv's four threads busy. */
const CONCURRENT_FOLDERS = 8;

const ROOT_MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory; check the path',
  ENOTDIR: 'a part of the path is not a directory; check the path',
  EACCES: 'permission denied; make it readable for this user',
  EPERM: 'operation not permitted; make it readable for this user',
  ELOOP: 'too many links lead to it; remove the loop',
  ENAMETOOLONG: 'the path is too long for the file system; check it',
  ENOTSUP: 'neither a directory nor a regular file; give the folder of a site, or one file',
};

/**
 * Finds the sources under a directory, or the one that `root` itself is.
 *
 * @throws RootError when root is missing, unreadable, or neither a directory nor a file
 * @throws AbortError when the signal says so
 */
export async function scanRoot(root: string, options: ScanOptions): Promise<Scan> {
  const context = createContext(options);
  context.pace.check();
  const stats = await stat(root).catch((error: unknown) => {
    throw rootError(root, codeOf(error), error);
  });
  const path = resolve(root);
  if (stats.isFile()) {
    await settleGiven(context, [{ path, relativePath: basename(path) }]);
  } else if (stats.isDirectory()) {
    await settleTree(context, { path, relativePath: '' }, (error) => {
      throw rootError(root, codeOf(error), error);
    });
    await followLinks(context);
  } else {
    throw rootError(root, 'ENOTSUP');
  }
  return context.findings.toScan();
}

/**
 * Looks at an explicit list of files, each once. Those in the current folder or below it are called
 * by their path relative to it, others as they are given; globs see those others as absolute paths.
 * What is missing or a directory is a failure.
 *
 * @throws AbortError when the signal says so
 */
export async function scanFiles(paths: readonly string[], options: ScanOptions): Promise<Scan> {
  const places = new Map<string, Place>();
  const outside = new Map<string, string>();
  for (const given of paths) {
    const path = resolve(given);
    if (places.has(path)) continue;
    const inside = relative('', path);
    const isOutside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
    const relativePath = toSlashes(isOutside ? given : inside);
    if (isOutside) outside.set(relativePath, toSlashes(path));
    places.set(path, { path, relativePath });
  }
  const context = createContext({
    ...options,
    // A glob matches no path with `..` in it.
    skip: (relativePath) => options.skip(outside.get(relativePath) ?? relativePath),
  });
  context.pace.check();
  await settleGiven(context, [...places.values()]);
  return context.findings.toScan();
}

function createContext(options: ScanOptions): Context {
  return {
    options,
    findings: new Findings(options),
    pace: new Pace(options.signal),
    visited: new Set(),
  };
}

/** Real directories come first; only then does each linked one that is none of these. */
async function followLinks(context: Context): Promise<void> {
  const { findings } = context;
  for (let links = findings.takeLinkedFolders(); links.length > 0;) {
    for (const link of links) {
      await settleTree(context, link, (error) => {
        findings.addFolderFailure(link, toFailure(error, 'list', link.path));
      });
    }
    links = findings.takeLinkedFolders();
  }
}

/**
 * Settles all that is in a directory and in the real directories below it.
 *
 * @param onTopError - told when `top` itself cannot be listed
 */
async function settleTree(
  context: Context,
  top: Place,
  onTopError: (error: unknown) => void,
): Promise<void> {
  const { findings, pace } = context;
  const topErrors: unknown[] = [];
  const folders = await walk(context, top, (folder, error) => {
    if (folder === top) topErrors.push(error);
    else findings.addFolderFailure(folder, toFailure(error, 'list', folder.path));
  });
  pace.check();
  if (topErrors.length > 0) onTopError(topErrors[0]);
  for (const folder of folders) {
    const { entries } = folder;
    if (pace.isDue()) await pace.rest();
    findings.addTemporaryFiles(folder, entries);
    const siblings = siblingsIn(entries, true);
    const siblingsNotText = siblingsIn(entries, false);
    for (const entry of entries) {
      findings.settle(
        placeIn(folder, entry.name),
        entry,
        entry.isText ? siblings : siblingsNotText,
      );
      if (pace.isDue()) await pace.rest();
    }
  }
}

/**
 * Lists a directory and the real directories below it.
 *
 * fast-glob only conducts the walk. It is shown nothing but folders, and these under numbers for
 * names: its `**` matches no line break, and it turns backslashes. What else is in a folder is kept
 * together, because whether a file is a sidecar hangs on its siblings.
 */
async function walk(
  context: Context,
  top: Place,
  onError: (folder: Place, error: unknown) => void,
): Promise<ListedFolder[]> {
  const listed: ListedFolder[] = [];
  const placesByNumber = new Map<string, Place>();
  const list = async (shownPath: string): Promise<ShownFolder[]> => {
    if (context.options.signal?.aborted === true) return [];
    const folder = placesByNumber.get(shownPath.slice(shownPath.lastIndexOf('/') + 1)) ?? top;
    let entries: FolderEntry[];
    try {
      if (context.options.follow && !(await isFirstVisit(context.visited, folder.path))) {
        context.findings.addSkip(folder, 'linked-directory');
        return [];
      }
      entries = await listFolder(folder.path);
    } catch (error) {
      onError(folder, error);
      return [];
    }
    listed.push({ ...folder, entries });
    return entries
      .filter(({ type, isText }) => type === 'directory' && isText)
      .map(({ name }) => {
        const number = String(placesByNumber.size);
        placesByNumber.set(number, placeIn(folder, name));
        return new ShownFolder(number);
      });
  };
  await fastGlob('**', {
    cwd: top.path,
    dot: true,
    onlyDirectories: true,
    followSymbolicLinks: false,
    unique: false,
    concurrency: CONCURRENT_FOLDERS,
    fs: { readdir: toCallbackStyle(list) },
  });
  return listed;
}

type ReadDirectory = NonNullable<fastGlob.FileSystemAdapter['readdir']>;

/** Puts a listing into the shape in which fast-glob asks for it: with types, and with a callback. */
function toCallbackStyle(list: (path: string) => Promise<ShownFolder[]>): ReadDirectory {
  const readDirectory = (
    path: string,
    _options: unknown,
    callback: (error: Error | null, entries: ShownFolder[]) => void,
  ): void => {
    list(path).then(
      (entries) => {
        callback(null, entries);
      },
      (error: unknown) => {
        callback(error as Error, []);
      },
    );
  };
  return readDirectory as ReadDirectory;
}

/** A directory entry as fast-glob wants it. */
class ShownFolder {
  constructor(readonly name: string) {}
  readonly isDirectory = (): boolean => true;
  readonly isFile = (): boolean => false;
  readonly isSymbolicLink = (): boolean => false;
  readonly isBlockDevice = (): boolean => false;
  readonly isCharacterDevice = (): boolean => false;
  readonly isFIFO = (): boolean => false;
  readonly isSocket = (): boolean => false;
}

/** Whether a directory was not among the visited ones; it is from now on. */
async function isFirstVisit(visited: Set<string>, path: string): Promise<boolean> {
  const { dev, ino } = await stat(path, { bigint: true });
  // Some file systems of Windows and the network number nothing.
  const identity = ino === 0n ? await realpath(path) : `${dev}:${ino}`;
  if (visited.has(identity)) return false;
  visited.add(identity);
  return true;
}

/** Settles files that were asked for one by one. Their folders are listed for their siblings. */
async function settleGiven(context: Context, places: readonly Place[]): Promise<void> {
  const { findings, pace } = context;
  for (const [folder, files] of groupByFolder(places)) {
    pace.check();
    // Without the right to list a folder, its files may be readable all the same.
    const entries = await listFolder(folder).catch(() => undefined);
    findings.addTemporaryFiles({ path: folder, relativePath: '' }, entries ?? []);
    const siblings = entries === undefined ? siblingsByName(folder) : siblingsIn(entries, true);
    for (const place of files) {
      const type = typeOfGiven(place.path);
      if (typeof type === 'object') findings.addFailure(place, type);
      else findings.settle(place, { name: basename(place.path), type, isText: true }, siblings);
      if (pace.isDue()) await pace.rest();
    }
  }
}

function groupByFolder(places: readonly Place[]): Map<string, Place[]> {
  const byFolder = new Map<string, Place[]>();
  for (const place of places) {
    const folder = dirname(place.path);
    const files = byFolder.get(folder);
    if (files === undefined) byFolder.set(folder, [place]);
    else files.push(place);
  }
  return byFolder;
}

/** The type of what was asked for by path, or why it cannot be a source. */
function typeOfGiven(path: string): EntryType | Failure {
  let type: EntryType;
  try {
    type = typeOf(lstatSync(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return toFailure(error, 'stat', path);
    return { code: 'ENOENT', operation: 'stat', path, message: 'no such file; check the path' };
  }
  if (type !== 'directory' && !(type === 'link' && leadsToDirectory(path))) return type;
  const message = 'it is a directory; name its files, or make it the root of a run';
  return { code: 'EISDIR', operation: 'stat', path, message };
}

function rootError(root: string, code = 'EUNKNOWN', cause?: unknown): RootError {
  const known = ROOT_MESSAGES[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new RootError(code, root, `${root === '' ? "''" : root}: ${known}`, { cause });
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
