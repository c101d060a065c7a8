// Owns the reading of lists of files: one name a line, or between NULs as `git diff -z` and `find -print0`
// write them.
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { CommandError } from './command-error.js';
import { sanitize } from './sanitize.js';

/**
 * The names in a list.
 *
 * @param from - a file, or `-` for stdin
 * @param isNull - whether NULs divide them, so that they may hold newlines
 * @throws CommandError when it cannot be read
 */
export async function readFileList(from: string, isNull: boolean): Promise<string[]> {
  let text: string;
  try {
    text = from === '-' ? await textOf(process.stdin) : await readFile(from, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const what = from === '-' ? 'stdin' : sanitize(from);
    const why = sanitize(String(error.code));
    throw new CommandError(
      `--files-from: cannot read ${what} (${why}); give a file that can be read, or - for stdin`,
    );
  }
  if (!isNull && text.includes('\0')) {
    throw new CommandError('--files-from: the names are divided by NULs; add -0');
  }
  return text.split(isNull ? '\0' : /\r?\n/).filter((name) => name !== '');
}
