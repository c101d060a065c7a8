// Owns the file of a report page: where it may be, which is found out before the run, and its appearing there,
// whole or not at all. Nothing but an earlier page of ours is ever replaced.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Report, SUFFIXES } from '../../index.js';
import { CommandError } from '../command-error.js';
import { folderOf } from '../report-folder.js';
import type { Target } from '../parse.js';
import { sanitize } from '../sanitize.js';
import { MARK, PageTemplate } from './report-page.js';

/** How each page begins: what only speaks of the mark is no page. */
const DOCTYPE = '<!doctype html>';

/** So far from the beginning of a file its mark is looked for. */
const MARK_BYTES = 1024;

/** How a page is called until it is whole. */
const TEMPORARY_PREFIX = '.wn-compress-report-';
const TEMPORARY_SUFFIX = '.tmp';

/** One that is older than this belongs to a run that was killed: it is there for milliseconds. */
const LONGEST_WRITE_MS = 60 * 60 * 1000;

/** Where a platform has no such flag (Windows), it is undefined, which counts as 0 here. */
const LOOK_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What is wrong with a place, by error code. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; make it, or name another',
  ENOTDIR: 'a part of its path is not a folder; name another',
  EACCES: 'its folder cannot be written to; name another',
  EPERM: 'its folder cannot be written to; name another',
  EROFS: 'the file system is read-only; name a place elsewhere',
  ENOSPC: 'no space left on the device; free some and run again',
  EDQUOT: 'disk quota exceeded; free some space and run again',
  ENAMETOOLONG: 'the name is too long for the file system; shorten it',
  ELOOP: 'too many links lead to it; remove the loop',
};

/** A page that is to be written when the run is over. */
export class ReportFile {
  readonly #path: string;
  readonly #template = new PageTemplate();

  /**
   * @param given - the path as it was given
   * @throws CommandError when no page may or can be written there
   */
  constructor(
    private readonly given: string,
    target: Target,
  ) {
    if (given === '') throw new CommandError('--report: expected the path of a file, got ""');
    this.#path = resolve(given);
    const problem =
      findMisnomer(given) ?? findOverlap(this.#path, target) ?? findProblem(this.#path);
    if (problem !== undefined) {
      throw new CommandError(`--report ${sanitize(given)}: ${sanitize(problem)}`);
    }
  }

  /** The path as it was given, safe for a terminal. */
  get shownPath(): string {
    return sanitize(this.given);
  }

  /**
   * Writes the page.
   *
   * @returns why that failed, in a line; `undefined` when it did not
   */
  write(report: Report): string | undefined {
    const name = `${TEMPORARY_PREFIX}${randomBytes(8).toString('hex')}${TEMPORARY_SUFFIX}`;
    const temporary = join(dirname(this.#path), name);
    let problem = findProblem(this.#path) ?? findSource(this.#path, report);
    if (problem === undefined) {
      removeLeftovers(dirname(this.#path));
      try {
        // An earlier page may have been made private.
        const mode = lstatSync(this.#path, { throwIfNoEntry: false })?.mode ?? 0o666;
        writeFileSync(temporary, this.#template.fill(report), { flag: 'wx', mode: mode & 0o777 });
        renameSync(temporary, this.#path);
      } catch (error) {
        remove(temporary);
        problem = problemOf(error);
      }
    }
    return problem && sanitize(`the report page ${this.given} was not written: ${problem}`);
  }
}

/** Why a path is no name of a page, whatever stands there; `undefined` when it may be one. */
function findMisnomer(given: string): string | undefined {
  if (given === '-') return 'a page is not written to stdout; name a file, such as report.html';
  if (given.endsWith('/') || given.endsWith(sep)) return 'it is a folder; name a file in it';
  const suffix = Object.values(SUFFIXES).find((one) => given.endsWith(one));
  if (suffix === undefined) return undefined;
  return `a file that ends in ${suffix} is taken for compressed; name another, such as report.html`;
}

/** Why no page can be written to a path, by what stands there; `undefined` when one can. */
function findProblem(path: string): string | undefined {
  try {
    const folder = dirname(path);
    if (!statSync(folder).isDirectory()) return PROBLEMS['ENOTDIR'];
    accessSync(folder, constants.W_OK | constants.X_OK);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isDirectory()) return 'it is a folder; name a file in it';
    if (stats.isSymbolicLink()) return 'it is a link; name the file that it leads to';
    if (!stats.isFile()) return 'it is no regular file; name another';
    return isOurs(path)
      ? undefined
      : 'there is another file, and only a report of wn-compress is replaced; name another, or delete it';
  } catch (error) {
    return problemOf(error);
  }
}

/** Why a page does not belong there, by what is compressed; `undefined` when nothing speaks against it. */
function findOverlap(path: string, { root, files }: Target): string | undefined {
  const real = realFile(path);
  if (files?.some((file) => realFile(resolve(file)) === real) === true) {
    return 'it is one of the files that are compressed; name another';
  }
  if (root === undefined) return undefined;
  const folder = realFolder(root);
  if (folder === undefined) {
    return realFile(resolve(root)) === real
      ? 'it is the file that is compressed; name another'
      : undefined;
  }
  const inside = relative(folder, real);
  if (inside === '') return undefined;
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
  const outside = join(dirname(folder), basename(path));
  return `it is in the folder that is compressed, and would be published with it; put it elsewhere, such as ${relative('', outside)}`;
}

/**
 * Why an earlier page must stay: it was compressed, by way of a link, and its sidecars would no longer decode
 * to it. A link is all that is left by which that can be, so that few paths have to be followed.
 */
function findSource(path: string, { root, sources }: Report): string | undefined {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size;
  const likely = sources.filter(({ sourceBytes }) => sourceBytes === size);
  if (likely.length === 0) return undefined;
  const real = realFile(path);
  const source = likely.find(({ relativePath }) => realSource(root, relativePath) === real);
  return source && `it was compressed, as ${source.relativePath}; name another`;
}

/** The real path of a source; `undefined` when it is gone. */
function realSource(root: string | null, relativePath: string): string | undefined {
  try {
    return realpathSync.native(resolve(folderOf(root), relativePath));
  } catch {
    return undefined;
  }
}

/** Whether a regular file is a page of ours. It is opened so that nothing waits and no link is followed. */
function isOurs(path: string): boolean {
  const fd = openSync(path, LOOK_FLAGS);
  try {
    if (!fstatSync(fd).isFile()) return false;
    const buffer = Buffer.alloc(MARK_BYTES);
    const start = buffer.toString('latin1', 0, readSync(fd, buffer));
    return start.startsWith(DOCTYPE) && start.includes(MARK);
  } finally {
    closeSync(fd);
  }
}

/** The real path of a file that may not be there yet. */
function realFile(path: string): string {
  try {
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

/** The real path of a root that is a folder; of any other the run itself will speak. */
function realFolder(root: string): string | undefined {
  try {
    return statSync(root).isDirectory() ? realpathSync.native(root) : undefined;
  } catch {
    return undefined;
  }
}

/** Removes what runs left there that were killed while they wrote a page. */
function removeLeftovers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(TEMPORARY_PREFIX) || !name.endsWith(TEMPORARY_SUFFIX)) continue;
      const path = join(folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() === true && Date.now() - stats.mtimeMs > LONGEST_WRITE_MS) remove(path);
    }
  } catch {
    // Who may not list the folder leaves them to who may.
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return PROBLEMS[String(error.code)] ?? error.message;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not made, or cannot be removed either: what failed before is said.
  }
}
