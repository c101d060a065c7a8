// Owns the way from the command line, the environment and the configuration to a request: what to compress,
// with which options, shown how. Limits are the library's; here they are only said in the words of whoever
// gave the value.
import type { CacheOptions, CheckOptions, CompressOptions, ResolvedOptions } from '../index.js';
import { badSetting, CommandError, fromUsageError } from './command-error.js';
import { readCommandLine } from './command-line.js';
import { CACHE_ACTIONS, type CacheAction, type Shell } from './commands.js';
import { readConfigFile } from './config-file.js';
import { readEnvironment } from './environment.js';
import { readFileList } from './file-list.js';
import { CACHE_COMMAND_KEYS } from './flags.js';
import { CONFIG_FLAGS, MODE_FLAGS, RENDERING_FLAGS } from './own-flags.js';
import { readRendering, readShortForms, settingsOfPlace, type Rendering } from './rendering.js';
import { readReportPath } from './report-path.js';
import type { AnswerRequest } from './request.js';
import { sanitize } from './sanitize.js';
import { mergeSettings, valuesOf, type Settings } from './setting.js';
import { readWords, type Words } from './spelling.js';

/** What is to be compressed or checked: a root, or files, which may have one as well. */
export type Target =
  | { readonly root: string; readonly files?: undefined }
  | { readonly root: string | undefined; readonly files: readonly string[] };

/** What the command line asks for. */
export type Request =
  | AnswerRequest
  | {
      readonly type: 'run';
      readonly target: Target;
      readonly options: CompressOptions;
      /** Whether the sidecars are to be staged in git. */
      readonly gitAdd: boolean;
      /** Where a page of the report is to be, if anywhere. */
      readonly report: string | undefined;
      readonly rendering: Rendering;
    }
  | {
      readonly type: 'check';
      readonly target: Target;
      readonly options: CheckOptions;
      readonly rendering: Rendering;
    }
  | {
      readonly type: 'cache';
      readonly action: CacheAction;
      readonly options: CacheOptions;
      readonly rendering: Rendering;
    }
  | { readonly type: 'completion'; readonly shell: Shell }
  | {
      readonly type: 'print-config';
      readonly settings: Settings;
      readonly resolved: ResolvedOptions;
      readonly rendering: Rendering;
    };

const USAGE = 'usage: wn-compress <root> [extensions..]; see wn-compress --help';

/** What is about writing: refused on the command line of a check, and passed over elsewhere. */
const WRITING_OPTIONS = ['prune', 'keepValid', 'dryRun'];

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a command line, and what it does not say from the environment and the configuration.
 *
 * @param argv - the words behind the name of the command
 * @throws CommandError when any of it makes no sense
 */
export async function parseArguments(
  argv: readonly string[],
  env: Environment = {},
): Promise<Request> {
  const words = readWords(argv);
  if (words.request === 'help' || words.request === 'version') return { type: words.request };
  const [word, ...others] = words.positionals;
  const isList = namesFiles(words) || words.typed.has('filesFrom');
  if (word === 'completion' && !isList) {
    const { readCompletion } = await import('./completion.js');
    return { type: 'completion', shell: readCompletion(others, words.typed, env) };
  }
  const action = word === 'cache' && !isList ? readCacheAction(others) : undefined;
  const hasRoot = action === undefined && !isList;
  const typed = await readCommandLine(hasRoot ? words : { ...words, positionals: [] });
  const all = [
    settingsOfPlace(env),
    await readFileSettings(typed.get('config')?.value),
    readEnvironment(env),
    typed,
    readShortForms(typed),
  ];
  const settings = mergeSettings(...all);
  const resolved = await resolve(settings, all);
  // What is outdone is to make sense as well.
  for (const some of all) readRendering(some);
  const rendering = readRendering(settings);
  if (action !== undefined) {
    return { type: 'cache', action, options: readCacheOptions(action, settings, typed), rendering };
  }
  const report = readReportPath(settings);
  if (settings.get('printConfig')?.value === true) {
    return { type: 'print-config', settings, resolved, rendering };
  }
  const target = isList ? await readList(words, settings) : { root: readRoot(settings) };
  const options: CompressOptions = valuesOf(optionsOf(settings));
  if (settings.get('check')?.value !== true) {
    const gitAdd = settings.get('gitAdd')?.value === true;
    return { type: 'run', target, options, gitAdd, report, rendering };
  }
  return { type: 'check', target, options: readCheckOptions(options, typed), rendering };
}

/** Whether the words are files; `--no-files` may outdo what an alias says. */
function namesFiles({ typed }: Words): boolean {
  const files = typed.get('files');
  return files?.spelling === '--files' && files.text !== 'false';
}

/** The files that were named, and where they belong. */
async function readList({ positionals }: Words, settings: Settings): Promise<Target> {
  const from = settings.get('filesFrom');
  if (from !== undefined && (typeof from.value !== 'string' || from.value === '')) {
    throw badSetting(from, 'a file, or - for stdin');
  }
  if (positionals.length > 0 && settings.get('files')?.value !== true) {
    const word = sanitize(JSON.stringify(positionals[0]));
    throw new CommandError(
      `${word} stands beside --files-from; add --files if it is a file as well`,
    );
  }
  const isNull = settings.get('null')?.value === true;
  const listed = from === undefined ? [] : await readFileList(from.value as string, isNull);
  const root = settings.get('root')?.value as string | undefined;
  return { root: root === '' ? undefined : root, files: [...positionals, ...listed] };
}

async function readFileSettings(config: unknown): Promise<Settings> {
  if (config === false) return new Map();
  if (config === null || config === '') {
    throw new CommandError('--config: expected the path of a file, got nothing');
  }
  return readConfigFile(config as string | undefined);
}

/** `cache` is a command; a folder of that name is `./cache`. */
function readCacheAction([word, ...rest]: readonly string[]): CacheAction {
  const action = CACHE_ACTIONS.find((name) => name === word);
  if (action !== undefined && rest.length === 0) return action;
  throw new CommandError(
    `cache: expected one of ${CACHE_ACTIONS.join(', ')}` +
      sanitize(word === undefined ? '' : `, got ${[word, ...rest].join(' ')}`) +
      '\nA folder of that name is ./cache',
  );
}

function readCacheOptions(action: CacheAction, settings: Settings, typed: Settings): CacheOptions {
  const { cacheDir, cacheMaxSize } = valuesOf(settings) as CacheOptions;
  for (const [key, { spelling }] of typed) {
    if (CACHE_COMMAND_KEYS.includes(key)) continue;
    throw new CommandError(`cache ${action}: ${spelling} is not for this command; drop it`);
  }
  return {
    ...(cacheDir === undefined ? {} : { cacheDir }),
    ...(cacheMaxSize === undefined ? {} : { cacheMaxSize }),
  };
}

function readRoot(settings: Settings): string {
  const root = settings.get('root')?.value;
  if (typeof root === 'string' && root !== '') return root;
  const problem = root === undefined ? 'no root was given' : 'the root is empty';
  throw new CommandError(`${problem}: which directory is to be compressed?\n${USAGE}`);
}

function readCheckOptions(options: CompressOptions, typed: Settings): CheckOptions {
  for (const key of [...WRITING_OPTIONS, 'gitAdd']) {
    const spelling = typed.get(key)?.spelling;
    if (spelling !== undefined) {
      throw new CommandError(`--check writes nothing, and ${spelling} is about writing; drop one`);
    }
  }
  const isKept = ([key]: [string, unknown]): boolean => !WRITING_OPTIONS.includes(key);
  return Object.fromEntries(Object.entries(options).filter(isKept));
}

/** The keys of what is no option of the library. */
const OWN_KEYS = new Set([
  'root',
  ...Object.keys({ ...MODE_FLAGS, ...CONFIG_FLAGS, ...RENDERING_FLAGS }),
]);

function optionsOf(settings: Settings): Settings {
  return new Map([...settings].filter(([key]) => !OWN_KEYS.has(key)));
}

/**
 * Has the library check the options, those that are outdone too; what it finds wrong is said in the words of
 * whoever gave it.
 */
async function resolve(settings: Settings, all: readonly Settings[]): Promise<ResolvedOptions> {
  const [gzip, brotli] = [settings.get('gzip'), settings.get('brotli')];
  if (gzip?.value === false && brotli?.value === false && settings.get('zstd')?.value !== true) {
    const spellings = `${gzip.spelling} and ${brotli.spelling}`;
    throw new CommandError(`${spellings} together leave nothing to make; drop one, or add --zstd`);
  }
  const { resolveOptions, UsageError } = await import('../index.js');
  const checked = (some: Settings, others = {}): ResolvedOptions => {
    const root = some.get('root');
    if (root !== undefined && typeof root.value !== 'string') {
      throw badSetting(root, 'the path of a folder');
    }
    try {
      return resolveOptions({ ...valuesOf(optionsOf(some)), ...others });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw fromUsageError(error, some.get(error.option));
    }
  };
  // With all content-codings off, what is outdone may well be turned on by what outdoes it; and one that this
  // Node.js does not have, turned off.
  for (const some of all) {
    const isOn = { brotli: true, zstd: false };
    const isBoolean = ([key]: [string, unknown]) => typeof some.get(key)?.value === 'boolean';
    checked(some, Object.fromEntries(Object.entries(isOn).filter(isBoolean)));
  }
  return checked(settings);
}
