// Owns the command line of the benchmark of the cache: its options and the text of --help. Knows nothing
// of what is done with them.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readRounds } from './arguments.js';
import { CORPUS_NAMES, type CorpusName } from './corpora.js';
import { ArgumentError } from './errors.js';
import { PARTIAL_RESULTS_FOLDER, RESULTS_FOLDER } from './places.js';
import { defaultWorkPlace } from './work-folder.js';

/** What the command is asked for. */
export interface CacheRequest {
  readonly isHelp: boolean;
  readonly quick: boolean;
  readonly corpus: CorpusName;
  /** How often a run that encodes everything is measured and each layout, and how often the others. */
  readonly coldRounds: number;
  readonly rounds: number;
  /** Entries of the two layouts. */
  readonly layoutEntries: number;
  /** A folder below which everything is done, absolute. */
  readonly workPlace: string;
  /** Where the results go, absolute. */
  readonly outFolder: string;
}

const FULL = { rounds: 7, coldRounds: 3, layoutEntries: 100_000 };
const QUICK = { rounds: 2, coldRounds: 1, layoutEntries: 5000 };

const DEFAULT_CORPUS = 'site';

/** The text of --help. */
export const CACHE_HELP = `Usage: npm run bench:cache -- [options]

Measures what the cache costs a first run and what it saves the following ones.

  --quick          a small part of the corpus, few rounds: within a minute
  --corpus <name>  one of ${CORPUS_NAMES.join(', ')}; ${DEFAULT_CORPUS}
  --rounds <n>     how often short runs are measured, 1 to 100; ${FULL.rounds}, with --quick ${QUICK.rounds}
  --cold-rounds <n>
                   how often what encodes everything, and the layouts; ${FULL.coldRounds}, with --quick ${QUICK.coldRounds}
  --work <folder>  below which folder; /dev/shm if there is room, else the one for temporary files
  --out <folder>   where the results go; bench/results for a full run, else bench/.results
  --help           this text
`;

/**
 * Reads the command line.
 *
 * @param argv - the words behind the name of the script
 * @throws ArgumentError for an option or a value that makes no sense
 */
export function parseCacheArguments(argv: readonly string[]): CacheRequest {
  const values = parse(argv);
  const quick = values.quick ?? false;
  const extent = quick ? QUICK : FULL;
  const rounds = readRounds(values.rounds, extent.rounds);
  const corpus = CORPUS_NAMES.find((name) => name === (values.corpus ?? DEFAULT_CORPUS));
  if (corpus === undefined) {
    throw new ArgumentError(`--corpus: "${values.corpus}" is none of ${CORPUS_NAMES.join(', ')}.`);
  }
  const isFull = !quick && corpus === DEFAULT_CORPUS;
  return {
    isHelp: values.help ?? false,
    ...{ quick, corpus, rounds, layoutEntries: extent.layoutEntries },
    coldRounds: readRounds(values['cold-rounds'], extent.coldRounds, '--cold-rounds'),
    workPlace: resolve(values.work ?? defaultWorkPlace()),
    outFolder: resolve(values.out ?? (isFull ? RESULTS_FOLDER : PARTIAL_RESULTS_FOLDER)),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean' },
        corpus: { type: 'string' },
        rounds: { type: 'string' },
        'cold-rounds': { type: 'string' },
        work: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}
