// Owns the order of the work and its division into batches: which sources are worth it by their
// size, which come first and which travel together. Pure: it knows sizes, never the files.
import type { ContentCoding } from './content-coding.js';
import { STREAM_ABOVE_BYTES } from './memory.js';
import type { ResolvedOptions } from './options.js';
import { byRelativePath } from './order.js';
import type { SourceFile } from './scan.js';
import type { Skip } from './skip.js';

/** A source, and whether just its sidecars are to be looked at. */
export type PlannedSource = SourceFile & { readonly isLeftOut?: boolean };

/** The work of a run. */
export interface Plan {
  /**
   * Handed to the workers in this order, each batch to one worker. None is empty. Sources that may
   * hold the same bytes stand one behind the other in one batch.
   */
  readonly batches: readonly (readonly PlannedSource[])[];
  /** Sources that the rules of size leave out, in the order in which they were given. */
  readonly skipped: readonly Skip[];
  /** Bytes of all sources in `batches`. */
  readonly sourceBytes: number;
  /** Number of all sources in `batches`. */
  readonly sources: number;
}

/**
 * How much goes into a batch at most. Handing a batch over costs about as much as encoding a few
 * hundred bytes: batches of this size saved 5 % of all CPU on a tree of small files. Larger ones save
 * no more, and a batch is also what progress and the tail of a run wait for: this is 0.1 s of brotli.
 */
const MAX_BATCH_BYTES = 64 * 1024;

/**
 * The same where most sources are not encoded: behind a cache, and in a check. Then to hand a batch over
 * is what costs: four times as many messages took 5 % more CPU.
 */
export const MAX_KNOWN_BATCH_BYTES = 4 * MAX_BATCH_BYTES;

/** And at least, however many threads there are: to encode this takes as long as to start a thread. */
const MIN_BATCH_BYTES = 32 * 1024;

/** Batches for each thread, where there is little to do: fewer would leave some idle at the end. */
const BATCHES_PER_THREAD = 4;

/**
 * What a file counts for at least: opening, reading and renaming cost as much as encoding this, so
 * that a batch of tiny files holds no more than 64 of them.
 */
const LEAST_FILE_BYTES = 1024;

/**
 * Below this, to find out whether sources of one size hold the same bytes costs more than to keep
 * them together on one thread, which finds out by itself.
 */
const TINY_BYTES = 4096;

/**
 * Decides what is done, and in which order: the largest source first, because one that starts late
 * is what the others wait for at the end; equal ones by `relativePath`, so that runs are alike.
 *
 * An empty source is skipped, unless a sidecar of a content-coding that is on stands beside it: then
 * it stays in the plan, for the worker to remove what would be served with the content it once had.
 *
 * @param twins - groups of sources that hold the same bytes: see twins.ts
 * @param maxBatchBytes - `MAX_KNOWN_BATCH_BYTES` where most sources are not encoded
 * @param leftOut - what the rules by name leave out, and has sidecars that may be stale; what the rules
 *   of size leave out joins them
 */
export function plan(
  sources: readonly SourceFile[],
  options: Pick<ResolvedOptions, 'minSize' | 'gzip' | 'brotli' | 'zstd' | 'threads'>,
  twins: readonly (readonly SourceFile[])[] = [],
  leftOut: readonly SourceFile[] = [],
  maxBatchBytes = MAX_BATCH_BYTES,
): Plan {
  const skipped: Skip[] = [];
  const planned: PlannedSource[] = leftOut.map((source) => ({ ...source, isLeftOut: true }));
  for (const source of sources) {
    const reason = sizeReason(source, options);
    if (reason === undefined) planned.push(source);
    else {
      skipped.push({ relativePath: source.relativePath, reason });
      if (source.sidecars.length > 0) planned.push({ ...source, isLeftOut: true });
    }
  }
  planned.sort(largestFirst);
  return {
    batches: divide(keepTogether(planned, twins), options.threads, maxBatchBytes),
    skipped,
    sourceBytes: planned.reduce((sum, source) => sum + source.size, 0),
    sources: planned.length,
  };
}

/**
 * The sources that another one equals in size: only these can be twins, and to find out pays for those
 * that are neither skipped nor tiny. Of those that are streamed a thread remembers nothing, but the
 * cache does.
 *
 * @param isCached - whether there is a cache that is added to
 */
export function twinCandidates(
  sources: readonly SourceFile[],
  { minSize }: Pick<ResolvedOptions, 'minSize'>,
  isCached = false,
): readonly SourceFile[] {
  const mostBytes = isCached ? Infinity : STREAM_ABOVE_BYTES;
  const leastBytes = Math.max(minSize, TINY_BYTES);
  const bySize = new Map<number, SourceFile[]>();
  for (const source of sources) {
    if (source.size < leastBytes || source.size > mostBytes) continue;
    const sameSize = bySize.get(source.size);
    if (sameSize === undefined) bySize.set(source.size, [source]);
    else sameSize.push(source);
  }
  return [...bySize.values()].filter((sameSize) => sameSize.length > 1).flat();
}

function sizeReason(
  { size, sidecars }: SourceFile,
  { minSize, gzip, brotli, zstd }: Parameters<typeof plan>[1],
): 'empty' | 'too-small' | undefined {
  if (size > 0) return size < minSize ? 'too-small' : undefined;
  const isOn: Readonly<Record<ContentCoding, boolean>> = { gzip, br: brotli, zstd };
  const isServed = sidecars.some((contentCoding) => isOn[contentCoding]);
  return isServed ? undefined : 'empty';
}

function largestFirst(a: SourceFile, b: SourceFile): number {
  return b.size - a.size || byRelativePath(a, b);
}

/**
 * A group of twins this many times as costly as its first source is divided, for other threads to help:
 * that source is then encoded once more.
 */
const MAX_GROUP_FACTOR = 8;

/** Sources that are not to be divided, and for how many bytes they count. */
interface Unit {
  readonly sources: PlannedSource[];
  bytes: number;
}

/** Puts twins together, and tiny sources of one size as far as a batch has room for them. */
function keepTogether(
  sorted: readonly PlannedSource[],
  twins: readonly (readonly SourceFile[])[],
): Unit[] {
  const groups = new Map(twins.flatMap((group) => group.map((source) => [source, group] as const)));
  const openUnits = new Map<readonly SourceFile[], Unit>();
  const units: Unit[] = [];
  const open = (): Unit => {
    const unit: Unit = { sources: [], bytes: 0 };
    units.push(unit);
    return unit;
  };
  let last: Unit | undefined;
  for (const source of sorted) {
    const bytes = Math.max(source.size, LEAST_FILE_BYTES);
    const group = groups.get(source);
    if (group === undefined) {
      const isRun = source.size < TINY_BYTES && last?.sources[0]?.size === source.size;
      if (!isRun || last === undefined || last.bytes + bytes > MIN_BATCH_BYTES) last = open();
      last.bytes += bytes;
      last.sources.push(source);
      continue;
    }
    const limit = Math.max(MAX_BATCH_BYTES, MAX_GROUP_FACTOR * bytes);
    let unit = openUnits.get(group);
    if (unit === undefined || unit.bytes + LEAST_FILE_BYTES > limit) unit = open();
    openUnits.set(group, unit);
    // The others of a group are read, compared and written, but not encoded.
    unit.bytes += unit.sources.length > 0 ? LEAST_FILE_BYTES : bytes;
    unit.sources.push(source);
  }
  return units;
}

function divide(units: readonly Unit[], threads: number, maxBatchBytes: number): PlannedSource[][] {
  const batchBytes = batchSize(units, threads, maxBatchBytes);
  const batches: PlannedSource[][] = [];
  let batch: PlannedSource[] = [];
  let room = 0;
  for (const unit of units) {
    if (unit.bytes > room) {
      batch = [];
      room = batchBytes;
      batches.push(batch);
    }
    for (const source of unit.sources) batch.push(source);
    room -= unit.bytes;
  }
  return batches;
}

function batchSize(units: readonly Unit[], threads: number, maxBatchBytes: number): number {
  if (threads === 1) return maxBatchBytes;
  const small = units.filter(({ bytes }) => bytes < maxBatchBytes);
  const smallBytes = small.reduce((sum, { bytes }) => sum + bytes, 0);
  const evenBytes = smallBytes / (threads * BATCHES_PER_THREAD);
  return Math.min(Math.max(evenBytes, MIN_BATCH_BYTES), maxBatchBytes);
}
