// Owns how paths are understood: in the sense of the operating system, links and all, and written with `/`.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * The absolute form of a path, in the sense of the operating system: `link/..` is the parent of what
 * the link leads to, not the folder that the link is in. A link at the end stays one.
 */
export function toAbsolute(path: string): string {
  const parts = path.split(/[/\\]/);
  if (path === '' || !parts.includes('..')) return resolve(path);
  try {
    if (basename(path) === '..') return realpathSync.native(path);
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    // Whatever is wrong with it comes out when it is looked at.
    return resolve(path);
  }
}

/** The real path of what is there; `undefined` when nothing is, or it cannot be told. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** How a folder is called that lies below another; `undefined` when it does not, or is not there. */
export function placeBelow(top: string, folder: string | undefined): string | undefined {
  const real = folder === undefined ? undefined : realPathOf(folder);
  if (real === undefined) return undefined;
  const path = relative(top, real);
  const isBelow = path !== '' && path !== '..' && !path.startsWith(`..${sep}`);
  return isBelow && !isAbsolute(path) ? toSlashes(path) : undefined;
}

/** A path of this platform, with `/`. */
export function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
