// Owns the question how much memory this process may use. Knows nothing of what for.
import { totalmem } from 'node:os';

/** Bytes that a container or a cgroup allows, or that the machine has. */
export function usableMemoryBytes(): number {
  // 0 where that cannot be told, and more than there is where there is no limit.
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
