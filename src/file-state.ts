// Owns the question whether a file is still the one that was looked at, and was not written to since. It
// compares what the system said of it, and asks nothing.
import type { BigIntStats } from 'node:fs';

/**
 * Whether two looks saw one file in one state. Changes within one tick of the file system's clock that
 * keep the size cannot be seen.
 */
export function isSameState(before: BigIntStats, now: BigIntStats): boolean {
  return (
    before.dev === now.dev &&
    before.ino === now.ino &&
    before.size === now.size &&
    before.mtimeNs === now.mtimeNs &&
    before.ctimeNs === now.ctimeNs
  );
}
