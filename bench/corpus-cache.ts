// Owns the corpora on disk: built once, and proved by their digest each time that they are used. Knows
// nothing of what is measured on them.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CORPORA, type Corpus, type CorpusName } from './corpora.js';
import type { CorpusFile } from './corpus-file.js';
import { BenchError } from './errors.js';
import { BENCH_FOLDER, CORPORA_FOLDER } from './places.js';
import { summarise, type TreeSummary } from './tree.js';

/** A corpus that lies ready. */
export interface BuiltCorpus extends TreeSummary {
  readonly name: CorpusName;
  readonly title: string;
  /** Where it is, absolute. Nothing may be written there. */
  readonly folder: string;
}

/** What each corpus must be, by name; those of `--quick` under `quick/<name>`. */
const EXPECTED_FILE = join(BENCH_FOLDER, 'corpora.json');

/**
 * Builds a corpus, or finds it built.
 *
 * @returns `undefined` when the corpus has no part in `--quick`
 * @throws BenchError when its bytes are not those that are expected
 */
export function buildCorpus(name: CorpusName, isQuick: boolean): BuiltCorpus | undefined {
  const corpus = CORPORA[name];
  if (isQuick && corpus.quick === undefined) return undefined;
  const key = isQuick ? `quick/${name}` : name;
  const folder = join(CORPORA_FOLDER, key);
  if (!existsSync(folder)) write(folder, isQuick ? quickPart(corpus) : corpus.files());
  const summary = summarise(folder);
  const expected = expectations()[key];
  if (expected?.sha256 !== summary.sha256) {
    throw new BenchError(
      `The corpus ${key} is not what it should be: ${describe(summary)} instead of ` +
        `${expected === undefined ? 'nothing known' : describe(expected)}. Remove ${folder} to have ` +
        'it built anew; when a package was changed on purpose, correct bench/corpora.json.',
    );
  }
  return { name, title: corpus.title, folder, ...summary };
}

function describe({ files, bytes, sha256 }: TreeSummary): string {
  return `${files} files, ${bytes} bytes, ${sha256}`;
}

function expectations(): Partial<Record<string, TreeSummary>> {
  return JSON.parse(readFileSync(EXPECTED_FILE, 'utf8')) as Partial<Record<string, TreeSummary>>;
}

function quickPart({ quick, files }: Corpus): CorpusFile[] {
  return files()
    .filter(({ bytes }) => bytes <= (quick?.largestBytes ?? 0))
    .filter((_, index) => index % (quick?.every ?? 1) === 0);
}

/** Writes under another name first, so that a run that is ended leaves no half a corpus. */
function write(folder: string, files: readonly CorpusFile[]): void {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = new Set<string>();
  for (const { relativePath, read } of files) {
    const path = join(unfinished, relativePath);
    const parent = dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(path, read(), { flag: 'wx' });
  }
  renameSync(unfinished, folder);
}
