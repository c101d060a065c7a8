// Owns the way from the words of the command line to a request: what to compress, with which options,
// shown how. Limits are the library's; here they are only said in the words of the command line.
import type { CacheOptions, CheckOptions, CompressOptions } from '../index.js';
import { CommandError, fromUsageError } from './command-error.js';
import { FLAGS, MODE_FLAGS, RENDERING_FLAGS } from './flags.js';
import type { AnswerRequest } from './request.js';
import { sanitize } from './sanitize.js';
import { readWords, type Words } from './spelling.js';

/** How a run is to be shown. */
export interface Rendering {
  readonly mode: 'summary' | 'verbose' | 'quiet' | 'json';
  /** Whether progress may be shown, where there is a place for it. */
  readonly progress: boolean;
  /** `--color` or `--no-color`; `undefined` when neither was given. */
  readonly color: boolean | undefined;
}

/** What the command line asks for. */
export type Request =
  | AnswerRequest
  | {
      readonly type: 'run';
      readonly root: string;
      readonly options: CompressOptions;
      readonly rendering: Rendering;
    }
  | {
      readonly type: 'check';
      readonly root: string;
      readonly options: CheckOptions;
      readonly rendering: Rendering;
    }
  | {
      readonly type: 'cache';
      readonly action: CacheAction;
      readonly options: CacheOptions;
      readonly rendering: Rendering;
    };

/** What can be done to the cache by itself. */
export type CacheAction = (typeof CACHE_ACTIONS)[number];

const CACHE_ACTIONS = ['path', 'stats', 'prune', 'clear'] as const;

const USAGE = 'usage: wn-compress <root> [extensions..]; see wn-compress --help';

/**
 * Reads a command line.
 *
 * @param argv - the words behind the name of the command
 * @throws CommandError when it makes no sense
 */
export async function parseArguments(argv: readonly string[]): Promise<Request> {
  const words = readWords(argv);
  if (words.request === 'help' || words.request === 'version') return { type: words.request };
  const values = await collectValues(words);
  const [root, ...extensions] = words.positionals;
  if (root === 'cache') return readCacheRequest(extensions, values, words);
  if (root === undefined || root === '') {
    const problem = root === '' ? 'the root is empty' : 'no root was given';
    throw new CommandError(`${problem}: which directory is to be compressed?\n${USAGE}`);
  }
  checkExtensions(root, extensions);
  const options = await checkedOptions(readOptions(values, extensions), words);
  const rendering = readRendering(values, words);
  if (values.get('check') !== true) return { type: 'run', root, options, rendering };
  for (const key of ['prune', 'keepValid', 'dryRun']) {
    const spelling = words.typed.get(key)?.spelling;
    if (spelling !== undefined) {
      throw new CommandError(`--check writes nothing, and ${spelling} is about writing; drop one`);
    }
  }
  return { type: 'check', root, options, rendering };
}

/** `cache` is a command; a folder of that name is `./cache`. */
async function readCacheRequest(
  [word, ...rest]: readonly string[],
  values: Values,
  words: Words,
): Promise<Request> {
  const action = CACHE_ACTIONS.find((name) => name === word);
  if (action === undefined || rest.length > 0) {
    throw new CommandError(
      `cache: expected one of ${CACHE_ACTIONS.join(', ')}` +
        sanitize(word === undefined ? '' : `, got ${[word, ...rest].join(' ')}`) +
        '\nA folder of that name is ./cache',
    );
  }
  const { cacheDir, cacheMaxSize, ...others } = await checkedOptions(
    readOptions(values, []),
    words,
  );
  const isMode = (key: string): boolean => words.typed.has(key);
  const other = Object.keys(others)[0] ?? Object.keys(MODE_FLAGS).find(isMode);
  if (other !== undefined) {
    const spelling = words.typed.get(other)?.spelling ?? other;
    throw new CommandError(`cache ${action}: ${spelling} is not for this command; drop it`);
  }
  const options = {
    ...(cacheDir === undefined ? {} : { cacheDir }),
    ...(cacheMaxSize === undefined ? {} : { cacheMaxSize }),
  };
  return { type: 'cache', action, options, rendering: readRendering(values, words) };
}

/** The keys of the flags that are no options of the library. */
const OWN_KEYS = new Set(Object.keys({ ...MODE_FLAGS, ...RENDERING_FLAGS }));

type Values = ReadonlyMap<string, unknown>;

/** Values by key of the flag: a text or several, a boolean, or `true` for a missing value. */
async function collectValues({ options }: Words): Promise<Values> {
  // yargs costs as much as Node itself to start, and most runs give it nothing to read.
  if (options.length === 0) return new Map();
  const { default: yargs } = await import('yargs');
  const collected = await yargs([...options])
    .help(false)
    .version(false)
    .detectLocale(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .parseAsync();
  const values = new Map<string, unknown>();
  for (const { name, key } of FLAGS) {
    if (Object.hasOwn(collected, name)) values.set(key, collected[name]);
  }
  return values;
}

/** Only the options that were given, with `NaN` or `null` for what the library has to refuse. */
function readOptions(values: Values, extensions: readonly string[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { key, flag } of FLAGS) {
    if (!values.has(key) || OWN_KEYS.has(key)) continue;
    const texts: unknown[] = [values.get(key)].flat();
    const last = texts.at(-1);
    if (flag.kind === 'boolean') options[key] = last;
    else if (flag.kind === 'value') {
      options[key] = typeof last === 'string' ? flag.read(last) : null;
    } else if (flag.kind === 'list') {
      const { read } = flag;
      options[key] = texts.flatMap((text) => (typeof text === 'string' ? read(text) : [null]));
    }
  }
  if (extensions.length > 0) {
    options['skipExtensions'] = [options['skipExtensions'] ?? [], extensions].flat();
  }
  return options;
}

/** Has the library check the options; what it finds wrong is said in the words that were typed. */
async function checkedOptions(
  options: Record<string, unknown>,
  { typed }: Words,
): Promise<CompressOptions> {
  if (options['gzip'] === false && options['brotli'] === false) {
    throw new CommandError('--no-gzip and --no-brotli together leave nothing to make; drop one');
  }
  const { resolveOptions, UsageError } = await import('../index.js');
  try {
    resolveOptions(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw fromUsageError(error, typed.get(error.option));
  }
  return options;
}

/** A list of paths behind the root is a glob that the shell expanded, or a second root. */
function checkExtensions(root: string, extensions: readonly string[]): void {
  const path = extensions.find((extension) => /[/\\]/.test(extension));
  if (path !== undefined) {
    throw new CommandError(
      sanitize(`one root only, and ${JSON.stringify(path)} behind it is no extension`) +
        `\nGive the directory itself (the shell expands dir/*), and choose with --include 'js/**'`,
    );
  }
  const wildcard = extensions.find((extension) => /[*?]/.test(extension));
  if (wildcard !== undefined) {
    const bare = wildcard.replace(/^\*?\.?/, '');
    throw new CommandError(
      sanitize(
        `an extension behind the root has no wildcards, and ${JSON.stringify(wildcard)} has`,
      ) + sanitize(`; write ${bare} for what is not to be compressed`),
    );
  }
  const dashed = extensions.find((extension) => /^[\u2010-\u2015\u2212]/.test(extension));
  if (dashed !== undefined) {
    throw new CommandError(
      sanitize(`${JSON.stringify(dashed)} begins with a dash that is no hyphen; type it anew`),
    );
  }
  if (extensions.includes('')) {
    throw new CommandError(
      `an extension behind the root is empty; to exclude none: ${sanitize(root)} --skip-extensions ''`,
    );
  }
}

function readRendering(values: Values, { typed }: Words): Rendering {
  const isOn = (key: keyof typeof RENDERING_FLAGS): boolean | undefined => {
    const last: unknown = [values.get(key)].flat().at(-1);
    return typeof last === 'boolean' ? last : undefined;
  };
  if (isOn('quiet') === true && isOn('verbose') === true) {
    const spelling = (key: string) => typed.get(key)?.spelling ?? '';
    throw new CommandError(`${spelling('quiet')} and ${spelling('verbose')} contradict; drop one`);
  }
  return {
    mode: modeOf(isOn),
    progress: isOn('progress') !== false && isOn('quiet') !== true,
    color: isOn('color'),
  };
}

function modeOf(isOn: (key: 'json' | 'quiet' | 'verbose') => boolean | undefined) {
  // What --json prints carries all that --verbose says, and is what a quiet run is asked for.
  for (const mode of ['json', 'quiet', 'verbose'] as const) if (isOn(mode) === true) return mode;
  return 'summary';
}
