// Owns the folder in which subjects work: where it is, and that none is left of a benchmark that was
// killed. Knows nothing of what is put there.
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory in which files can be kept, on Linux. */
const SHARED_MEMORY = '/dev/shm';

/** What the copies of the largest corpus and all their sidecars need, with room to spare. */
const WANTED_BYTES = 2 ** 30;

const PREFIX = 'wn-compress-bench-';

/** The type of file system that statfs(2) tells for memory. */
const TMPFS_MAGIC = 0x01021994;

/**
 * Where subjects work by default: in memory where there is room. On a disk the file system's own work
 * for each sidecar differed from run to run by more than anything that is measured here.
 */
export function defaultWorkPlace(): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize >= WANTED_BYTES ? SHARED_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Whether a folder is kept in memory or on a disk. */
export function kindOfPlace(folder: string): 'memory' | 'disk' {
  return statfsSync(folder).type === TMPFS_MAGIC ? 'memory' : 'disk';
}

/** Makes a folder of our own, and removes those of processes that live no longer. */
export function makeWorkFolder(place: string): string {
  for (const name of readdirSync(place)) {
    const [, processId] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (processId !== undefined && !isAlive(Number(processId))) {
      rmSync(join(place, name), { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
