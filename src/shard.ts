// Owns the division of a tree among machines: which sources are one machine's, so that all together do the
// whole and none is done twice. Pure: every machine comes to the same division by itself.
import { byRelativePath } from './order.js';
import type { Scan, SourceFile } from './findings.js';

/** One of several slices. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** The most slices: more is a slip of the keyboard. */
const MAX_SHARDS = 1024;

/** What a file counts for beside its size, so that many tiny ones are divided as well. */
const FILE_BYTES = 1024;

/** Reads `2/5`; `undefined` for what is no slice. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count && shard.count <= MAX_SHARDS ? shard : undefined;
}

/**
 * The sources of one slice. The largest source goes first, and each to the slice that has least by then: no
 * slice has more than the mean and the largest source together.
 */
function takeShard(sources: readonly SourceFile[], { index, count }: Shard): SourceFile[] {
  const bytes = Array.from({ length: count }, () => 0);
  const taken: SourceFile[] = [];
  for (const source of [...sources].sort((a, b) => b.size - a.size || byRelativePath(a, b))) {
    const least = bytes.indexOf(Math.min(...bytes));
    bytes[least] = (bytes[least] ?? 0) + FILE_BYTES + source.size;
    if (least === index - 1) taken.push(source);
  }
  return taken;
}

/**
 * What one machine has of a tree. All that is no source is the first one's, so that the reports of all
 * together are the report of the whole.
 */
export function shardOf<Found extends Scan>(scan: Found, shard: Shard): Found {
  const taken = new Set(
    takeShard([...scan.sources, ...scan.leftOut], shard).map(({ path }) => path),
  );
  const isTaken = ({ path }: SourceFile): boolean => taken.has(path);
  const sources = scan.sources.filter(isTaken);
  const leftOut = scan.leftOut.filter(isTaken);
  if (shard.index === 1) return { ...scan, sources, leftOut };
  return { ...scan, sources, leftOut, skipped: [], failures: [], possibleOrphans: [] };
}
