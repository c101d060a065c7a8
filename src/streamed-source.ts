// Owns the compression of a source that is too large to be held in memory: it is read several times, in
// chunks, and its variants go to temporary files as they come.
import type { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import type { Found } from './cache/cache-reader.js';
import type { DigestedSource } from './cache/variant-cache.js';
import { StreamEncoder } from './codec.js';
import { acceptValidOccupant, isAboutSource, settle, type Encoding } from './encoding.js';
import { FileFailed } from './failure.js';
import type { Job, VariantOutcome } from './job.js';
import { isWorthKeeping } from './keep-rule.js';
import { probeChunks } from './probe.js';
import type { OpenSource } from './source.js';
import { readFileChunks } from './verification.js';
import {
  CHUNK_BYTES,
  contentOf,
  digestOfSource,
  readChunks,
  type WorkContext,
} from './work-context.js';
import { RunEnded } from './write-gate.js';

/** A variant that is being encoded. */
interface Running {
  readonly encoding: Encoding;
  readonly encoder: StreamEncoder;
  readonly tally: Tally;
}

/** What is known of it so far. */
interface Tally {
  readonly hash: Hash;
  encodedBytes: number;
  encodeMs: number;
}

/**
 * Holds the gate while it encodes: its temporary files are there for as long as that takes.
 *
 * @throws SourceChanged, FileFailed or RunEnded
 */
export async function compressStreamed(
  context: WorkContext,
  job: Job,
  source: OpenSource,
  encodings: readonly Encoding[],
): Promise<VariantOutcome[]> {
  const { gate, cache } = context;
  const digested =
    cache === undefined
      ? undefined
      : { digest: digestOfSource(context, source), size: source.size };
  const running: Running[] = [];
  let outcomes: VariantOutcome[];
  gate.enter();
  try {
    for (const encoding of encodings) {
      const isMade = await gate.unlessClosed(
        makeWithoutEncoder(context, source, encoding, digested),
      );
      if (!isMade) startEncoder(context, source, encoding, running);
    }
    await encode(context, source, running);
    outcomes = settle(context, job, source, encodings);
  } finally {
    for (const { encoder } of running) encoder.destroy();
    for (const { variant } of encodings) variant[Symbol.dispose]();
    gate.leave();
  }
  if (digested !== undefined) addToCache(context, digested, running, outcomes);
  return outcomes;
}

/**
 * Makes a variant of what is there already: the sidecar, the cache, or the knowledge that it is not worth
 * encoding.
 *
 * @returns whether there is nothing left to be done for it
 */
async function makeWithoutEncoder(
  context: WorkContext,
  source: OpenSource,
  encoding: Encoding,
  digested: DigestedSource | undefined,
): Promise<boolean> {
  const { codec, variant } = encoding;
  if (variant.hasFailed) return true;
  try {
    const content = contentOf(context, source, undefined);
    if (await acceptValidOccupant(context, encoding, content)) return true;
    if (
      digested !== undefined &&
      (await restore(context, encoding, digested, content.readChunks))
    ) {
      return true;
    }
    const start = performance.now();
    const tooLargeBytes = await probeChunks(source.size, () => readChunks(context, source), codec);
    if (tooLargeBytes === undefined) return false;
    variant.acceptTooLarge(tooLargeBytes);
    if (digested !== undefined) {
      const encodeMs = performance.now() - start;
      context.cache?.add(codec, digested, { tooLargeBytes, encodeMs }, undefined);
    }
    return true;
  } catch (error) {
    if (isAboutSource(error)) throw error;
    variant.fail(error);
    return true;
  }
}

/** @returns whether the cache has told all that is needed */
async function restore(
  context: WorkContext,
  encoding: Encoding,
  digested: DigestedSource,
  readSource: () => Iterable<Buffer>,
): Promise<boolean> {
  const { cache, gate } = context;
  const { codec, variant } = encoding;
  const found = cache?.look(codec, digested);
  if (cache === undefined || found === undefined) return false;
  if (found.isKept && (await recognise(context, encoding, found, digested, readSource))) {
    variant.acceptOccupant(found.encodedBytes);
  } else if (found.isKept) {
    const accept = (chunk: Buffer): void => {
      if (gate.isClosed) throw new RunEnded();
      variant.acceptChunk(chunk);
    };
    encoding.digest = await cache.restore(found, CHUNK_BYTES, accept, readSource);
    if (encoding.digest === undefined) {
      variant.startOver();
      return false;
    }
    variant.markRestored();
  } else variant.acceptTooLarge(found.encodedBytes);
  encoding.savedMs = found.encodeMs;
  return true;
}

/** Whether the sidecar that is there is what the cache knows, so that none has to be written. */
async function recognise(
  { cache, settings }: WorkContext,
  { variant, mayKeepOccupant }: Encoding,
  found: Found,
  { size }: DigestedSource,
  readSource: () => Iterable<Buffer>,
): Promise<boolean> {
  const { encodedBytes } = found;
  if (!mayKeepOccupant || !isWorthKeeping(encodedBytes, size, settings.maxRatio)) return false;
  if (cache === undefined || !variant.isLikeOccupant(encodedBytes)) return false;
  try {
    return await cache.recogniseChunks(found, () => readFileChunks(variant.path), readSource);
  } catch (error) {
    // To replace what cannot be read needs no right to read it.
    if (error instanceof FileFailed && error.failure.path === variant.path) return false;
    throw error;
  }
}

function startEncoder(
  { gate }: WorkContext,
  source: OpenSource,
  encoding: Encoding,
  running: Running[],
): void {
  const tally: Tally = { hash: createHash('sha256'), encodedBytes: 0, encodeMs: 0 };
  const accept = (encoded: Buffer): void => {
    if (gate.isClosed) return;
    tally.hash.update(encoded);
    tally.encodedBytes += encoded.length;
    encoding.variant.acceptChunk(encoded);
  };
  try {
    const encoder = new StreamEncoder(encoding.codec, source.size, accept);
    running.push({ encoding, encoder, tally });
  } catch (error) {
    encoding.variant.fail(error);
  }
}

async function encode(
  context: WorkContext,
  source: OpenSource,
  running: readonly Running[],
): Promise<void> {
  if (running.length === 0) return;
  for (const { chunk, isLast } of readChunks(context, source)) {
    if (running.every(({ encoding }) => encoding.variant.hasFailed)) return;
    const work = running.map(async ({ encoding: { variant }, encoder, tally }) => {
      if (variant.hasFailed) return;
      const start = performance.now();
      try {
        await (isLast ? encoder.end(chunk) : encoder.write(chunk));
      } catch (error) {
        variant.fail(error);
      }
      tally.encodeMs += performance.now() - start;
    });
    await context.gate.unlessClosed(Promise.all(work));
  }
  for (const { encoding, tally } of running) encoding.digest = tally.hash.digest();
}

/** What was kept is read from its sidecar: nobody held it whole. */
function addToCache(
  { cache, settings }: WorkContext,
  digested: DigestedSource,
  running: readonly Running[],
  outcomes: readonly VariantOutcome[],
): void {
  for (const { encoding, tally } of running) {
    const { codec, variant, digest } = encoding;
    const { encodedBytes, encodeMs } = tally;
    const outcome = outcomes.find(({ contentCoding }) => contentCoding === codec.contentCoding);
    if (outcome?.status === 'discarded') {
      cache?.add(codec, digested, { tooLargeBytes: encodedBytes, encodeMs }, undefined);
    }
    const isThere = outcome?.status === 'written' || outcome?.status === 'unchanged';
    if (settings.dryRun || !isThere || digest === undefined) continue;
    const added = { encodedBytes, digest, encodeMs };
    cache?.addChunks(codec, digested, added, readFileChunks(variant.path));
  }
}
