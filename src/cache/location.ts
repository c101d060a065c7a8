// Owns the question where the cache is. Asks the environment and the working directory, as every tool
// with a cache does; creates nothing.
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import userCacheFolder from 'cachedir';
import { findUpSync } from 'find-up-simple';
import { codeOf } from '../failure.js';

const NAME = 'wn-compress';

/**
 * The folder of the cache: the one that was asked for, else what `WN_COMPRESS_CACHE_DIR` names, else
 * `node_modules/.cache/wn-compress` in the nearest `node_modules` at or above the working directory, if that
 * may be written to, else the user's cache folder of the platform.
 *
 * @param cacheDir - as it was asked for, relative to the working directory
 * @returns an absolute path; nothing may be there yet. `undefined` when there is no place for one: no home,
 *   or no working directory for a relative path
 */
export function cacheFolder(cacheDir: string | undefined): string | undefined {
  const asked = cacheDir ?? process.env['WN_COMPRESS_CACHE_DIR'];
  try {
    // A variable that is set to nothing counts as not set.
    if (asked !== undefined && asked !== '') return resolve(asked);
    const modules = nearestModules();
    if (modules !== undefined && isWritable(modules)) return join(modules, '.cache', NAME);
    return resolve(userCacheFolder(NAME));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

function nearestModules(): string | undefined {
  try {
    return findUpSync('node_modules', { type: 'directory' });
  } catch (error) {
    // The working directory may be gone; a root may be given by its absolute path all the same.
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
