// Owns the walk through a tree of directories: each is listed once, links are not followed, and what
// cannot be listed does not end the walk. The only user of fast-glob. Judges no entry.
import { realpath, stat } from 'node:fs/promises';
import fastGlob from 'fast-glob';
import { listFolder, placeIn, type FolderEntry, type Place } from './folder.js';

/** A directory and all that stands in it. */
export interface ListedFolder extends Place {
  readonly entries: readonly FolderEntry[];
}

/** How to walk. */
export interface WalkRules {
  /** Identities of the directories that were listed before, to list none twice; grows. */
  readonly visited: Set<string> | undefined;
  /** Whether a directory is passed over with all that is in it. */
  readonly isIgnored: (folder: Place) => boolean;
  /** Told of each directory; the next but a few is listed only when it is done with that. */
  readonly onListed: (folder: ListedFolder) => Promise<void>;
  /** Told of a directory that was listed before. */
  readonly onSecondVisit: (folder: Place) => void;
  /** Told of a directory that cannot be listed, `top` among them. */
  readonly onError: (folder: Place, error: unknown) => void;
  /** Ends the walk between two directories. */
  readonly signal: AbortSignal | undefined;
}

/** Directories listed at once: enough to keep libuv's four threads busy. */
const CONCURRENT_FOLDERS = 8;

/**
 * Lists a directory and the real directories below it.
 *
 * fast-glob only conducts the walk. It is shown nothing but folders, and these under numbers for
 * names: its `**` matches no line break, and it turns backslashes. What else is in a folder is kept
 * together, because whether a file is a sidecar hangs on its siblings.
 *
 * @param top - the directory to begin with; a link to one is as good
 * @throws what `onListed` throws
 */
export async function walk(top: Place, rules: WalkRules): Promise<void> {
  const placesByNumber = new Map<string, Place>();
  const list = async (shownPath: string): Promise<ShownFolder[]> => {
    if (rules.signal?.aborted === true) return [];
    const folder = placesByNumber.get(shownPath.slice(shownPath.lastIndexOf('/') + 1)) ?? top;
    let entries: FolderEntry[];
    try {
      if (rules.visited !== undefined && !(await isFirstVisit(rules.visited, folder.path))) {
        rules.onSecondVisit(folder);
        return [];
      }
      entries = await listFolder(folder.path);
    } catch (error) {
      rules.onError(folder, error);
      return [];
    }
    await rules.onListed({ ...folder, entries });
    return entries
      .filter(({ type, isText }) => type === 'directory' && isText)
      .map(({ name }) => placeIn(folder, name))
      .filter((place) => !rules.isIgnored(place))
      .map((place) => {
        const number = String(placesByNumber.size);
        placesByNumber.set(number, place);
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
