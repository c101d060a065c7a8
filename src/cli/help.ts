// Owns the answer to `--help`, which was written when the project was built: to write it takes yargs, and
// that takes longer than Node itself. Loads nothing else.
import { readFileSync } from 'node:fs';

/** The text of `--help`, as `helpText` wrote it. */
export function readHelp(): string {
  return readFileSync(new URL('help.txt', import.meta.url), 'utf8');
}
