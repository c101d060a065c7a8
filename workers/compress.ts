// Owns what a worker thread does with a source: read it, encode each variant from the same bytes, and
// keep, discard or leave each. Imports leaves only; knows nothing of plan, pool or report.
import type { Buffer } from 'node:buffer';
import { workerData } from 'node:worker_threads';
import { packOutcomes } from '../src/batch-answer.js';
import { StreamEncoder } from '../src/codec.js';
import { RecentSources } from '../src/encoded-source.js';
import { createFailure, FileFailed } from '../src/failure.js';
import type {
  BatchAnswer,
  CodecSettings,
  Job,
  SourceOutcome,
  VariantOutcome,
  WorkerSettings,
} from '../src/job.js';
import { STREAM_ABOVE_BYTES } from '../src/memory.js';
import { probeChunks } from '../src/probe.js';
import { OpenSource, SourceChanged } from '../src/source.js';
import { Variant } from '../src/variant.js';
import { RunEnded, WriteGate } from '../src/write-gate.js';

/** Read at a time from a source that is streamed. 64 KiB took up to 16 % more CPU. */
const CHUNK_BYTES = 1024 * 1024;

/** A source that changes while it is read is tried this often. */
const ATTEMPTS = 2;

/** A variant and how it is encoded. */
interface Encoding {
  readonly codec: CodecSettings;
  readonly variant: Variant;
}

const settings = workerData as WorkerSettings;
const gate = new WriteGate(settings.gate);

/** Compresses a batch of sources, one after the other. Never rejects: what does, is a dead thread. */
export default async function compressBatch(jobs: readonly Job[]): Promise<BatchAnswer> {
  const outcomes: SourceOutcome[] = [];
  const recent = new RecentSources();
  try {
    for (const job of jobs) outcomes.push(await compressSource(job, recent));
    return packOutcomes(outcomes);
  } catch (error) {
    return error instanceof RunEnded ? packOutcomes(outcomes) : { defect: error };
  }
}

async function compressSource(job: Job, recent: RecentSources): Promise<SourceOutcome> {
  const { relativePath } = job;
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await attemptSource(job, recent);
      } catch (error) {
        if (!(error instanceof SourceChanged)) throw error;
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
  { path, relativePath, sidecars }: Job,
  recent: RecentSources,
): Promise<SourceOutcome> {
  const start = performance.now();
  using source = new OpenSource(path);
  const encodings = settings.codecs.map((codec) => ({
    codec,
    variant: new Variant(
      codec.contentCoding,
      path,
      source.stats,
      settings,
      sidecars.includes(codec.contentCoding),
    ),
  }));
  try {
    const variants =
      source.size > STREAM_ABOVE_BYTES
        ? await compressInChunks(source, encodings)
        : compressAtOnce(source, encodings, recent);
    const durationMs = performance.now() - start;
    return { status: 'settled', relativePath, sourceBytes: source.size, durationMs, variants };
  } finally {
    for (const { variant } of encodings) variant[Symbol.dispose]();
  }
}

function compressAtOnce(
  source: OpenSource,
  encodings: readonly Encoding[],
  recent: RecentSources,
): VariantOutcome[] {
  const content = recent.of(source.readAll());
  for (const { codec, variant } of encodings) {
    if (gate.isClosed) throw new RunEnded();
    if (variant.hasFailed) continue;
    try {
      const encoded = content.encode(codec);
      if ('whole' in encoded) variant.acceptWhole(encoded.whole);
      else variant.acceptTooLarge(encoded.tooLargeBytes);
    } catch (error) {
      variant.fail(error);
    }
  }
  gate.enter();
  try {
    return settle(source, encodings);
  } finally {
    gate.leave();
  }
}

/** Those variants of a streamed source that quality 11 may win: the others are settled by a look. */
async function worthEncoding(
  source: OpenSource,
  encodings: readonly Encoding[],
): Promise<Encoding[]> {
  const worthIt: Encoding[] = [];
  for (const encoding of encodings) {
    const { codec, variant } = encoding;
    if (variant.hasFailed) continue;
    try {
      const tooLargeBytes = await probeChunks(source.size, () => readChunks(source), codec);
      if (tooLargeBytes === undefined) worthIt.push(encoding);
      else variant.acceptTooLarge(tooLargeBytes);
    } catch (error) {
      if (isAboutSource(error)) throw error;
      variant.fail(error);
    }
  }
  return worthIt;
}

/** Holds the gate while it encodes: its temporary files are there for as long as that takes. */
async function compressInChunks(
  source: OpenSource,
  encodings: readonly Encoding[],
): Promise<VariantOutcome[]> {
  const worthIt = await worthEncoding(source, encodings);
  gate.enter();
  const running: { readonly variant: Variant; readonly encoder: StreamEncoder }[] = [];
  try {
    for (const { codec, variant } of worthIt) {
      try {
        const accept = (encoded: Buffer): void => {
          if (!gate.isClosed) variant.acceptChunk(encoded);
        };
        running.push({ variant, encoder: new StreamEncoder(codec, source.size, accept) });
      } catch (error) {
        variant.fail(error);
      }
    }
    for (const { chunk, isLast } of readChunks(source)) {
      if (running.every(({ variant }) => variant.hasFailed)) break;
      const work = running.map(async ({ variant, encoder }) => {
        if (variant.hasFailed) return;
        try {
          await (isLast ? encoder.end(chunk) : encoder.write(chunk));
        } catch (error) {
          variant.fail(error);
        }
      });
      await gate.unlessClosed(Promise.all(work));
    }
    return settle(source, encodings);
  } finally {
    for (const { variant, encoder } of running) {
      encoder.destroy();
      variant[Symbol.dispose]();
    }
    gate.leave();
  }
}

/** The chunks of a source, for as long as the run has not ended. */
function* readChunks(source: OpenSource): ReturnType<OpenSource['readChunks']> {
  for (const chunk of source.readChunks(CHUNK_BYTES)) {
    if (gate.isClosed) throw new RunEnded();
    yield chunk;
  }
}

/** Whether an error says something of the source or of the run, and not just of one variant. */
function isAboutSource(error: unknown): boolean {
  return error instanceof SourceChanged || error instanceof FileFailed || error instanceof RunEnded;
}

/**
 * Brings each sidecar to what its variant demands, while the source is still what was encoded. If it
 * changes at this very moment, what was written is taken back.
 */
function settle(source: OpenSource, encodings: readonly Encoding[]): VariantOutcome[] {
  source.assertUnchanged();
  const outcomes = encodings.map(({ variant }) => {
    // On a slow disk the first may have taken so long that the run has ended meanwhile.
    if (gate.isClosed) throw new RunEnded();
    return variant.settle();
  });
  try {
    source.assertUnchanged();
  } catch (error) {
    encodings.forEach(({ variant }, index) => {
      if (outcomes[index]?.status === 'written' && !settings.dryRun) variant.retract();
    });
    throw error;
  }
  return outcomes;
}
