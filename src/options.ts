// Owns the options: their types, their defaults and their limits. The only place with defaults;
// whoever comes after gets every option resolved and within its limits.
import { DEFAULT_EXCLUDED_EXTENSIONS } from './excluded-extensions.js';
import { UsageError } from './errors.js';
import type { RunEvent } from './event.js';
import { availableThreads } from './parallelism.js';
import { parseShard } from './shard.js';
import { CAN_ENCODE_ZSTD } from './zstd-encoder.js';

/** What a caller may ask for. Every field may be left out; see `DEFAULT_OPTIONS`. */
export interface CompressOptions {
  /**
   * Extensions of files that are never compressed, with or without a leading dot, matched
   * case-insensitively at the end of the name. Replaces the default list; `[]` excludes none.
   * Default: `DEFAULT_EXCLUDED_EXTENSIONS`.
   */
  readonly skipExtensions?: readonly string[];
  /**
   * Globs relative to root, case-insensitive; only files that match one are compressed. A glob that
   * names a folder means all that is in it. A leading `!` is refused. Default: `[]`, which means all.
   */
  readonly include?: readonly string[];
  /** Globs as in `include`; files that match one are skipped, also when included. Default: `[]`. */
  readonly exclude?: readonly string[];
  /** Sources smaller than this many bytes are skipped; empty ones always are. Default: 1. */
  readonly minSize?: number;
  /**
   * A variant is kept only at encodedBytes / sourceBytes ≤ `maxRatio`, from 0 to 1, and whatever it
   * is, only when it is smaller than its source. WhiteNoise's rule is 0.95. Default: 1.
   */
  readonly maxRatio?: number;
  /** Whether to make gzip variants. Default: true. */
  readonly gzip?: boolean;
  /** Whether to make brotli variants. Default: true. */
  readonly brotli?: boolean;
  /** Whether to make zstd variants; Node.js can from 22.15 on, but not 23.0 to 23.7. Default: false. */
  readonly zstd?: boolean;
  /** zlib's compression level, 0 to 9. Default: 9. */
  readonly gzipLevel?: number;
  /** Brotli's quality, 0 to 11. Default: 11. */
  readonly brotliQuality?: number;
  /** zstd's compression level, 1 to 22; above 19 at some more memory. Default: 19. */
  readonly zstdLevel?: number;
  /**
   * Worker threads, 1 to 1024; fewer are started where there are not enough work, memory or open files.
   * Default: the available parallelism, within cgroup CPU limits.
   */
  readonly threads?: number;
  /**
   * One slice of the tree, for one of several machines: `'2/5'` is the second of five. Divided by size, the
   * same on every machine; each source is in just one slice. Default: the whole.
   */
  readonly shard?: string;
  /** Whether to descend into linked directories, each real directory once. Default: false. */
  readonly follow?: boolean;
  /** Do everything but write and delete. Default: false. */
  readonly dryRun?: boolean;
  /**
   * Leave a sidecar that decodes to its source and is small enough as it is, whatever made it: for
   * sidecars that are committed, which another version of a codec would change. Default: false.
   */
  readonly keepValid?: boolean;
  /**
   * Delete sidecars that no variant replaces: those that do not decode to the source beside them, though
   * their content-coding is off or their source is left out, and those whose source is gone, where the
   * cache's record of the root proves that they were written here. `'all'` also deletes those whose
   * source is gone and of which nothing is known. Default: false.
   */
  readonly prune?: boolean | 'all';
  /** Whether to use the cache. Default: true. */
  readonly cache?: boolean;
  /**
   * The folder of the cache. Default: `WN_COMPRESS_CACHE_DIR` of the environment, else
   * `node_modules/.cache/wn-compress` in the nearest `node_modules` at or above the working directory, if it
   * may be written to, else the user's cache folder of the platform.
   */
  readonly cacheDir?: string;
  /** Bytes that the cache may take; what was used longest ago goes first. Default: 1 GiB. */
  readonly cacheMaxSize?: number;
  /** Encode everything anew, whatever the cache holds, and put it there. Default: false. */
  readonly force?: boolean;
  /** Told what the run does while it does it. What it throws ends the run. Default: none. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Ends the run: it rejects with an `AbortError` and leaves nothing half written. Default: none. */
  readonly signal?: AbortSignal;
}

/** What a caller may ask for who names each file. */
export interface FilesOptions extends CompressOptions {
  /**
   * The folder that globs and the paths in the report are relative to; files elsewhere are skipped as
   * `outside-root`. Default: the working directory, and files elsewhere are called as they are given.
   */
  readonly root?: string;
}

/** The options of a run with every default filled in and every value within its limits. */
export type ResolvedOptions = Required<Omit<CompressOptions, WithoutDefault>> &
  Pick<CompressOptions, WithoutDefault>;

/** What is not there unless it is given, or depends on where a run is started. */
type WithoutDefault = 'onEvent' | 'signal' | 'cacheDir' | 'shard';

/** The defaults. `threads` stands as it is on this machine, when this module was loaded. */
export const DEFAULT_OPTIONS = {
  skipExtensions: DEFAULT_EXCLUDED_EXTENSIONS,
  include: [],
  exclude: [],
  minSize: 1,
  maxRatio: 1,
  gzip: true,
  brotli: true,
  zstd: false,
  gzipLevel: 9,
  brotliQuality: 11,
  zstdLevel: 19,
  threads: availableThreads(),
  follow: false,
  dryRun: false,
  keepValid: false,
  prune: false,
  cache: true,
  cacheMaxSize: 2 ** 30,
  force: false,
} as const satisfies Required<Omit<CompressOptions, WithoutDefault>>;

/** The most worker threads that may be asked for: more is a slip of the keyboard. */
const MAX_THREADS = 1024;

/** In a list where `exclude` wins, nobody could tell what a negated glob means: it is refused. */
const GLOBS = 'globs without a leading "!" (use the opposite option, or "\\!" for the character)';

const NO_ZSTD =
  'this Node.js has no zstd; 22.15 and later have it, but not 23.0 to 23.7: use one of them, or leave zstd off';

type Check = (option: string, value: unknown) => void;

const CHECKS: Readonly<Record<keyof CompressOptions, Check>> = {
  skipExtensions: stringList('extensions such as "png"', (item) => !/[/\\*?]/.test(item)),
  include: stringList(GLOBS, isGlob),
  exclude: stringList(GLOBS, isGlob),
  minSize: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number of bytes, 0 or more'),
  maxRatio: numberBetween(0, 1),
  gzip: boolean,
  brotli: boolean,
  zstd: boolean,
  gzipLevel: wholeNumber(0, 9),
  brotliQuality: wholeNumber(0, 11),
  zstdLevel: wholeNumber(1, 22),
  threads: wholeNumber(1, MAX_THREADS),
  shard: (option, value) => {
    if (typeof value !== 'string' || parseShard(value) === undefined) {
      throw new UsageError(option, value, 'a slice i/n with i from 1 to n, such as "2/5"');
    }
  },
  follow: boolean,
  dryRun: boolean,
  keepValid: boolean,
  prune: (option, value) => {
    if (typeof value !== 'boolean' && value !== 'all') {
      throw new UsageError(option, value, 'true, false or "all"');
    }
  },
  cache: boolean,
  cacheDir: (option, value) => {
    if (typeof value !== 'string' || value === '' || value.includes('\0')) {
      throw new UsageError(option, value, 'the path of a folder');
    }
  },
  cacheMaxSize: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number of bytes, 0 or more'),
  force: boolean,
  onEvent: (option, value) => {
    if (typeof value !== 'function') throw new UsageError(option, value, 'a function');
  },
  signal: (option, value) => {
    // By its shape: a signal of another realm is as good.
    if (!(typeof value === 'object' && value !== null && 'aborted' in value))
      throw new UsageError(option, value, 'an AbortSignal');
  },
};

/**
 * Fills in the defaults and checks every value. A field that is `undefined` counts as left out.
 *
 * @throws UsageError for an unknown option, a value outside its limits, no content-coding at all, or one that
 *   this Node does not have
 */
export function resolveOptions(options: CompressOptions = {}): ResolvedOptions {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new UsageError('options', options, 'an object');
  }
  const given: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(options) as [string, unknown][]) {
    if (!Object.hasOwn(CHECKS, option)) {
      throw new UsageError(option, value, `one of ${Object.keys(CHECKS).join(', ')}`);
    }
    if (value === undefined) continue;
    CHECKS[option as keyof CompressOptions](option, value);
    given[option] = value;
  }
  const resolved: ResolvedOptions = { ...DEFAULT_OPTIONS, ...given };
  if (!resolved.gzip && !resolved.brotli && !resolved.zstd) {
    throw new UsageError('brotli', false, 'at least one of gzip, brotli and zstd to be on');
  }
  if (resolved.zstd && !CAN_ENCODE_ZSTD) throw new UsageError('zstd', true, 'false', NO_ZSTD);
  return resolved;
}

function isGlob(item: string): boolean {
  return item !== '' && !/^!(?!\()/.test(item);
}

function boolean(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new UsageError(option, value, 'true or false');
}

function numberBetween(low: number, high: number): Check {
  return (option, value) => {
    if (typeof value !== 'number' || !(value >= low && value <= high)) {
      throw new UsageError(option, value, `a number from ${low} to ${high}`);
    }
  };
}

function wholeNumber(
  low: number,
  high: number,
  allowed = `a whole number from ${low} to ${high}`,
): Check {
  return (option, value) => {
    if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
      throw new UsageError(option, value, allowed);
    }
  };
}

function stringList(what: string, isValid: (item: string) => boolean): Check {
  return (option, value) => {
    const valid =
      Array.isArray(value) && value.every((item) => typeof item === 'string' && isValid(item));
    if (!valid) throw new UsageError(option, value, `a list of ${what}`);
  };
}
