// Owns the words that are commands in the place of a root, and what each takes behind it. Knows nothing of
// what they do.

/** A command: its words, and what is said of them where a shell completes them. */
interface Command {
  readonly name: string;
  readonly describe: string;
  readonly words: Readonly<Record<string, string>>;
}

const CACHE_WORDS = {
  path: 'say where it is',
  stats: 'tell what is in it',
  prune: 'bring it within its bounds, and tidy it',
  clear: 'empty it',
} as const;

const SHELLS = {
  bash: 'the script for bash',
  zsh: 'the script for zsh',
} as const;

/** What can be done to the cache by itself. */
export type CacheAction = keyof typeof CACHE_WORDS;

/** A shell that can be told how to complete our command lines. */
export type Shell = keyof typeof SHELLS;

export const CACHE_ACTIONS = Object.keys(CACHE_WORDS) as readonly CacheAction[];

export const SHELL_NAMES = Object.keys(SHELLS) as readonly Shell[];

/** Every command; a folder of such a name is `./cache`. */
export const COMMANDS: readonly Command[] = [
  { name: 'cache', describe: 'look after the cache', words: CACHE_WORDS },
  { name: 'completion', describe: 'print what makes a shell complete this', words: SHELLS },
];
