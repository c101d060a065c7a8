// Owns the testimony of what must not change during a run: how files are, in content, mode, times and
// identity. Judges nothing.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type { Tree } from './tree.js';

/** How each of these files is: its inode, mode, mtime and what it holds. Links are not followed. */
export function witness(tree: Tree, relativePaths: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    relativePaths.map((relativePath) => {
      const path = tree.join(relativePath);
      const stats = lstatSync(path, { bigint: true });
      const content = stats.isSymbolicLink()
        ? readlinkSync(path)
        : createHash('sha256').update(readFileSync(path)).digest('hex');
      return [relativePath, [stats.ino, stats.mode.toString(8), stats.mtimeNs, content].join(' ')];
    }),
  );
}
