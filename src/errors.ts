// Owns the errors that stop a run: each is thrown to the caller and has an exit code of its own. What
// befalls a single file is no error but data: see failure.ts.
import { inspect } from 'node:util';

/**
 * The request itself makes no sense: an option that is unknown, out of range or contradicts another.
 * Nothing was read or written. The command exits with 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ERR_WN_COMPRESS_USAGE';

  /**
   * @param option - the option at fault, as `CompressOptions` names it (`gzipLevel`)
   * @param value - what was given
   * @param allowed - what would be right, to stand behind "expected": `a whole number from 0 to 9`
   * @param lack - what this machine lacks, and what to do, when the value would be right elsewhere
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly allowed: string,
    readonly lack?: string,
  ) {
    super(`${option}: ${lack ?? `expected ${allowed}, got ${describe(value)}`}`);
  }
}

/** The root cannot be used: missing, unreadable, or neither a directory nor a file. Exit code 2. */
export class RootError extends Error {
  override readonly name = 'RootError';

  /**
   * @param code - the system's error code (`ENOENT`, `EACCES`), or `ENOTSUP` for a root that is
   *   neither a directory nor a regular file
   */
  constructor(
    readonly code: string,
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Worker threads could not be started, or none could be put in the place of those that died: a limit on
 * processes, open files or memory. What was compressed before is whole. `cause` is what the system said. The
 * command exits with 2.
 */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  readonly code = 'ERR_WN_COMPRESS_THREADS';

  constructor(threads: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = threads === 1 ? 'a worker thread' : `${threads} worker threads`;
    super(`${what} could not be started: ${why}; use fewer threads, or raise the limit`, { cause });
  }
}

/**
 * The run was ended by its `AbortSignal`; `cause` is the signal's reason. Sidecars that were already
 * in place stay, whole; nothing half written is left.
 */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';

  constructor(reason: unknown) {
    super('the run was aborted', { cause: reason });
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1 });
}
