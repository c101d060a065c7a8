// Owns the staging of sidecars, for hooks that run before a commit: what a run left beside its sources goes
// into the index of git, and what it removed goes out of it. Starts git, without a shell.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isKept, sidecarPath, type Report } from '../index.js';
import { folderOf } from './report-folder.js';
import { sanitize } from './sanitize.js';

/** Paths that changed or may have, absolute. */
interface Changes {
  readonly kept: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Stages the sidecars of a run, those too that were right already: an earlier run may have made them.
 *
 * @returns what went wrong, in a line; `undefined` when all went well
 */
export async function gitAdd(report: Report): Promise<string | undefined> {
  const { kept, removed } = changesOf(report);
  const failure =
    (await git(['add'], kept)) ??
    (await git(['rm', '--cached', '--quiet', '--ignore-unmatch'], removed));
  return failure && `--git-add: ${sanitize(failure)}`;
}

function changesOf(report: Report): Changes {
  const folder = folderOf(report.root);
  const at = (relativePath: string) => beyondLinks(resolve(folder, relativePath));
  const kept: string[] = [];
  const removed: string[] = [];
  for (const { relativePath, variants } of report.sources) {
    for (const variant of variants) {
      const path = at(sidecarPath(relativePath, variant.contentCoding));
      if (isKept(variant)) kept.push(path);
      else if (variant.status === 'discarded' && variant.removed) removed.push(path);
    }
  }
  for (const gone of [...report.stale, ...report.orphans]) {
    if (gone.removed) removed.push(at(gone.relativePath));
  }
  return { kept, removed };
}

/** Git takes no path that leads through a linked folder; the last part may be a link, and is one of its own. */
function beyondLinks(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}

const FROM_STDIN = ['--pathspec-from-file=-', '--pathspec-file-nul'];

/** Has git do something to paths: as bytes on stdin, so that none is a pattern and all have room. */
function git(words: readonly string[], paths: readonly string[]): Promise<string | undefined> {
  if (paths.length === 0) return Promise.resolve(undefined);
  return new Promise((settle) => {
    const child = spawn(
      'git',
      ['-c', 'advice.addIgnoredFile=false', '--literal-pathspecs', ...words, ...FROM_STDIN],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', () => {
      settle('git could not be started; install it, or drop --git-add');
    });
    child.on('close', (status) => {
      settle(status === 0 ? undefined : said.trim().replaceAll(/\s*\n\s*/g, ' '));
    });
    // It may end without having read them all, and says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(paths.map((path) => `${path}\0`).join(''));
  });
}
