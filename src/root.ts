// Owns the question whether a root can be used, and what is said when it cannot. Lists nothing.
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { RootError } from './errors.js';
import { codeOf } from './failure.js';
import { placeBelow, realPathOf, toAbsolute } from './path.js';

const ROOT_MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory; check the path',
  ENOTDIR: 'a part of the path is not a directory; check the path',
  EACCES: 'permission denied; make it readable for this user',
  EPERM: 'operation not permitted; make it readable for this user',
  ELOOP: 'too many links lead to it; remove the loop',
  ENAMETOOLONG: 'the path is too long for the file system; check it',
  ENOTSUP: 'neither a directory nor a regular file; give the folder of a site, or one file',
};

const NOT_UTF8_MESSAGE =
  'its path is not valid UTF-8, by which Node cannot find it; rename that part';

/**
 * The real path of a root that has to be a directory.
 *
 * @throws RootError when it is none, or that of the cache
 */
export function rootFolderOf(root: string, cache: string | undefined): string {
  let folder: string;
  try {
    folder = realpathSync.native(toAbsolute(root));
    if (!statSync(folder).isDirectory()) {
      const message = 'not a directory; the root of a list of files has to be one';
      throw new RootError('ENOTDIR', root, `${root}: ${message}`);
    }
  } catch (error) {
    throw error instanceof RootError ? error : rootError(root, codeOf(error), error);
  }
  refuseCache(root, folder, cache);
  return folder;
}

/** Says why a root cannot be used, by the code of the error. */
export function rootError(root: string, code = 'EUNKNOWN', cause?: unknown): RootError {
  // Node puts U+FFFD for what is not UTF-8, also in the names of the folders on the way.
  const isLost = code === 'ENOENT' && resolve(root).includes('\u{FFFD}');
  const known = isLost ? NOT_UTF8_MESSAGE : ROOT_MESSAGES[code];
  const message = known ?? (cause instanceof Error ? cause.message : String(cause));
  return new RootError(code, root, `${root === '' ? "''" : root}: ${message}`, { cause });
}

/**
 * The files of the cache are none of a site: compressed, they would be added to it with every run.
 *
 * @throws RootError when the real path of the root leads into the cache
 */
export function refuseCache(root: string, folder: string, cache: string | undefined): void {
  if (cache === undefined) return;
  const real = realPathOf(cache);
  if (real === undefined || (real !== folder && placeBelow(real, folder) === undefined)) return;
  const message = 'it is the folder of the cache; give that of a site, or another --cache-dir';
  throw new RootError('ENOTSUP', root, `${root}: ${message}`);
}
