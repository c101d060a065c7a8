// Owns the names of temporary files: which run made one, and whether that run still lives. A run
// sweeps what dead runs left and never what a live one is writing. Knows names, not contents.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './failure.js';

/**
 * `.wn-compress-<place>-<pid>-<start>-<run><file>.tmp`: short, so that a source name of any length
 * has room for it in the same folder, and hidden, so that servers and globs pass it over.
 */
const NAME = /^\.wn-compress-([0-9a-f]{8}-\d+-\d+)-[0-9a-f]{16}\.tmp$/;

/** `<place>-<pid>-<start>`: see `ownerToken`. */
const OWNER = /^([0-9a-f]{8})-(\d+)-(\d+)$/;

/** A leftover whose owner cannot be asked, because it ran on another machine, is dead by this age. */
const FOREIGN_LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000;

/** Where there is no `/proc`: then a pid that lives is taken for the run itself. */
const UNKNOWN_START = '0';

/**
 * Names a process so that it can be told later, in a file name, whether it still lives:
 * `<place>-<pid>-<start>`.
 */
export function ownerToken(pid = process.pid): string {
  return `${placeToken()}-${pid}-${statusOf(pid)?.start ?? UNKNOWN_START}`;
}

/** How the names of all temporary files of one new run begin, in this process or another. */
export function temporaryPrefix(pid = process.pid): string {
  return `.wn-compress-${ownerToken(pid)}-${randomBytes(4).toString('hex')}`;
}

/**
 * A new name. The caller creates it exclusively (`O_EXCL`), so that to foresee it would be of no use;
 * the random part of the prefix is what keeps it from being foreseen.
 */
export function temporaryName(prefix: string): string {
  // Not from node:crypto: a worker makes two for each source, at 1.5 µs each and 3 ms to load it.
  const random = Math.floor(Math.random() * 2 ** 32);
  return `${prefix}${random.toString(16).padStart(8, '0')}.tmp`;
}

/** Whether a file name is one of ours. */
export function isTemporaryName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Whether a temporary file was left by a run that is no more.
 *
 * @param changedMs - `ctimeMs` of the file. Not `mtimeMs`: that is the source's already, and may be
 *   years old, when a live run is just about to rename the file
 */
export function isLeftover(name: string, changedMs: number): boolean {
  const [, owner] = NAME.exec(name) ?? [];
  return owner !== undefined && isOwnerGone(owner, changedMs);
}

/**
 * Whether the process of an `ownerToken` is no more. Of one in another place nothing can be asked: it is
 * gone when its file was left alone for a day.
 *
 * @param changedMs - when its file was last changed
 */
export function isOwnerGone(token: string, changedMs: number): boolean {
  const [, ownersPlace, pid, start] = OWNER.exec(token) ?? [];
  if (ownersPlace === undefined || pid === undefined || start === undefined) return false;
  if (ownersPlace !== placeToken()) return Date.now() - changedMs > FOREIGN_LEFTOVER_AGE_MS;
  if (!isAlive(Number(pid))) return true;
  // The pid lives, but it may have been given to another process since: in a container it often is.
  // Or it is a zombie: dead, and its parent has not asked for its status yet.
  const status = statusOf(Number(pid));
  if (status === undefined) return false;
  return /[ZX]/.test(status.state) || (start !== UNKNOWN_START && status.start !== start);
}

let place: string | undefined;

/**
 * Eight hex digits for where a pid means something: this host, this boot, this pid namespace. A
 * shared folder may be seen by several such places, and equal pids there are different processes.
 */
function placeToken(): string {
  place ??= createHash('sha256')
    .update([hostname(), bootId(), pidNamespace()].join('\n'))
    .digest('hex')
    .slice(0, 8);
  return place;
}

function bootId(): string {
  return tryTo(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '';
}

function pidNamespace(): string {
  return tryTo(() => readlinkSync('/proc/self/ns/pid')) ?? '';
}

/** A process's state letter and its start in clock ticks since boot; unknown without a `/proc`. */
function statusOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  const stat = tryTo(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // proc_pid_stat(5): fields 3 and 22, counted behind the command name, which may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, but it is another user's.
    return codeOf(error) === 'EPERM';
  }
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
