// Owns the errors that stop a run. What befalls a single file is no error but data: see failure.ts.

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
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${option}: expected ${allowed}, got ${describe(value)}`);
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
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  return String(value);
}
