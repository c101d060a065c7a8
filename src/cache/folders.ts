// Owns the making of the cache's folders, and what is said when they cannot be written to.
import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, toFailure, type Failure } from '../failure.js';
import { historyFolder } from './history.js';
import { FORMAT_FOLDER, isRealFolder, segmentFolder } from './segment.js';

/** https://bford.info/cachedir/: programs that make backups pass over a folder with this file. */
const TAG_NAME = 'CACHEDIR.TAG';
const TAG_TEXT = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by wn-compress.
# For information about cache directory tags see https://bford.info/cachedir/
`;

/**
 * Makes the folders of a cache.
 *
 * @param folder - nothing when there is no place for one
 * @returns what stands in the way of writing to them
 */
export function prepareFolders(folder: string | undefined): Failure | undefined {
  if (folder === undefined) return failureOf('ENOENT', '');
  const formatFolder = join(folder, FORMAT_FOLDER);
  try {
    for (const path of [segmentFolder(folder), historyFolder(folder)]) {
      makeFolders(path);
      accessSync(path, constants.W_OK | constants.X_OK);
      // Through a link it would be another folder in which files are made and removed.
      if (!isRealFolder(path) || !isRealFolder(formatFolder)) return failureOf('ENOTDIR', path);
    }
  } catch (error) {
    return toFailure(error, 'write', folder);
  }
  try {
    writeFileSync(join(formatFolder, TAG_NAME), TAG_TEXT, { flag: 'wx' });
  } catch {
    // It is there already, or it cannot be: it is of use to others only.
  }
  return undefined;
}

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never comes back where a file system
 * answers ENOENT below a folder that is there, as /proc does.
 *
 * @throws a system error
 */
function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const parent = dirname(path);
    const isAboveThere = statSync(parent, { throwIfNoEntry: false }) !== undefined;
    if (codeOf(error) !== 'ENOENT' || isAboveThere) throw error;
    makeFolders(parent);
    makeFolders(path);
  }
}

function failureOf(code: string, path: string): Failure {
  return { code, operation: 'write', path, message: 'the cache cannot be written' };
}
