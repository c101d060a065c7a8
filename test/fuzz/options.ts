// Owns the options that the fuzzer tries: all that the command has, as the library takes them and as the
// words of a command line. Has its own account of what its globs and lists mean.
import fc from 'fast-check';
import { DEFAULT_OPTIONS, type CompressOptions } from '../../src/index.js';
import { NO_ZSTD } from '../support/capability.js';

/** Options of a run but for its cache folder, which the sandbox knows. */
export type Chosen = Omit<CompressOptions, 'onEvent' | 'signal' | 'cacheDir'>;

/** Globs, and what they mean. */
const GLOBS: Readonly<Record<string, (path: string) => boolean>> = {
  '**/*.js': (path) => /\.js$/i.test(path),
  '*.CSS': (path) => /^[^/]*\.css$/i.test(path),
  d: (path) => /^d(\/|$)/i.test(path),
  'd/**': (path) => /^d\//i.test(path),
  '**/*.{gz,br}': (path) => /\.(gz|br)$/i.test(path),
  '[ab]*': (path) => /^[ab][^/]*$/i.test(path),
};

const globs = fc.subarray(Object.keys(GLOBS), { minLength: 1, maxLength: 2 });

/** Where this Node has it. At its best it would take longer than all the rest. */
const ZSTD: Chosen[] =
  NO_ZSTD === false
    ? [
        { zstd: true, zstdLevel: 1 },
        { zstd: true, zstdLevel: 9 },
        { gzip: false, brotli: false, zstd: true, zstdLevel: 3 },
      ]
    : [];

const codings = fc.constantFrom<Chosen[]>({}, {}, { gzip: false }, { brotli: false }, ...ZSTD);

/** All but `follow`, which is one for a whole history, and `dryRun`. */
export const options: fc.Arbitrary<Chosen> = fc
  .tuple(
    codings,
    fc.record({
      gzipLevel: fc.constantFrom(1, 6, 9, 0),
      brotliQuality: fc.constantFrom(1, 2, 4, 0, 5, 9),
      // To start a thread is half of what a case costs.
      threads: fc.constantFrom(1, 1, 2, 1, 3),
    }),
    fc.record(
      {
        maxRatio: fc.constantFrom(1, 0.95, 0.5, 0.2, 0),
        minSize: fc.constantFrom(0, 1, 100),
        skipExtensions: fc.constantFrom([], ['js'], ['.PNG', 'gz', 'br', 'zst']),
        keepValid: fc.boolean(),
        prune: fc.constantFrom<(boolean | 'all')[]>(true, false, 'all'),
        force: fc.boolean(),
        cache: fc.boolean(),
        cacheMaxSize: fc.constantFrom(0, 1000, 2 ** 30),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ include: globs, exclude: globs }, { requiredKeys: [] }) },
    ),
  )
  .map(([chosen, levels, others, named]) => ({ ...levels, ...others, ...named, ...chosen }));

/** As these, but such that a source of many megabytes takes no minute. */
export function hurried(chosen: Chosen): Chosen {
  return { ...chosen, gzipLevel: 1, brotliQuality: 2, zstdLevel: 1 };
}

/** The words of a command line that mean the same. */
export function wordsOf(chosen: Chosen): string[] {
  return Object.entries(chosen).flatMap(([key, value]: [string, unknown]) => {
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === undefined) return [];
    if (value === true) return [`--${flag}`];
    if (value === false) return [`--no-${flag}`];
    if (Array.isArray(value)) {
      // Commas inside braces do not divide.
      return value.length === 0 ? [`--${flag}=`] : value.map((item) => `--${flag}=${String(item)}`);
    }
    return typeof value === 'string' || typeof value === 'number' ? [`--${flag}=${value}`] : [];
  });
}

/** Why a path is left out by its name, or `undefined`. */
export function nameReason(
  path: string,
  chosen: Chosen,
  byExtension = true,
): 'extension' | 'excluded' | 'not included' | undefined {
  const { skipExtensions, include, exclude } = { ...DEFAULT_OPTIONS, ...chosen };
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ends = (extension: string) =>
    name.endsWith(`.${extension.replace(/^\./, '').toLowerCase()}`);
  if (byExtension && skipExtensions.some(ends)) return 'extension';
  const matches = (glob: string) => GLOBS[glob]?.(path) === true;
  if (exclude.some(matches)) return 'excluded';
  return include.length > 0 && !include.some(matches) ? 'not included' : undefined;
}
