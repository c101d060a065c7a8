// Owns the order of the work and its division into batches: which sources are worth it by their
// size, which come first and which travel together. Pure: it knows sizes, never the files.
import { type ResolvedOptions } from './options.js';
import { byRelativePath } from './order.js';
import { type SourceFile } from './scan.js';
import { type Skip } from './skip.js';

/** The work of a run. */
export interface Plan {
  /** Handed to the workers in this order, each batch to one worker. None is empty. */
  readonly batches: readonly (readonly SourceFile[])[];
  /** Sources that the rules of size leave out, in the order in which they were given. */
  readonly skipped: readonly Skip[];
  /** Bytes of all sources in `batches`. */
  readonly sourceBytes: number;
  /** Number of all sources in `batches`. */
  readonly sources: number;
}

/**
 * How much goes into a batch. Handing a batch over costs about as much as encoding a few hundred
 * bytes: batches of this size saved 5 % of all CPU on a tree of small files. Larger ones save no
 * more, and a batch is also what progress and the tail of a run wait for: this is 0.1 s of brotli.
 */
const BATCH_BYTES = 64 * 1024;

/**
 * What a file counts for at least: opening, reading and renaming cost as much as encoding this, so
 * that a batch of tiny files holds no more than 64 of them.
 */
const LEAST_FILE_BYTES = 1024;

/**
 * Decides what is done, and in which order: the largest source first, because one that starts late
 * is what the others wait for at the end; equal ones by `relativePath`, so that runs are alike.
 *
 * An empty source is skipped, unless a sidecar of a content-coding that is on stands beside it: then
 * it stays in the plan, for the worker to remove what would be served with the content it once had.
 */
export function plan(
  sources: readonly SourceFile[],
  options: Pick<ResolvedOptions, 'minSize' | 'gzip' | 'brotli'>,
): Plan {
  const skipped: Skip[] = [];
  const planned: SourceFile[] = [];
  for (const source of sources) {
    const reason = sizeReason(source, options);
    if (reason === undefined) planned.push(source);
    else skipped.push({ relativePath: source.relativePath, reason });
  }
  planned.sort(largestFirst);
  return {
    batches: divide(planned),
    skipped,
    sourceBytes: planned.reduce((sum, source) => sum + source.size, 0),
    sources: planned.length,
  };
}

function sizeReason(
  { size, sidecars }: SourceFile,
  { minSize, gzip, brotli }: Parameters<typeof plan>[1],
): 'empty' | 'too-small' | undefined {
  if (size > 0) return size < minSize ? 'too-small' : undefined;
  const isServed = (gzip && sidecars.includes('gzip')) || (brotli && sidecars.includes('br'));
  return isServed ? undefined : 'empty';
}

function largestFirst(a: SourceFile, b: SourceFile): number {
  return b.size - a.size || byRelativePath(a, b);
}

function divide(sources: readonly SourceFile[]): SourceFile[][] {
  const batches: SourceFile[][] = [];
  let batch: SourceFile[] = [];
  let room = 0;
  for (const source of sources) {
    const bytes = Math.max(source.size, LEAST_FILE_BYTES);
    if (bytes > room) {
      batch = [];
      room = BATCH_BYTES;
      batches.push(batch);
    }
    batch.push(source);
    room -= bytes;
  }
  return batches;
}
