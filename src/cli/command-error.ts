// Owns what is said when the command line itself makes no sense: one or two lines in the words that
// were typed, never a stack.
import type { UsageError } from '../index.js';
import { findFlag, flagName } from './flags.js';
import { sanitize } from './sanitize.js';
import type { Setting } from './setting.js';

/** The command line makes no sense; `message` is for the user, already safe for a terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** An option as it was typed: its spelling, and its last value when it had one. */
export interface TypedOption {
  /** `--gzip-level`, `-t`, `--no-gzip`. */
  readonly spelling: string;
  readonly text: string | undefined;
}

/** Says that a value of an option is not what it has to be. */
export function badValue({ spelling, text }: TypedOption, allowed: string): CommandError {
  return badSetting(
    { spelling, got: text === undefined ? 'nothing' : JSON.stringify(text) },
    allowed,
  );
}

/** The same, of a setting from anywhere. */
export function badSetting(
  { spelling, got }: Pick<Setting, 'spelling' | 'got'>,
  allowed: string,
): CommandError {
  return new CommandError(`${spelling}: expected ${allowed}, got ${sanitize(got)}`);
}

/**
 * Says in the words of whoever gave it what the library found wrong with an option.
 *
 * @param setting - the option as it was given, or `undefined` when it was not
 */
export function fromUsageError(error: UsageError, setting: Setting | undefined): CommandError {
  const flag = findFlag(error.option)?.flag;
  const allowed = flag !== undefined && 'allowed' in flag ? flag.allowed : undefined;
  const text = typeof error.value === 'string' ? error.value : undefined;
  const got = text === undefined ? 'nothing' : JSON.stringify(text);
  const spelling = `--${flagName(error.option)}`;
  const { lack } = error;
  if (lack !== undefined) return new CommandError(`${setting?.spelling ?? spelling}: ${lack}`);
  return badSetting(setting ?? { spelling, got }, allowed ?? error.allowed);
}
