// Owns what the environment says about a run: `WN_COMPRESS_BROTLI_QUALITY=5` is `--brotli-quality 5`. A
// variable that is set to nothing counts as not set.
import { CommandError } from './command-error.js';
import type { Flag } from './flag.js';
import { findFlag, FLAGS, SETTING_KEYS } from './flags.js';
import { sanitize } from './sanitize.js';
import type { Setting, Settings } from './setting.js';
import { hintFor, typedOnly } from './suggest.js';

const PREFIX = 'WN_COMPRESS_';

/** The variable of an option: `WN_COMPRESS_GZIP_LEVEL` for `gzipLevel`. */
function variableOf(key: string): string {
  return PREFIX + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * The settings of the environment.
 *
 * @throws CommandError for a variable of ours that stands for no option
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
  const known = new Map(SETTING_KEYS.map((key) => [variableOf(key), key]));
  const settings = new Map<string, Setting>();
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined || text === '') continue;
    const key = known.get(name);
    if (key === undefined) {
      const flag = FLAGS.find((one) => variableOf(one.key) === name);
      const hint = flag === undefined ? nameHint(name, [...known.keys()]) : typedOnly(flag);
      throw new CommandError(sanitize(`unknown variable ${name} in the environment: ${hint}`));
    }
    const flag = findFlag(key)?.flag;
    const value = flag === undefined ? text : readText(flag, text);
    settings.set(key, { value, spelling: name, got: JSON.stringify(text), from: name });
  }
  return settings;
}

/** The hint about a name, without what all have in common: it would make any two of them look alike. */
function nameHint(name: string, known: readonly string[]): string {
  const bare = (variable: string) => variable.slice(PREFIX.length);
  return hintFor(bare(name), known.map(bare), PREFIX);
}

/** What the text of a variable means; `null` for what is refused. */
function readText(flag: Flag, text: string): unknown {
  if (flag.kind === 'value' || flag.kind === 'list') return flag.read(text);
  if (flag.kind !== 'boolean') return null;
  if (text === flag.third) return text;
  return { true: true, 1: true, false: false, 0: false }[text] ?? null;
}
