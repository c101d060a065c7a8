// Owns the one order in which paths are sorted, so that reports and plans of the same tree are equal.
// Pure.

/** Compares by UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Compares what stands in a tree by its path there. */
export function byRelativePath(
  a: { readonly relativePath: string },
  b: { readonly relativePath: string },
): number {
  return compareText(a.relativePath, b.relativePath);
}
