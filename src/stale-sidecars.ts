// Owns the sidecars that no variant of a run replaces, because their content-coding is off or their source
// is left out: servers send them all the same, so each is to decode to its source.
import type { Buffer } from 'node:buffer';
import { type BigIntStats, statSync } from 'node:fs';
import { sidecarPath, type ContentCoding } from './content-coding.js';
import { attempt, FileFailed } from './failure.js';
import { isSameState } from './file-state.js';
import type { Job, StaleSidecar } from './job.js';
import { occupantOf, removeSidecar } from './sidecar.js';
import type { OpenSource } from './source.js';
import { verifySidecar } from './verification.js';
import { contentOf, type WorkContext } from './work-context.js';

/**
 * Finds the stale ones among a source's sidecars, and removes them with `prune`. One that cannot be read,
 * or that this Node cannot decode, is not judged.
 *
 * @param whole - the source, where it is held in memory
 * @throws SourceChanged, RunEnded, or FileFailed when the source cannot be read
 */
export async function settleStale(
  context: WorkContext,
  job: Job,
  source: OpenSource,
  whole: Buffer | undefined,
): Promise<StaleSidecar[]> {
  const contentCodings = notReplaced(context, job);
  if (contentCodings.length === 0) return [];
  const { path } = job;
  const stale: StaleSidecar[] = [];
  const content = contentOf(context, source, whole);
  for (const contentCoding of contentCodings) {
    const sidecar = sidecarPath(path, contentCoding);
    try {
      const { verdict, state } = await verifySidecar(sidecar, contentCoding, content);
      if (verdict !== 'stale' || state === undefined) continue;
      // A source that is written to while it is read is like none of its sidecars.
      source.assertUnchanged();
      stale.push({ contentCoding, ...removeStale(context, path, sidecar, source, state) });
    } catch (error) {
      if (error instanceof FileFailed && error.failure.path === sidecar) continue;
      throw error;
    }
  }
  return stale;
}

/** The content-codings of those sidecars of a source that no variant replaces. */
function notReplaced(
  { settings }: WorkContext,
  { sidecars, excludedSidecars = [], isLeftOut = false }: Job,
): ContentCoding[] {
  const isMade = (contentCoding: ContentCoding): boolean =>
    !isLeftOut && settings.codecs.some((codec) => codec.contentCoding === contentCoding);
  return sidecars.filter((coding) => !isMade(coding) && !excludedSidecars.includes(coding));
}

function removeStale(
  { settings, gate }: WorkContext,
  path: string,
  sidecar: string,
  source: OpenSource,
  judged: BigIntStats,
): Pick<StaleSidecar, 'removed' | 'failure'> {
  if (!settings.prune) return { removed: false, failure: undefined };
  gate.enter();
  try {
    const occupant = attempt('stat', sidecar, () => occupantOf(sidecar, path, source.stats));
    // What is neither file nor link is nobody's sidecar, and the source itself least of all.
    if (occupant !== 'file' && occupant !== 'link') return { removed: false, failure: undefined };
    // Another may stand there by now, which nobody has judged.
    const now = attempt('stat', sidecar, () => statSync(sidecar, { bigint: true }));
    if (!isSameState(judged, now)) return { removed: false, failure: undefined };
    const removed = settings.dryRun || attempt('remove', sidecar, () => removeSidecar(sidecar));
    return { removed, failure: undefined };
  } catch (error) {
    if (error instanceof FileFailed) return { removed: false, failure: error.failure };
    throw error;
  } finally {
    gate.leave();
  }
}
