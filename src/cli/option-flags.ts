// Owns the flags that stand for options of the library, one row for each: a new option does not compile
// until it has its row here.
import type { CompressOptions } from '../index.js';
import type { BooleanFlag, ValueFlag } from './flag.js';
import { readBytes, readDecimal, splitExtensions, splitGlobs } from './values.js';

/** The options that the command line can give; the others are for callers of the library. */
type OptionKey = Exclude<keyof CompressOptions, 'onEvent' | 'signal'>;

/** `first` to `last`, as they are typed. */
function numbers(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

type FlagOf<Value> = Value extends boolean ? BooleanFlag : ValueFlag<Value>;

/** The flags that stand for options of the library, by option. */
export const OPTION_FLAGS = {
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
  zstd: {
    kind: 'boolean',
    group: 'How they are compressed:',
    describe: 'make .zst files too, with Node.js 22.15 or later',
  },
  gzipLevel: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<0-9>',
    choices: numbers(0, 9),
    describe: 'default 9, the smallest files',
    read: readDecimal,
  },
  brotliQuality: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<0-11>',
    choices: numbers(0, 11),
    describe: 'default 11, the smallest files',
    read: readDecimal,
  },
  zstdLevel: {
    kind: 'value',
    group: 'How they are compressed:',
    placeholder: '<1-22>',
    choices: numbers(1, 22),
    describe: 'default 19',
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
    names: 'folder',
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
    allowed: '<i>/<n> with i from 1 to n, such as 2/5',
    describe: 'the i-th of n slices of the tree, for as many machines; none by default',
    read: (text) => text,
  },
  dryRun: {
    kind: 'boolean',
    group: 'The run:',
    describe: 'do everything but write and delete; say what would be',
  },
} as const satisfies { [Key in OptionKey]: FlagOf<NonNullable<CompressOptions[Key]>> };
