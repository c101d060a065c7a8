// Owns what is said of one file that failed: data, because an error thrown in a worker thread loses
// its code on the way. Knows no file system, only the shape of the errors that Node throws.

/** What was being done to the file when it failed. */
export type Operation =
  'list' | 'stat' | 'open' | 'read' | 'encode' | 'write' | 'rename' | 'remove';

/** Why one file failed: the same fields as a Node system error, and a message for people. */
export interface Failure {
  /** `EACCES`, `ENOSPC`, …, or one of our own: `ECHANGED`, `EENCODING`, `ESAMEFILE`, `EWORKER`. */
  readonly code: string;
  readonly operation: Operation;
  /** The file or folder at fault: the source, its sidecar, or a folder that could not be listed. */
  readonly path: string;
  /** What happened and what to do about it, without the path. */
  readonly message: string;
}

/** What happened, and the remedy, by error code. */
const MESSAGES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; make it accessible to this user, or exclude it',
  EPERM: 'operation not permitted; run as the owner of the file, or exclude it',
  ENOENT: 'it vanished during the run; run again when nothing else changes the folder',
  ENOSPC: 'no space left on the device; free some and run again',
  EDQUOT: 'disk quota exceeded; free some space and run again',
  ESTALE: 'the network file system has lost it; mount that anew and run again',
  EROFS: 'the file system is read-only; compress before it is mounted so, or on a copy',
  EMFILE: 'too many open files in this process; raise `ulimit -n` or lower --threads',
  ENFILE: 'too many open files on this machine; close some programs and run again',
  ENAMETOOLONG: 'the name is too long for the file system; shorten it, or exclude the source',
  EEXIST:
    'a FIFO, socket or device stands where the sidecar belongs; move it, or exclude the source',
  EISDIR: 'a directory stands where the sidecar belongs; move it away, or exclude the source',
  ENOTEMPTY: 'a directory stands where the sidecar belongs; move it away, or exclude the source',
  ELOOP: 'too many links lead to it; remove the loop, or exclude it',
  EIO: 'the device reported an input/output error; check the disk',
  EBUSY: 'the file is in use by another program; close that and run again',
  ENOTREG: 'it is no longer a regular file; run again when nothing else changes the folder',
  ECHANGED:
    'the source changed while it was compressed, twice; run again when nothing else writes to it, since its sidecars may be stale',
  EENCODING:
    'the name is not valid UTF-8; rename it (`convmv` can), or exclude it as it stands here',
  EFBIG: 'larger than the file system or `ulimit -f` allows; raise that, or exclude the source',
  ESAMEFILE: 'it is the source itself by another name; rename one of them, or exclude the source',
  ENOMEM: 'out of memory; lower --threads, or exclude it',
  EWORKER: 'the worker thread died; it may need more memory: lower --threads, or exclude it',
};

/** What else a code means when it was the folder that refused, not the file in it. */
const FOLDER_MESSAGES: Readonly<Record<string, string>> = {
  EACCES: 'its folder is not writable for this user; change that, or exclude the source',
  EPERM: 'it may not be changed by this user (immutable, or of another user); exclude the source',
  ENOENT: 'its folder vanished during the run; run again when nothing else changes it',
};

const FOLDER_OPERATIONS: readonly Operation[] = ['write', 'rename', 'remove'];

function messageFor(code: string, operation: Operation): string | undefined {
  const byFolder = FOLDER_OPERATIONS.includes(operation) ? FOLDER_MESSAGES[code] : undefined;
  return byFolder ?? MESSAGES[code];
}

/** The failure of an own code, such as `ECHANGED`, or of a system code that was found by hand. */
export function createFailure(code: string, operation: Operation, path: string): Failure {
  return { code, operation, path, message: messageFor(code, operation) ?? code };
}

/**
 * The failure that a caught error stands for.
 *
 * @param error - what was thrown; an error of Node's keeps its `code`
 * @throws the error itself when it has no code: it is no failure but a defect
 */
export function toFailure(error: unknown, operation: Operation, path: string): Failure {
  const code = codeOf(error);
  if (code === undefined) throw error;
  const message = messageFor(code, operation) ?? (error as Error).message;
  return { code, operation, path, message };
}

/** Linux's numbers of errors that libuv has no names for: they come as `UNKNOWN`. */
const UNNAMED_CODES: Readonly<Record<number, string>> = { [-122]: 'EDQUOT', [-116]: 'ESTALE' };

/** The `code` of an error of Node's, or `undefined` for any other value. */
export function codeOf(error: unknown): string | undefined {
  // The engine's own error for a buffer that found no memory has no code.
  if (error instanceof RangeError && /allocation failed/i.test(error.message)) return 'ENOMEM';
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return undefined;
  }
  const errno = 'errno' in error ? Number(error.errno) : 0;
  return UNNAMED_CODES[errno] ?? error.code;
}

/** An expected failure of one file, thrown to leave the work on it; it becomes an outcome. */
export class FileFailed extends Error {
  override readonly name = 'FileFailed';

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/**
 * Does something to a file.
 *
 * @throws FileFailed when the system refuses; whatever else `action` throws, as it is
 */
export function attempt<T>(operation: Operation, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new FileFailed(toFailure(error, operation, path));
  }
}
