// Owns the questions what this machine can do, which are answered by trying, never by the name of the
// system: macOS and Windows each have file systems of several kinds. An answer is `false`, or the reason
// for which a test is skipped.
import { symlinkSync, writeFileSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { Tree } from './tree.js';

/** Whether two names, written one after the other, are two files of the temporary folder. */
function areDistinct(one: string, other: string): boolean {
  using tree = new Tree();
  writeFileSync(tree.join(one), '');
  writeFileSync(tree.join(other), '');
  return tree.list().length === 2;
}

function canLink(): boolean {
  using tree = new Tree({ file: '' });
  try {
    symlinkSync('file', tree.join('link'));
    return true;
  } catch {
    return false;
  }
}

/** `é` in one character and in two are one name on file systems that normalise. */
export const NORMALISES = !areDistinct('é', 'e\u0301') && 'é and e + U+0301 are one name here';

/** Windows lets only some users make links. */
export const NO_LINKS = !canLink() && 'this user may make no symbolic links';

/** `a` and `A` are one name on file systems that fold case. */
export const FOLDS_CASE = !areDistinct('a', 'A') && 'a and A are one name here';

/** node:zlib has it from 22.15 and 23.8 on. */
export const NO_ZSTD = !('zstdCompressSync' in zlib) && 'zstd takes Node.js 22.15 or later';

/** Names of any bytes: what Windows and macOS have forbids some. */
export const ANY_NAMES =
  (process.platform === 'win32' || process.platform === 'darwin') &&
  'names of any bytes, as Linux has them';
