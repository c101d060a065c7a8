// Owns the flags: one row for each, from which the command line is read and the help is written. A
// new option of the library does not compile until it has its row here.
import type { CompressOptions } from '../index.js';
import { readBytes, readDecimal, splitExtensions, splitGlobs } from './values.js';

/** The options that the command line can give; the others are for callers of the library. */
type OptionKey = Exclude<keyof CompressOptions, 'onEvent' | 'signal'>;

/** The headings of `--help`, in order. */
export const GROUPS = [
  'Which files:',
  'How they are compressed:',
  'Sidecars that are there:',
  'The cache:',
  'The run:',
  'Configuration:',
  'What is shown:',
] as const;

interface FlagBase {
  readonly describe: string;
  readonly group: (typeof GROUPS)[number];
  readonly short?: string;
}

/** A flag that is on or off: `--follow`, `--no-follow`, `--follow=false`. */
export interface BooleanFlag extends FlagBase {
  readonly kind: 'boolean';
  /** `'off'` when the help shows the form that turns it off, because it is on by default. */
  readonly shown?: 'off';
  /** A third value, behind `=` only: `--prune=all`. */
  readonly third?: string;
}

/** A flag with one value, of which the last counts, or a list, whose items add up. */
export interface ValueFlag<Value> extends FlagBase {
  readonly kind: 'value' | 'list';
  readonly placeholder: string;
  /** What is allowed, where the command line allows more than the library. */
  readonly allowed?: string;
  /** What the text means; the library checks it, and refuses `NaN` and `''`. */
  readonly read: (text: string) => Value;
  /** A size: a configuration may write it as text as well as by number. */
  readonly isSize?: true;
  /** Whether there is an off form as well: `--no-config`. */
  readonly hasOff?: true;
}

/** A flag that has no off form, because it asks for something else than a run. */
export interface RequestFlag extends FlagBase {
  readonly kind: 'request';
}

/** Any flag. */
export type Flag = BooleanFlag | ValueFlag<unknown> | RequestFlag;

type FlagOf<Value> = Value extends boolean ? BooleanFlag : ValueFlag<Value>;

/** The flags that stand for options of the library, by option. */
const OPTION_FLAGS = {
  skipExtensions: {
    kind: 'list',
    group: 'Which files:',
    placeholder: '<list>',
    describe:
      "extensions never to compress, comma-separated, instead of the default list below; '' for none",
    read: splitExtensions,
  },
  include: {
    kind: 'list',
    group: 'Which files:',
    placeholder: '<glob>',
    describe:
      "only what matches: 'js/**' or '**/*.{js,css}', relative to root; repeatable, comma-separable",
    read: splitGlobs,
  },
  exclude: {
    kind: 'list',
    group: 'Which files:',
    placeholder: '<glob>',
    describe: 'not what matches; wins over --include',
    read: splitGlobs,
  },
  minSize: {
    kind: 'value',
    group: 'Which files:',
    placeholder: '<bytes>',
    allowed: 'bytes, such as 500, 10kb or 1.5mb',
    describe: 'skip smaller files: 500, 10kb, 1.5mb (1kb is 1024 bytes); default 1',
    read: readBytes,
    isSize: true,
  },
  follow: {
    kind: 'boolean',
    group: 'Which files:',
    describe: 'descend into linked directories, each real directory once',
  },
  gzip: {
    kind: 'boolean',
    group: 'How they are compressed:',
    shown: 'off',
    describe: 'make no .gz files',
  },
  brotli: {
    kind: 'boolean',
    group: 'How they are compressed:',
    shown: 'off',
    describe: 'make no .br files',
  },
  gzipLevel: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<0-9>',
    describe: 'default 9, the smallest files',
    read: readDecimal,
  },
  brotliQuality: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<0-11>',
    describe: 'default 11, the smallest files',
    read: readDecimal,
  },
  maxRatio: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<0-1>',
    describe:
      'keep a file only when it has at most this share of its source, such as 0.95; default 1: when it is smaller',
    read: readDecimal,
  },
  keepValid: {
    kind: 'boolean',
    group: 'Sidecars that are there:',
    describe: 'leave those that decode to their source as they are, whatever made them',
  },
  prune: {
    kind: 'boolean',
    third: 'all',
    group: 'Sidecars that are there:',
    describe:
      'delete stale ones of every kind, and those written here whose source is gone; --prune=all: also what looks like one',
  },
  cache: {
    kind: 'boolean',
    shown: 'off',
    group: 'The cache:',
    describe: 'neither read nor write the cache',
  },
  cacheDir: {
    kind: 'value',
    group: 'The cache:',
    placeholder: '<dir>',
    allowed: 'the path of a folder',
    describe:
      'where it is; default: WN_COMPRESS_CACHE_DIR, else node_modules/.cache, else the cache folder of the user',
    read: (text) => text,
  },
  cacheMaxSize: {
    kind: 'value',
    group: 'The cache:',
    placeholder: '<bytes>',
    allowed: 'bytes, such as 500mb or 2gb',
    describe: 'what it may take: 500mb, 2gb; default 1gb',
    read: readBytes,
    isSize: true,
  },
  force: {
    kind: 'boolean',
    group: 'The cache:',
    describe: 'encode everything anew, and put it there',
  },
  threads: {
    kind: 'value',
    short: 't',
    group: 'The run:',
    placeholder: '<n>',
    describe: 'worker threads; default: as many as there are cores and memory for',
    read: readDecimal,
  },
  shard: {
    kind: 'value',
    group: 'The run:',
    placeholder: '<i>/<n>',
    allowed: 'one slice of several, such as 2/5',
    describe: 'the i-th of n slices of the tree, for as many machines; none by default',
    read: (text) => text,
  },
  dryRun: {
    kind: 'boolean',
    group: 'The run:',
    describe: 'do everything but write and delete; say what would be',
  },
} as const satisfies { [Key in OptionKey]: FlagOf<NonNullable<CompressOptions[Key]>> };

/** The flags that ask for another kind of run, and are the command line's own. */
export const MODE_FLAGS = {
  files: {
    kind: 'boolean',
    group: 'Which files:',
    describe: 'what is named are files, not a root: just these, as hooks name them',
  },
  filesFrom: {
    kind: 'value',
    group: 'Which files:',
    placeholder: '<file|->',
    describe: 'the same, named in a file or on stdin, one a line',
    read: (text) => text,
  },
  null: {
    kind: 'boolean',
    short: '0',
    group: 'Which files:',
    describe: 'of --files-from: NULs divide the names, and not newlines',
  },
  gitAdd: {
    kind: 'boolean',
    group: 'The run:',
    describe: 'stage the sidecars in git, for hooks before a commit',
  },
  check: {
    kind: 'boolean',
    group: 'The run:',
    describe:
      'write nothing; list sidecars that are stale, missing, oversized or orphaned, and exit 1',
  },
} as const satisfies Record<string, Flag>;

/** The flags that are about the configuration, and are the command line's own. */
export const CONFIG_FLAGS = {
  config: {
    kind: 'value',
    hasOff: true,
    group: 'Configuration:',
    placeholder: '<file>',
    describe:
      'default: wn-compress.config.{js,mjs,json}, or "wn-compress" in package.json, nearest upwards; --no-config: none',
    read: (text) => text,
  },
  printConfig: {
    kind: 'boolean',
    group: 'Configuration:',
    describe: 'only print the options that a run would have, and the place of each',
  },
} as const satisfies Record<string, Flag>;

/** The flags that are about what is shown, and are the command line's own. */
export const RENDERING_FLAGS = {
  verbose: {
    kind: 'boolean',
    short: 'v',
    group: 'What is shown:',
    describe: 'a line for each file written or skipped, and the largest savings',
  },
  quiet: { kind: 'boolean', short: 'q', group: 'What is shown:', describe: 'nothing but errors' },
  json: {
    kind: 'boolean',
    group: 'What is shown:',
    describe: 'the report as one JSON document on stdout',
  },
  progress: {
    kind: 'boolean',
    shown: 'off',
    group: 'What is shown:',
    describe: 'no progress on stderr',
  },
  color: {
    kind: 'boolean',
    shown: 'off',
    group: 'What is shown:',
    describe: 'no colours; NO_COLOR and FORCE_COLOR are heard too',
  },
  help: { kind: 'request', short: 'h', group: 'What is shown:', describe: 'this text' },
  version: { kind: 'request', group: 'What is shown:', describe: 'the version' },
} as const satisfies Record<string, Flag>;

/** A flag and how it is called. */
export interface NamedFlag {
  /** Without dashes: `gzip-level`. */
  readonly name: string;
  /** The key of its row: `gzipLevel`. */
  readonly key: string;
  readonly flag: Flag;
}

/** Every flag, in the order of the tables. */
export const FLAGS: readonly NamedFlag[] = Object.entries<Flag>({
  ...OPTION_FLAGS,
  ...MODE_FLAGS,
  ...CONFIG_FLAGS,
  ...RENDERING_FLAGS,
}).map(([key, flag]) => ({ name: flagName(key), key, flag }));

/** Of rendering, what a configuration may settle once and for all. */
const SETTLED_RENDERING = ['progress', 'color'];

/** Whether a configuration and the environment may say it, and not only the command line. */
function isSetting(key: string): boolean {
  return Object.hasOwn(OPTION_FLAGS, key) || SETTLED_RENDERING.includes(key);
}

/** All that a configuration and the environment may say. */
export const SETTING_KEYS: readonly string[] = [
  'root',
  ...FLAGS.map(({ key }) => key).filter(isSetting),
];

/** The flag of an option, or of rendering; `undefined` for what has none. */
export function findFlag(key: string): NamedFlag | undefined {
  return FLAGS.find((named) => named.key === key);
}

/** What the flag of an option is called: `gzip-level` for `gzipLevel`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
