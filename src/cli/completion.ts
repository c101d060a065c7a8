// Owns `wn-compress completion`: for which shell, and what is common to the scripts. These are written from
// the tables of flags and commands, so that they know every flag. What a shell runs at each TAB is the script
// alone: to ask Node.js, as the completion of yargs does, takes longer than people wait for a TAB.
import { CommandError, type TypedOption } from './command-error.js';
import { type Shell, SHELL_NAMES } from './commands.js';
import { bashScript } from './completion-bash.js';
import { zshScript } from './completion-zsh.js';
import { sanitize } from './sanitize.js';

const SCRIPTS: Readonly<Record<Shell, () => string>> = { bash: bashScript, zsh: zshScript };

/** The script that makes a shell complete our command lines. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]();
}

/**
 * The shell that is meant: the word, or that of the user.
 *
 * @param words - those behind `completion`
 * @throws CommandError when it is none that we know, or something else stands there
 */
export function readCompletion(
  words: readonly string[],
  typed: ReadonlyMap<string, TypedOption>,
  env: Readonly<Record<string, string | undefined>>,
): Shell {
  const [option] = typed.values();
  if (option !== undefined) {
    throw new CommandError(`completion: ${option.spelling} is not for this command; drop it`);
  }
  const usersOwn = (env['SHELL'] ?? '').replace(/^.*[/\\]/, '').replace(/\.exe$/, '');
  const [word = usersOwn, ...rest] = words;
  const shell = SHELL_NAMES.find((name) => name === word);
  if (shell !== undefined && rest.length === 0) return shell;
  const guessed = words.length === 0 && word !== '' ? ' from $SHELL' : '';
  throw new CommandError(
    `completion: expected one of ${SHELL_NAMES.join(', ')}` +
      (word === '' && rest.length === 0
        ? ''
        : `, got ${sanitize([word, ...rest].join(' '))}${guessed}`) +
      '\nA folder of that name is ./completion',
  );
}
