// Owns the questions where a link leads and by which names: a source that is reached by the name of a
// sidecar would lose its way, or its bytes, when that sidecar is written. Never opens a file.
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import { isSidecar } from './content-coding.js';
import { codeOf } from './failure.js';

/** Whether a link leads to a directory; `false` when that cannot be found out. */
export function leadsToDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

/** As many links as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Whether the way from a link to what it leads to passes a file or another link that is a sidecar by
 * its name: `a` → `a.gz`, `a` → `b.gz` with a `b` beside, `a` → `a.br/f` where `a.br` is a link.
 *
 * @param path - absolute, of a link
 */
export function leadsThroughSidecar(path: string): boolean {
  let way = path;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const link = firstLink(way, (passed) => passed !== path && isSidecarName(passed));
    if (link === 'sidecar') return true;
    if (link === undefined) return false;
    way = join(resolve(dirname(link.path), readlinkSync(link.path)), link.rest);
  }
  return false;
}

interface Link {
  readonly path: string;
  /** What is left of the whole path behind the link. */
  readonly rest: string;
}

/** The first link on a path, or `'sidecar'` when a file or link that `isStop` finds comes first. */
function firstLink(
  path: string,
  isStop: (passed: string) => boolean,
): Link | 'sidecar' | undefined {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep).filter(Boolean);
  let passed = root;
  for (const [index, part] of parts.entries()) {
    passed = join(passed, part);
    const stats = lstatSync(passed, { throwIfNoEntry: false });
    // A folder is never replaced by a sidecar, whatever its name.
    if (stats === undefined || stats.isDirectory()) continue;
    if (isStop(passed)) return 'sidecar';
    if (stats.isSymbolicLink()) {
      return { path: passed, rest: parts.slice(index + 1).join(sep) };
    }
  }
  return undefined;
}

function isSidecarName(path: string): boolean {
  return isSidecar(basename(path), (sourceName) => {
    try {
      const sourcePath = join(dirname(path), sourceName);
      return lstatSync(sourcePath, { throwIfNoEntry: false }) !== undefined;
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return false;
    }
  });
}
