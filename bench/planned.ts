// Owns what our own rules make of a tree: which files are compressed, and in which order. Asks the
// stages of the library themselves; knows nothing of measuring.
import { DEFAULT_OPTIONS } from '../src/options.js';
import { plan, twinCandidates } from '../src/plan.js';
import { scanRoot, type SourceFile } from '../src/scan.js';
import { createSelector } from '../src/select.js';
import { findTwins } from '../src/twins.js';

/** The work that a run with the default options has. */
export interface PlannedSources {
  /** In the order of their paths. */
  readonly files: readonly SourceFile[];
  /** Relative paths, in the order in which they are handed to so many threads. */
  readonly batchesFor: (threads: number) => readonly (readonly string[])[];
  /** Relative paths of those that hold the same bytes. */
  readonly twins: readonly (readonly string[])[];
}

/**
 * Finds out what a run with the default options would compress.
 *
 * @param folder - absolute
 */
export async function plannedSources(folder: string): Promise<PlannedSources> {
  const skip = createSelector(DEFAULT_OPTIONS);
  const scan = await scanRoot(folder, { follow: false, skip });
  const twins = await findTwins(twinCandidates(scan.sources, DEFAULT_OPTIONS), undefined);
  const batchesFor = (threads: number) =>
    plan(scan.sources, { ...DEFAULT_OPTIONS, threads }, twins).batches;
  const planned = new Set(batchesFor(1).flat());
  return {
    files: scan.sources.filter((source) => planned.has(source)),
    twins: twins.map((group) => group.map(({ relativePath }) => relativePath)),
    batchesFor: (threads) =>
      batchesFor(threads).map((batch) => batch.map(({ relativePath }) => relativePath)),
  };
}
