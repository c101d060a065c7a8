// Owns the finding of sources: a root or a list of files becomes what may be compressed, what is
// skipped by name or type, and what failed. It opens no file.
import { lstatSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { codeOf, toFailure, type Failure } from './failure.js';
import { Findings, type Scan } from './findings.js';
import {
  listFolder,
  placeIn,
  siblingsByName,
  siblingsIn,
  typeOf,
  type EntryType,
  type Place,
} from './folder.js';
import { leadsToDirectory } from './link-chain.js';
import { Pace } from './pace.js';
import { placeBelow, realPathOf, toAbsolute, toSlashes } from './path.js';
import { refuseCache, rootError, rootFolderOf } from './root.js';
import type { SkipReason } from './skip.js';
import { walk, type ListedFolder } from './walk.js';

export { type Scan, type SourceFile } from './findings.js';

/** How to look. */
export interface ScanOptions {
  /** Whether to descend into linked directories, each real directory once. */
  readonly follow: boolean;
  /** Why a path is skipped by its name alone, or `undefined`: see select.ts. */
  readonly skip: (relativePath: string, byExtension?: boolean) => SkipReason | undefined;
  /** A folder that is passed over, absolute: the cache's, where it lies in the tree. */
  readonly ignoredFolder?: string | undefined;
  /** Ends the scan, between two folders or after some milliseconds of work. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found under a root or among files. */
export interface ScannedRoot extends Scan {
  /** The real path of the root, when it is a folder. */
  readonly folder: string | undefined;
}

/** What the parts of one scan share. */
interface Context {
  readonly options: ScanOptions;
  readonly findings: Findings;
  readonly pace: Pace;
  /** Identities of the real directories that were listed; without `follow` none is met twice. */
  readonly visited: Set<string> | undefined;
  /** The `relativePath` of a folder that is passed over. */
  ignored: string | undefined;
}

/**
 * Finds the sources under a directory, or the one that `root` itself is.
 *
 * @throws RootError when root is missing, unreadable, or neither a directory nor a file
 * @throws AbortError when the signal says so
 */
export async function scanRoot(root: string, options: ScanOptions): Promise<ScannedRoot> {
  const context = createContext(options);
  context.pace.check();
  // The empty string would be resolved to the working directory.
  if (root === '') throw rootError(root, 'ENOENT');
  // Before anything is awaited: the caller may change the working directory meanwhile.
  const path = toAbsolute(root);
  const stats = await stat(path).catch((error: unknown) => {
    throw rootError(root, codeOf(error), error);
  });
  let folder: string | undefined;
  if (stats.isFile()) {
    await settleGiven(context, [{ path, relativePath: basename(path) }]);
  } else if (stats.isDirectory()) {
    folder = realpathSync.native(path);
    refuseCache(root, folder, options.ignoredFolder);
    context.ignored = placeBelow(folder, options.ignoredFolder);
    await settleTree(context, { path, relativePath: '' }, (error) => {
      throw rootError(root, codeOf(error), error);
    });
    await followLinks(context);
  } else {
    throw rootError(root, 'ENOTSUP');
  }
  return { ...context.findings.toScan(), folder };
}

/**
 * Looks at an explicit list of files, each once. Those in a folder or below it are called by their path
 * relative to it. Where that folder is a root that was given, others are skipped; where it is the
 * current folder, they are called as they are given, and globs see them as absolute paths. What is missing
 * or a directory is a failure.
 *
 * @param root - a folder; the current one, when it is not given
 * @throws RootError when root is missing, unreadable, or no directory
 * @throws AbortError when the signal says so
 */
export async function scanFiles(
  paths: readonly string[],
  options: ScanOptions,
  root?: string,
): Promise<ScannedRoot> {
  const folder = root === undefined ? undefined : rootFolderOf(root, options.ignoredFolder);
  const places = new Map<string, Place>();
  const outside = new Map<string, string>();
  for (const given of paths) {
    const path = toAbsolute(given);
    if (places.has(path)) continue;
    const inside = folder === undefined ? relative('', path) : insideOf(folder, path);
    const isOutside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
    // The folder itself would be called nothing.
    const relativePath = toSlashes(isOutside ? given : inside || '.');
    if (isOutside) outside.set(relativePath, toSlashes(path));
    places.set(path, { path, relativePath });
  }
  const context = createContext({
    ...options,
    // A glob matches no path with `..` in it.
    skip: (relativePath, byExtension) =>
      options.skip(outside.get(relativePath) ?? relativePath, byExtension),
  });
  context.pace.check();
  const given = [...places.values()];
  const isElsewhere = (place: Place) => folder !== undefined && outside.has(place.relativePath);
  for (const place of given.filter(isElsewhere)) context.findings.addSkip(place, 'outside-root');
  await settleGiven(
    context,
    given.filter((place) => !isElsewhere(place)),
  );
  return { ...context.findings.toScan(), folder };
}

/** A path relative to a real one. Its folder may be a link on the way there; it may be one itself. */
function insideOf(folder: string, path: string): string {
  return relative(folder, join(realPathOf(dirname(path)) ?? dirname(path), basename(path)));
}

function createContext(options: ScanOptions): Context {
  return {
    options,
    findings: new Findings(options),
    pace: new Pace(options.signal),
    visited: options.follow ? new Set() : undefined,
    ignored: undefined,
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
  await walk(top, {
    visited: context.visited,
    isIgnored: ({ relativePath }) => relativePath === context.ignored,
    signal: context.options.signal,
    // At once, and not when all are listed: of 100,000 entries that took 20 MB more.
    onListed: (folder) => settleFolder(context, folder),
    onSecondVisit: (folder) => {
      findings.addSkip(folder, 'linked-directory');
    },
    onError: (folder, error) => {
      if (folder === top) topErrors.push(error);
      else findings.addFolderFailure(folder, toFailure(error, 'list', folder.path));
    },
  });
  pace.check();
  if (topErrors.length > 0) onTopError(topErrors[0]);
}

async function settleFolder(
  { findings, pace }: Context,
  { entries, ...folder }: ListedFolder,
): Promise<void> {
  findings.addTemporaryFiles(folder, entries);
  const siblings = siblingsIn(entries, true);
  const siblingsNotText = siblingsIn(entries, false);
  for (const entry of entries) {
    findings.settle(placeIn(folder, entry.name), entry, entry.isText ? siblings : siblingsNotText);
    if (pace.isDue()) await pace.rest();
  }
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
