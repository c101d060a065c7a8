// Owns what is said when the command line itself makes no sense: one or two lines in the words that
// were typed, never a stack.
import type { UsageError } from '../index.js';
import { findFlag, flagName } from './flags.js';
import { sanitize } from './sanitize.js';

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
export function badValue(typed: TypedOption, allowed: string): CommandError {
  const got = typed.text === undefined ? 'nothing' : JSON.stringify(typed.text);
  return new CommandError(`${typed.spelling}: expected ${allowed}, got ${sanitize(got)}`);
}

/**
 * Says in the words of the command line what the library found wrong with an option.
 *
 * @param typed - the option as it was typed, or `undefined` when it was not
 */
export function fromUsageError(error: UsageError, typed: TypedOption | undefined): CommandError {
  const flag = findFlag(error.option)?.flag;
  const text = typed?.text ?? (typeof error.value === 'string' ? error.value : undefined);
  const spelling = typed?.spelling ?? `--${flagName(error.option)}`;
  const allowed = flag !== undefined && 'allowed' in flag ? flag.allowed : undefined;
  return badValue({ spelling, text }, allowed ?? error.allowed);
}
