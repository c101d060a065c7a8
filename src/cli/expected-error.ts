// Owns what is said of an error that a user can do something about. Whatever it does not know is a
// defect of ours, and keeps its stack.
import { RootError, ThreadError, UsageError } from '../index.js';
import { CommandError, fromUsageError } from './command-error.js';
import { sanitize } from './sanitize.js';

/** What to say of an error that a user can do something about; `undefined` for any other. */
export function expectedMessage(error: unknown): string | undefined {
  if (error instanceof CommandError) return error.message;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    return 'the current directory is gone; change to one that exists and run again';
  }
  if (error instanceof RootError || error instanceof ThreadError) return sanitize(error.message);
  if (error instanceof UsageError) return fromUsageError(error, undefined).message;
  return undefined;
}
