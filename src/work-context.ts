// Owns what a worker thread has at hand for every source of a run. Knows no source.
import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { VariantCache } from './cache/variant-cache.js';
import type { WorkerSettings } from './job.js';
import type { OpenSource } from './source.js';
import type { SourceContent } from './verification.js';
import { RunEnded, WriteGate } from './write-gate.js';

/** What is at hand. */
export interface WorkContext {
  readonly settings: WorkerSettings;
  readonly gate: WriteGate;
  readonly cache: VariantCache | undefined;
}

/** Read at a time from a source that is streamed. 64 KiB took up to 16 % more CPU. */
export const CHUNK_BYTES = 1024 * 1024;

/** What a thread has at hand that was started with these settings. */
export function createWorkContext(settings: WorkerSettings): WorkContext {
  const { cache, maxRatio } = settings;
  return {
    settings,
    gate: new WriteGate(settings.gate),
    cache: cache === undefined ? undefined : new VariantCache(cache, maxRatio),
  };
}

/**
 * The chunks of a source, for as long as the run has not ended.
 *
 * @throws RunEnded, and what reading the source throws
 */
export function* readChunks(
  { gate }: WorkContext,
  source: OpenSource,
): ReturnType<OpenSource['readChunks']> {
  for (const chunk of source.readChunks(CHUNK_BYTES)) {
    if (gate.isClosed) throw new RunEnded();
    yield chunk;
  }
}

/** A source as verification wants it. */
export function contentOf(
  context: WorkContext,
  source: OpenSource,
  whole: Buffer | undefined,
): SourceContent {
  const chunks = function* (): Generator<Buffer> {
    if (whole !== undefined) yield whole;
    else for (const { chunk } of readChunks(context, source)) yield chunk;
  };
  return { size: source.size, whole, readChunks: chunks };
}

/**
 * The SHA-256 of a source that is not held in memory.
 *
 * @throws RunEnded, and what reading the source throws
 */
export function digestOfSource(context: WorkContext, source: OpenSource): Buffer {
  const hash = createHash('sha256');
  for (const { chunk } of readChunks(context, source)) hash.update(chunk);
  return hash.digest();
}
