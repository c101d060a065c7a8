// Owns the list of all flags, from which the command line is read and the help is written, and the names by
// which a configuration and the environment know them.
import type { Flag } from './flag.js';
import { OPTION_FLAGS } from './option-flags.js';
import { CONFIG_FLAGS, MODE_FLAGS, RENDERING_FLAGS } from './own-flags.js';

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

/** Whether there is a `--no-…` of it. */
export function hasOffForm({ flag }: NamedFlag): boolean {
  return flag.kind === 'boolean' || (flag.kind === 'value' && flag.hasOff === true);
}

/** Whether a value belongs to it, behind `=` or as the next word. */
export function takesValue({ flag }: NamedFlag): boolean {
  return flag.kind === 'value' || flag.kind === 'list';
}

/** Of rendering, what a configuration may settle once and for all. */
const SETTLED_RENDERING = ['reporter', 'progress', 'color'];

/** Whether a configuration and the environment may say it, and not only the command line. */
function isSetting(key: string): boolean {
  return Object.hasOwn(OPTION_FLAGS, key) || SETTLED_RENDERING.includes(key);
}

/** All that a configuration and the environment may say. */
export const SETTING_KEYS: readonly string[] = [
  'root',
  ...FLAGS.map(({ key }) => key).filter(isSetting),
];

/** The flags that `wn-compress cache` has as well. */
export const CACHE_COMMAND_KEYS: readonly string[] = [
  'cacheDir',
  'cacheMaxSize',
  'config',
  ...Object.keys(RENDERING_FLAGS).filter((key) => key !== 'report'),
];

/** The flag of an option, or of rendering; `undefined` for what has none. */
export function findFlag(key: string): NamedFlag | undefined {
  return FLAGS.find((named) => named.key === key);
}

/** What the flag of an option is called: `gzip-level` for `gzipLevel`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
