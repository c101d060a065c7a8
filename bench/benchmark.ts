// Owns the course of a benchmark: who takes part, starts, then one corpus after the other. Knows nothing
// of how results look or where they go.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from './arguments.js';
import { availabilityOf, cacheOptionsOf } from './availability.js';
import { type BuiltCorpus, buildCorpus } from './corpus-cache.js';
import { BenchError } from './errors.js';
import { describeCommit, describeMachine } from './machine.js';
import { measureCorpus } from './measure-corpus.js';
import { fixedPartMs } from './prediction-check.js';
import type { CorpusResults, ReportedSubject, Results } from './results.js';
import { runSubject } from './run-subject.js';
import { makeTree, measureStartUp } from './start-up.js';
import { otherBuild, type Subject, SUBJECT_NAMES, SUBJECTS, THREADS } from './subjects.js';
import { CommandFailed, hasGnuTime } from './timing.js';
import { WorkingCopy } from './tree.js';
import { kindOfPlace, makeWorkFolder } from './work-folder.js';

const START_UP_ROUNDS = { quick: 3, full: 15 };

/** Who takes part, and who would if it were there. */
interface Field {
  readonly subjects: readonly Subject[];
  readonly reported: readonly ReportedSubject[];
}

/**
 * Runs a benchmark.
 *
 * @param say - told what is being done, a line each
 * @param onResults - given all that is known so far, whenever a corpus is done
 * @throws BenchError when it cannot be run
 */
export async function benchmark(
  request: Request,
  say: (line: string) => void,
  onResults: (results: Results) => void,
): Promise<void> {
  if (!hasGnuTime()) throw new BenchError('GNU time is missing: apt-get install time.');
  const date = new Date().toISOString();
  const field = assemble(request);
  const built = buildCorpora(request, say);
  const workFolder = makeWorkFolder(request.workPlace);
  try {
    const tree = join(workFolder, 'tree');
    makeTree(built.tree.folder, tree);
    warmUp(field.subjects, tree, join(workFolder, 'warm-up'));
    say('starts');
    const rounds = request.quick ? START_UP_ROUNDS.quick : START_UP_ROUNDS.full;
    const startUp = measureStartUp(tree, workFolder, rounds, request.other);
    // Of two builds only the difference is wanted.
    const fixedMs =
      request.other === undefined ? fixedPartMs(tree, join(workFolder, 'fixed')) : undefined;
    const corpora: CorpusResults[] = [];
    for (const corpus of built.corpora) {
      const subjects = field.subjects.filter((subject) => takesPart(subject, corpus, request));
      const measuring = { corpus, subjects, rounds: request.rounds, workFolder, fixedMs, say };
      corpora.push(await measureCorpus(measuring));
      onResults({
        ...{ resultsVersion: 1, date, commit: describeCommit(), quick: request.quick },
        ...{ rounds: request.rounds, threads: THREADS, machine: describeMachine() },
        workPlace: kindOfPlace(workFolder),
        ...{ subjects: field.reported, startUp, corpora: [...corpora] },
      });
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** Ours always run: the others are compared with them. */
function assemble({ subjects: wanted, other }: Request): Field {
  const names = SUBJECT_NAMES.filter(
    (name) =>
      wanted.includes(name) ||
      name === 'ours' ||
      (name === 'ours-gzip' && wanted.some((each) => each === 'pigz')),
  );
  const all = names.map((name): Subject => ({ name, ...SUBJECTS[name] }));
  if (other !== undefined) all.splice(1, 0, otherBuild(other, cacheOptionsOf(other)));
  const reported = all.map(({ name, title }) => {
    const availability = availabilityOf(name);
    return {
      ...{ name, title },
      version: 'version' in availability ? availability.version : null,
      missing: 'missing' in availability ? availability.missing : null,
    };
  });
  const present = new Set(reported.filter(({ missing }) => missing === null).map((s) => s.name));
  return { subjects: all.filter(({ name }) => present.has(name)), reported };
}

function takesPart({ name, onlyOn }: Subject, corpus: BuiltCorpus, request: Request): boolean {
  const isAskedFor = request.subjects.length < SUBJECT_NAMES.length;
  if (onlyOn === undefined || onlyOn.includes(corpus.name)) return true;
  return isAskedFor && request.subjects.some((wanted) => wanted === name);
}

function buildCorpora(
  { corpora, quick }: Request,
  say: (line: string) => void,
): { readonly corpora: readonly BuiltCorpus[]; readonly tree: BuiltCorpus } {
  const built = corpora.flatMap((name) => {
    say(`corpus ${name}`);
    return buildCorpus(name, quick) ?? [];
  });
  const tree = built.find(({ name }) => name === 'small') ?? buildCorpus('small', quick);
  if (built.length === 0 || tree === undefined) {
    throw new BenchError('None of these corpora has a part in --quick.');
  }
  return { corpora: built, tree };
}

/** The first start of anything reads it from disk, which is not to fall upon the first round. */
function warmUp(subjects: readonly Subject[], tree: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  using copy = new WorkingCopy(tree, folder);
  for (const subject of subjects) {
    try {
      runSubject(subject, { folder: copy.folder, xargsBatch: 1 });
    } catch (error) {
      // A peer that fails here fails in the first round again, where it is reported.
      if (!(error instanceof CommandFailed) || subject.baseline === undefined) throw error;
    }
    copy.clean();
  }
}
