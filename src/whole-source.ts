// Owns the compression of a source that is held in memory: each variant is made at once.
import type { EncodedSource } from './encoded-source.js';
import { acceptValidOccupant, isAboutSource, settle, type Encoding } from './encoding.js';
import type { Job, VariantOutcome } from './job.js';
import type { OpenSource } from './source.js';
import { contentOf, type WorkContext } from './work-context.js';
import { RunEnded } from './write-gate.js';

/** @throws SourceChanged, FileFailed or RunEnded */
export async function compressWhole(
  context: WorkContext,
  job: Job,
  source: OpenSource,
  content: EncodedSource,
  encodings: readonly Encoding[],
): Promise<VariantOutcome[]> {
  for (const encoding of encodings) {
    if (context.gate.isClosed) throw new RunEnded();
    if (!encoding.variant.hasFailed) await makeVariant(context, source, content, encoding);
  }
  context.gate.enter();
  try {
    return settle(context, job, source, encodings);
  } finally {
    context.gate.leave();
  }
}

async function makeVariant(
  context: WorkContext,
  source: OpenSource,
  content: EncodedSource,
  encoding: Encoding,
): Promise<void> {
  const { codec, variant } = encoding;
  try {
    if (context.settings.keepValid) {
      const sourceContent = contentOf(context, source, content.content);
      if (await acceptValidOccupant(context, encoding, sourceContent)) return;
    }
    const recognised =
      encoding.mayKeepOccupant && variant.hasFile
        ? content.recognise(codec, (bytes) => variant.readOccupant(bytes))
        : undefined;
    if (recognised !== undefined) {
      encoding.savedMs = recognised.encodeMs;
      variant.acceptOccupant(recognised.encodedBytes);
      return;
    }
    const encoded = content.encode(codec);
    if (encoded.isCached) encoding.savedMs = encoded.encodeMs;
    if ('whole' in encoded) {
      encoding.digest = encoded.digest;
      variant.acceptWhole(encoded.whole, encoded.isCached);
    } else variant.acceptTooLarge(encoded.tooLargeBytes);
  } catch (error) {
    if (isAboutSource(error)) throw error;
    variant.fail(error);
  }
}
