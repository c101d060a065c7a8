// Owns what a worker thread does with a batch of sources: each is opened, compressed or checked, and
// tried once more when it changes meanwhile. Imports leaves only; knows nothing of plan, pool or report.
import { workerData } from 'node:worker_threads';
import { packOutcomes } from '../src/batch-answer.js';
import { RecentSources } from '../src/encoded-source.js';
import { createEncodings, settledOutcome } from '../src/encoding.js';
import { createFailure, FileFailed } from '../src/failure.js';
import type { BatchAnswer, Job, SourceOutcome, WorkerSettings } from '../src/job.js';
import { STREAM_ABOVE_BYTES } from '../src/memory.js';
import { checkSource } from '../src/source-check.js';
import { OpenSource, SidecarChanged, SourceChanged } from '../src/source.js';
import { settleStale } from '../src/stale-sidecars.js';
import { compressStreamed } from '../src/streamed-source.js';
import { compressWhole } from '../src/whole-source.js';
import { createWorkContext } from '../src/work-context.js';
import { RunEnded } from '../src/write-gate.js';

/** A source that changes while it is read is tried this often, and once more when its sidecar did. */
const ATTEMPTS = 2;

const settings = workerData as WorkerSettings;
const context = createWorkContext(settings);

/** Compresses a batch of sources, one after the other. Never rejects: what does, is a dead thread. */
export default async function compressBatch(jobs: readonly Job[]): Promise<BatchAnswer> {
  const outcomes: SourceOutcome[] = [];
  const recent = new RecentSources(context.cache);
  try {
    for (const job of jobs) outcomes.push(await settleSource(job, recent));
    return answerOf(outcomes);
  } catch (error) {
    return error instanceof RunEnded ? answerOf(outcomes) : { defect: error };
  }
}

function answerOf(outcomes: readonly SourceOutcome[]): BatchAnswer {
  context.cache?.flush();
  return { ...packOutcomes(outcomes), cacheFailure: context.cache?.failure };
}

async function settleSource(job: Job, recent: RecentSources): Promise<SourceOutcome> {
  const { relativePath } = job;
  try {
    let mayKeepOccupants = true;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await attemptSource(job, recent, mayKeepOccupants);
      } catch (error) {
        if (!(error instanceof SourceChanged)) throw error;
        if (error instanceof SidecarChanged && mayKeepOccupants) {
          mayKeepOccupants = false;
          attempt -= 1;
        }
      }
    }
    return { status: 'failed', relativePath, failure: createFailure('ECHANGED', 'read', job.path) };
  } catch (error) {
    if (error instanceof FileFailed) {
      return { status: 'failed', relativePath, failure: error.failure };
    }
    throw error;
  }
}

/** @throws SourceChanged, FileFailed or RunEnded */
async function attemptSource(
  job: Job,
  recent: RecentSources,
  mayKeepOccupants: boolean,
): Promise<SourceOutcome> {
  if (job.isLeftOut && !settings.isCheck) return lookAtLeftOut(job);
  using source = new OpenSource(job.path);
  if (settings.isCheck) {
    const isWhole = source.size <= STREAM_ABOVE_BYTES;
    const content = isWhole ? recent.of(source.readAll()) : undefined;
    // Awaited here: the source is closed behind the return.
    return await checkSource(context, job, source, content);
  }
  return await compressSource(job, source, recent, mayKeepOccupants);
}

async function compressSource(
  job: Job,
  source: OpenSource,
  recent: RecentSources,
  mayKeepOccupants: boolean,
): Promise<SourceOutcome> {
  const start = performance.now();
  const encodings = createEncodings(context, job, source, mayKeepOccupants);
  try {
    const content = source.size > STREAM_ABOVE_BYTES ? undefined : recent.of(source.readAll());
    const variants =
      content === undefined
        ? await compressStreamed(context, job, source, encodings)
        : await compressWhole(context, job, source, content, encodings);
    const stale = await settleStale(context, job, source, content?.content);
    return settledOutcome(job, source, start, encodings, variants, stale);
  } finally {
    for (const { variant } of encodings) variant[Symbol.dispose]();
  }
}

/** Looks at the sidecars of a source that is left out. If it cannot be read, nothing is known of them. */
async function lookAtLeftOut(job: Job): Promise<SourceOutcome> {
  const { relativePath } = job;
  try {
    using source = new OpenSource(job.path);
    const stale = await settleStale(context, job, source, undefined);
    return { status: 'left-out', relativePath, stale };
  } catch (error) {
    if (error instanceof FileFailed) return { status: 'left-out', relativePath, stale: [] };
    throw error;
  }
}
