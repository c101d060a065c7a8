// Owns the rule by which an encoded variant is kept or discarded. Pure: it knows sizes, neither bytes
// nor files.

/**
 * Whether a variant is worth its sidecar: smaller than its source, whatever `maxRatio` is, and at a
 * ratio (encodedBytes / sourceBytes) of at most `maxRatio`.
 */
export function isWorthKeeping(
  encodedBytes: number,
  sourceBytes: number,
  maxRatio: number,
): boolean {
  return encodedBytes < sourceBytes && encodedBytes / sourceBytes <= maxRatio;
}
