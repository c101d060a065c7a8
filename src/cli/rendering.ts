// Owns how a run is to be shown: which reporter, with progress and colours or without.
import { badSetting, CommandError } from './command-error.js';
import { REPORTER_NAMES, type ReporterName } from './reporter-name.js';
import type { Setting, Settings } from './setting.js';

/** How a run is to be shown. */
export interface Rendering {
  readonly reporter: ReporterName;
  /** Whether progress may be shown, where there is a place for it. */
  readonly progress: boolean;
  /** `--color` or `--no-color`; `undefined` when neither was given. */
  readonly color: boolean | undefined;
}

/** What is said by default where the command runs: under GitHub Actions, that its reporter is wanted. */
export function settingsOfPlace(
  env: Readonly<Record<string, string | undefined>>,
): Map<string, Setting> {
  if (env['GITHUB_ACTIONS'] !== 'true') return new Map();
  const [spelling, from] = ['GITHUB_ACTIONS', 'GITHUB_ACTIONS'];
  return new Map([['reporter', { value: 'github', spelling, got: '"true"', from }]]);
}

/** The reporters that have a flag of their own. Of several that are asked for, the first one here counts. */
const SHORT_FORMS = ['json', 'quiet', 'verbose'] as const;

/**
 * The reporter that a short form on the command line stands for.
 *
 * @throws CommandError when two contradict, `--reporter` among them
 */
export function readShortForms(typed: Settings): Map<string, Setting> {
  const long = typed.get('reporter');
  const asked = new Map<unknown, Setting>();
  if (long !== undefined) {
    asked.set(long.value, { ...long, spelling: `${long.spelling} ${String(long.value)}` });
  }
  for (const name of SHORT_FORMS) {
    const setting = typed.get(name);
    if (setting !== undefined && readSwitch(typed, name) === true) asked.set(name, setting);
  }
  const name = SHORT_FORMS.find((form) => asked.has(form));
  const short = name === undefined ? undefined : asked.get(name);
  if (short === undefined) return new Map();
  // What --json prints carries all that --verbose says, and is what a quiet run is asked for.
  const isMixable = SHORT_FORMS.some((form) => form === long?.value) || long === undefined;
  const [one, other] = isMixable ? [asked.get('quiet'), asked.get('verbose')] : asked.values();
  if (one !== undefined && other !== undefined) {
    throw new CommandError(`${one.spelling} and ${other.spelling} contradict; drop one`);
  }
  return new Map([['reporter', { ...short, value: name }]]);
}

/** Reads how a run is to be shown. */
export function readRendering(settings: Settings): Rendering {
  const reporter = readReporter(settings.get('reporter'));
  const isQuiet = reporter === 'quiet' || readSwitch(settings, 'quiet') === true;
  return {
    reporter,
    progress: readSwitch(settings, 'progress') !== false && !isQuiet,
    color: readSwitch(settings, 'color'),
  };
}

function readReporter(setting: Setting | undefined): ReporterName {
  if (setting === undefined) return 'default';
  const name = REPORTER_NAMES.find((known) => known === setting.value);
  if (name === undefined) throw badSetting(setting, `one of ${REPORTER_NAMES.join(', ')}`);
  return name;
}

function readSwitch(settings: Settings, key: string): boolean | undefined {
  const setting = settings.get(key);
  if (setting === undefined) return undefined;
  if (typeof setting.value === 'boolean') return setting.value;
  throw badSetting(setting, 'true or false');
}
