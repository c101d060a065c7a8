// Owns the removal of temporary files that no writer will remove any more: those of runs that were
// killed, and those of our own threads that died. What they hold it does not care.
import { lstat, readdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isLeftover } from './temporary-file.js';

/**
 * Removes those temporary files whose run is no more; the files of live runs stay. What cannot be
 * removed stays too: it is no sidecar, and nothing reads it.
 *
 * @param paths - absolute paths of temporary files of any run
 * @param dryRun - only count them
 * @returns how many were removed, or would be
 */
export async function removeLeftovers(paths: readonly string[], dryRun: boolean): Promise<number> {
  let removed = 0;
  for (const path of paths) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined || !isLeftover(basename(path), stats.ctimeMs)) continue;
    if (dryRun || (await remove(path))) removed += 1;
  }
  return removed;
}

/** Removes the temporary files of one run from these folders, whether or not it still lives. */
export async function removeTemporaryFiles(
  folders: Iterable<string>,
  prefix: string,
): Promise<void> {
  for (const folder of new Set(folders)) {
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names) {
      if (name.startsWith(prefix)) await remove(join(folder, name));
    }
  }
}

async function remove(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
