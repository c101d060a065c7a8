// Owns what is said of an error that a user can do something about. Whatever it does not know is a
// defect of ours, and keeps its stack.
import { CommandError, fromUsageError } from './command-error.js';
import { sanitize } from './sanitize.js';
import { annotation } from './workflow-command.js';

/** Where these keep even our own modules from being loaded, nothing can be said but this. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE: 'too many open files in this process; raise `ulimit -n`',
  ENFILE: 'too many open files on this machine; close some programs and run again',
};

/** The line that says what ended a run, or failed behind it: under GitHub Actions an annotation, whatever the reporter is. */
export function errorLine(
  message: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return env['GITHUB_ACTIONS'] === 'true'
    ? annotation('error', message)
    : `wn-compress: ${message}`;
}

/** What to say of an error that a user can do something about; `undefined` for any other. */
export async function expectedMessage(error: unknown): Promise<string | undefined> {
  if (error instanceof CommandError) return error.message;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    return 'the current directory is gone; change to one that exists and run again';
  }
  const shortage = error instanceof Error && 'code' in error && SHORTAGES[String(error.code)];
  if (typeof shortage === 'string') return shortage;
  // A slip of the keyboard is answered without the library; whoever ran it has it loaded.
  const { RootError, ThreadError, UsageError } = await import('../index.js');
  if (error instanceof RootError || error instanceof ThreadError) return sanitize(error.message);
  if (error instanceof UsageError) return fromUsageError(error, undefined).message;
  return undefined;
}
