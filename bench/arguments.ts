// Owns the command line of the benchmark: its options, their limits and the text of --help. Knows
// nothing of what is done with them.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CORPUS_NAMES, type CorpusName } from './corpora.js';
import { ArgumentError } from './errors.js';
import { PARTIAL_RESULTS_FOLDER, RESULTS_FOLDER } from './places.js';
import { SUBJECT_NAMES, type SubjectName } from './subjects.js';
import { defaultWorkPlace } from './work-folder.js';

/** What the command is asked for. */
export interface Request {
  /** What is to be done: measure, only build the corpora, render results anew, or explain. */
  readonly task: 'measure' | 'build' | 'render' | 'help';
  /** Whether to take small parts of the corpora and fewer repeats. */
  readonly quick: boolean;
  readonly corpora: readonly CorpusName[];
  readonly subjects: readonly SubjectName[];
  /** How often everything is measured. */
  readonly rounds: number;
  /** Another build to compare with: its `wn-compress.js`, absolute. */
  readonly other: string | undefined;
  /** A folder below which the subjects work on copies, absolute. */
  readonly workPlace: string;
  /** Where the results go, absolute. */
  readonly outFolder: string;
}

const MOST_ROUNDS = 100;
const FULL_ROUNDS = 3;
const QUICK_ROUNDS = 1;

/** The text of --help. */
export const HELP = `Usage: npm run bench -- [options]

Compares wn-compress with the bare codecs and with other compressors.

  --quick              small parts of the corpora, one round: within two minutes
  --corpus <names>     only these, comma-separated: ${CORPUS_NAMES.join(', ')}
  --subject <names>    only these beside our own, comma-separated:
                       ${SUBJECT_NAMES.slice(0, 7).join(', ')},
                       ${SUBJECT_NAMES.slice(7).join(', ')}
  --rounds <n>         how often everything is measured, 1 to ${MOST_ROUNDS}; ${FULL_ROUNDS}, with --quick ${QUICK_ROUNDS}
  --ours <path>        another build's dist/bin/wn-compress.js, measured beside this one
  --work <folder>      below which folder the subjects work; /dev/shm if there is room, which spares
                       the figures the moods of a disk, else the folder for temporary files
  --out <folder>       where the results go; bench/results for a full run, else bench/.results
  --build-only         build the corpora, measure nothing
  --write-readme       render bench/results anew from its latest.json, and into README.md
  --help               this text
`;

/**
 * Reads the command line.
 *
 * @param argv - the words behind the name of the script
 * @throws ArgumentError for an option or a value that makes no sense
 */
export function parseArguments(argv: readonly string[]): Request {
  const values = parse(argv);
  const quick = values.quick ?? false;
  const isFull =
    !quick && [values.corpus, values.subject, values.ours].every((value) => value === undefined);
  return {
    task: taskOf(values),
    quick,
    corpora: names('--corpus', values.corpus, CORPUS_NAMES),
    subjects: names('--subject', values.subject, SUBJECT_NAMES),
    rounds: readRounds(values.rounds, quick ? QUICK_ROUNDS : FULL_ROUNDS),
    other: values.ours === undefined ? undefined : resolve(values.ours),
    workPlace: resolve(values.work ?? defaultWorkPlace()),
    outFolder: resolve(values.out ?? (isFull ? RESULTS_FOLDER : PARTIAL_RESULTS_FOLDER)),
  };
}

type Values = ReturnType<typeof parse>;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean' },
        corpus: { type: 'string' },
        subject: { type: 'string' },
        rounds: { type: 'string' },
        ours: { type: 'string' },
        work: { type: 'string' },
        out: { type: 'string' },
        'build-only': { type: 'boolean' },
        'write-readme': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function taskOf(values: Values): Request['task'] {
  if (values.help === true) return 'help';
  if (values['build-only'] === true && values['write-readme'] === true) {
    throw new ArgumentError('--build-only and --write-readme are two tasks; give one of them.');
  }
  if (values['build-only'] === true) return 'build';
  return values['write-readme'] === true ? 'render' : 'measure';
}

/** Those of `known` that are named, in the order of `known`; all when nothing is given. */
function names<Name extends string>(
  option: string,
  value: string | undefined,
  known: readonly Name[],
): Name[] {
  if (value === undefined) return [...known];
  const given = value.split(',').map((word) => word.trim());
  const unknown = given.find((word) => !(known as readonly string[]).includes(word));
  if (unknown !== undefined) {
    throw new ArgumentError(`${option}: "${unknown}" is none of ${known.join(', ')}.`);
  }
  return known.filter((name) => given.includes(name));
}

/**
 * Reads a number of rounds.
 *
 * @throws ArgumentError when it is none
 */
export function readRounds(
  value: string | undefined,
  otherwise: number,
  option = '--rounds',
): number {
  if (value === undefined) return otherwise;
  if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > MOST_ROUNDS) {
    throw new ArgumentError(
      `${option}: "${value}" is not a whole number from 1 to ${MOST_ROUNDS}.`,
    );
  }
  return Number(value);
}
