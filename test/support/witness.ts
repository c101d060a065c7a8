// Owns the testimony of what must not change during a run: how files are, in content, mode, owner, times
// and identity. Judges nothing.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type { Tree } from './tree.js';

/** How each of these files is: its inode, mode, owner, mtime and what it holds. Links are not followed. */
export function witness(tree: Tree, relativePaths: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    relativePaths.map((relativePath) => {
      const path = tree.join(relativePath);
      const stats = lstatSync(path, { bigint: true });
      const content = stats.isSymbolicLink()
        ? readlinkSync(path)
        : createHash('sha256').update(readFileSync(path)).digest('hex');
      const { ino, mode, uid, gid, mtimeNs } = stats;
      return [relativePath, [ino, mode.toString(8), uid, gid, mtimeNs, content].join(' ')];
    }),
  );
}
