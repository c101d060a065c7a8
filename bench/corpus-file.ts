// Owns what a corpus is made of: one file, by the name it gets and where its bytes come from, and the
// files of the packages that are installed for the benchmark. Knows no corpus.
import type { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../src/order.js';
import { BENCH_FOLDER } from './places.js';

/** A file that a corpus will hold. */
export interface CorpusFile {
  /** Relative to the corpus, always with `/`. */
  readonly relativePath: string;
  /** How long it is. */
  readonly bytes: number;
  /** Its content, made or read when it is wanted. */
  readonly read: () => Buffer;
}

/**
 * All files below a folder of an installed package.
 *
 * @param name - of the package, then the folder in it: `bootstrap/dist`
 * @param to - where they go in the corpus
 * @param isWanted - told the path relative to the folder; default: all
 * @throws when the package is not installed
 */
export function packageFiles(
  name: string,
  to: string,
  isWanted: (relativePath: string) => boolean = () => true,
): CorpusFile[] {
  const folder = join(BENCH_FOLDER, 'node_modules', name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, relativePath: path.slice(folder.length + 1).replaceAll('\\', '/') }))
    .filter(({ relativePath }) => isWanted(relativePath))
    .sort((a, b) => compareText(a.relativePath, b.relativePath))
    .map(({ path, relativePath }) => ({
      relativePath: `${to}/${relativePath}`,
      bytes: statSync(path).size,
      read: () => readFileSync(path),
    }));
}

/** A file whose content is at hand. */
export function madeFile(relativePath: string, content: Buffer): CorpusFile {
  return { relativePath, bytes: content.length, read: () => content };
}
