// Owns the end of what was only read: a close that is refused loses nothing there. Files that were written to
// are closed by those who wrote, since to them a refusal says that bytes may be missing.
import { closeSync } from 'node:fs';
import { codeOf } from './failure.js';

/** Closes a file that was only read. Whatever a file system says of that, its number is free behind it. */
export function closeRead(fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    // Closed already: that is a defect of ours, and the number may be another file's by now.
    if (codeOf(error) === undefined || codeOf(error) === 'EBADF') throw error;
  }
}
