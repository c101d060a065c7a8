// Owns what a sidecar takes over from its source besides content: owner, permission bits and times.
// Works on open files, so that no link is ever followed.
import { type BigIntStats, fchmodSync, fchownSync, fstatSync, futimesSync } from 'node:fs';
import { platform } from 'node:os';
import { codeOf } from './failure.js';

const PERMISSION_BITS = 0o777n;

/** A sidecar's times equal its source's within this; see `copyTimes` for why they cannot be exact. */
const TIME_TOLERANCE_NS = 1_000_000n;

/**
 * Gives a sidecar the owner and group of its source. Only root may give files away, and others only
 * to their own groups: what is refused is left as it is.
 *
 * @param sidecar - how the sidecar is, to change nothing that is right
 * @returns how it is then
 */
export function copyOwner(fd: number, sidecar: BigIntStats, source: BigIntStats): BigIntStats {
  if (sidecar.uid === source.uid && sidecar.gid === source.gid) return sidecar;
  for (const uid of new Set([source.uid, sidecar.uid])) {
    try {
      fchownSync(fd, Number(uid), Number(source.gid));
      break;
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOSYS') throw error;
    }
  }
  return fstatSync(fd, { bigint: true });
}

/**
 * Gives a sidecar the permission bits of its source, whatever the umask; to be called behind
 * `copyOwner`, which may clear some. setuid, setgid and sticky bits are never copied.
 *
 * @param sidecar - how the sidecar is
 */
export function copyMode(fd: number, sidecar: BigIntStats, source: BigIntStats): void {
  // Windows knows only a read-only bit, and will not replace a file that carries it.
  if (platform() === 'win32') return;
  const mode = modeFor(sidecar, source);
  if ((sidecar.mode & PERMISSION_BITS) !== mode) fchmodSync(fd, Number(mode));
}

/**
 * Where the group could not be copied, the sidecar's group gets no right that everybody has not: it
 * may be another than the one that was meant.
 */
function modeFor(sidecar: BigIntStats, source: BigIntStats): bigint {
  const mode = source.mode & PERMISSION_BITS;
  if (sidecar.gid === source.gid) return mode;
  const rightsOfAll = (mode & 0o007n) << 3n;
  return mode & (0o707n | rightsOfAll);
}

/**
 * What is added to the source's time until the sidecar is not older: nothing, then enough for file
 * systems that count in milliseconds, seconds (ext3, HFS+) or two seconds (FAT).
 */
const ROUND_UP_NS = [0n, 1_000_000n, 1_000_000_000n, 2_000_000_000n];

/**
 * Copies atime and mtime, never to an older mtime: some servers pass over a sidecar that is older
 * than its source. `utimes` takes seconds as a double, which near today's dates is exact to some
 * 0.2 µs, and cuts that off to microseconds; so the time is rounded up to the next microsecond and
 * aimed at the middle of it. What the file system made of it is looked at.
 */
export function copyTimes(fd: number, source: BigIntStats): void {
  const { mtimeNs } = source;
  const aimNs = ((mtimeNs + 999n) / 1000n) * 1000n + 500n;
  for (const extraNs of ROUND_UP_NS) {
    futimesSync(fd, toTime(source.atimeNs), toTime(aimNs + extraNs));
    if (fstatSync(fd, { bigint: true }).mtimeNs >= mtimeNs) return;
  }
}

/** A time as Node takes it: a negative number would mean now, the same as text does not. */
function toTime(timeNs: bigint): number | string {
  const seconds = Number(timeNs) / 1e9;
  return seconds < 0 ? String(seconds) : seconds;
}

/** Whether a sidecar's mtime is its source's: never older, and younger by less than a millisecond. */
export function hasTimesOf(sidecar: BigIntStats, source: BigIntStats): boolean {
  const differenceNs = sidecar.mtimeNs - source.mtimeNs;
  return differenceNs >= 0n && differenceNs < TIME_TOLERANCE_NS;
}

/** Whether a sidecar has the permission bits and times that its source demands. */
export function isLike(sidecar: BigIntStats, source: BigIntStats): boolean {
  return (
    (sidecar.mode & PERMISSION_BITS) === modeFor(sidecar, source) && hasTimesOf(sidecar, source)
  );
}
