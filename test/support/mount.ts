// Owns small file systems of our own, which only root may mount. Knows nothing of what is put there.
import { execFileSync, spawnSync } from 'node:child_process';

/**
 * Mounts something on a folder for as long as it is not disposed of.
 *
 * @param words - of mount(8), but for the folder at the end
 * @returns `undefined` where that is not allowed
 */
function mount(folder: string, words: readonly string[]): Disposable | undefined {
  if (process.platform !== 'linux') return undefined;
  if (spawnSync('mount', [...words, folder]).status !== 0) return undefined;
  return {
    [Symbol.dispose]: () => {
      // A busy one goes as soon as it can, and what is then removed is the folder, not what is in it.
      if (spawnSync('umount', [folder]).status !== 0) execFileSync('umount', ['-l', folder]);
    },
  };
}

/** A file system in memory, of so many kibibytes. */
export function mountSmall(folder: string, kibibytes: number): Disposable | undefined {
  return mount(folder, ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none']);
}

/** The folder itself, read-only. */
export function mountReadOnly(folder: string): Disposable | undefined {
  const bound = mount(folder, ['--bind', folder]);
  if (bound === undefined) return undefined;
  if (spawnSync('mount', ['-o', 'remount,bind,ro', folder]).status === 0) return bound;
  bound[Symbol.dispose]();
  return undefined;
}

/**
 * An image with a file system, made by a command of the family mkfs, such as `mkfs.ext4`.
 *
 * @returns `undefined` where there is no such command, or it may not be mounted
 */
export function mountImage(
  folder: string,
  image: string,
  mkfs: readonly string[],
): Disposable | undefined {
  const [command = '', ...words] = mkfs;
  if (spawnSync('truncate', ['-s', '16M', image]).status !== 0) return undefined;
  if (spawnSync(command, [...words, image]).status !== 0) return undefined;
  return mount(folder, ['-o', 'loop', image]);
}
