// Owns the question what the paths of a report are relative to.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The folder, relative to the working directory: of a list of files without a root, that one. */
export function folderOf(root: string | null): string {
  if (root === null) return '';
  return statSync(root, { throwIfNoEntry: false })?.isFile() === true ? dirname(root) : root;
}
