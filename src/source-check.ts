// Owns the check of a source: whether its sidecars are what a run would leave, judged by what they decode
// to. Writes nothing.
import { StreamEncoder } from './codec.js';
import { CONTENT_CODINGS, sidecarPath, type ContentCoding } from './content-coding.js';
import type { EncodedSource } from './encoded-source.js';
import { attempt } from './failure.js';
import type { CodecSettings, Job, SidecarVerdict, SourceOutcome } from './job.js';
import { isWorthKeeping } from './keep-rule.js';
import { probeChunks } from './probe.js';
import { occupantOf } from './sidecar.js';
import type { OpenSource } from './source.js';
import { verifySidecar } from './verification.js';
import {
  CHUNK_BYTES,
  contentOf,
  digestOfSource,
  readChunks,
  type WorkContext,
} from './work-context.js';

/**
 * Checks all sidecars of a source. Those of content-codings that are off, or of a source that is left out,
 * are none due, but what is there has to be right.
 *
 * @param content - the source, where it is held in memory
 * @throws SourceChanged, RunEnded, or FileFailed when the source or a sidecar cannot be read
 */
export async function checkSource(
  context: WorkContext,
  job: Job,
  source: OpenSource,
  content: EncodedSource | undefined,
): Promise<SourceOutcome> {
  const { settings } = context;
  const sidecars: SidecarVerdict[] = [];
  const sourceContent = contentOf(context, source, content?.content);
  for (const contentCoding of CONTENT_CODINGS) {
    const codec = settings.codecs.find((one) => one.contentCoding === contentCoding);
    const isOn = codec !== undefined && !job.isLeftOut;
    if (!isOn && !isJudged(job, contentCoding)) continue;
    const path = sidecarPath(job.path, contentCoding);
    const { verdict, encodedBytes } = await verifySidecar(path, contentCoding, sourceContent);
    if (verdict === 'absent') {
      const isDue = isOn && (await isVariantDue(context, source, content, codec));
      sidecars.push({ contentCoding, verdict: isDue ? lackAt(path, source) : 'none-due', isOn });
    } else if (verdict === 'valid' && isOn) {
      const isKept = isWorthKeeping(encodedBytes, source.size, settings.maxRatio);
      sidecars.push({ contentCoding, verdict: isKept ? 'valid' : 'oversized', isOn });
    } else sidecars.push({ contentCoding, verdict, isOn });
  }
  source.assertUnchanged();
  const { relativePath } = job;
  return { status: 'checked', relativePath, sourceBytes: source.size, sidecars };
}

/** Whether a run could put there what is missing. */
function lackAt(path: string, source: OpenSource): 'missing' | 'obstructed' {
  const occupant = attempt('stat', path, () => occupantOf(path, source.path, source.stats));
  return occupant === 'directory' || occupant === 'special' ? 'obstructed' : 'missing';
}

/** Whether a sidecar that no run makes is there, and not excluded itself. */
function isJudged({ sidecars, excludedSidecars }: Job, contentCoding: ContentCoding): boolean {
  return sidecars.includes(contentCoding) && excludedSidecars?.includes(contentCoding) !== true;
}

/** Whether a run would keep a variant: decided by making it, or by the cache. */
async function isVariantDue(
  context: WorkContext,
  source: OpenSource,
  content: EncodedSource | undefined,
  codec: CodecSettings,
): Promise<boolean> {
  const { maxRatio } = context.settings;
  let encodedBytes: number;
  if (content !== undefined) {
    const encoded = attempt('encode', source.path, () => content.encode(codec));
    encodedBytes = 'whole' in encoded ? encoded.whole.length : encoded.tooLargeBytes;
  } else encodedBytes = await streamedBytes(context, source, codec);
  return isWorthKeeping(encodedBytes, source.size, maxRatio);
}

/** How large the variant of a source is that is not held in memory. */
async function streamedBytes(
  context: WorkContext,
  source: OpenSource,
  codec: CodecSettings,
): Promise<number> {
  const { cache, gate } = context;
  const read = (): ReturnType<typeof readChunks> => readChunks(context, source);
  if (cache !== undefined) {
    const digest = digestOfSource(context, source);
    const found = cache.look(codec, { digest, size: source.size });
    if (found?.isKept === false) return found.encodedBytes;
    if (found !== undefined) {
      const { readChunks: readSource } = contentOf(context, source, undefined);
      const proof = await cache.restore(found, CHUNK_BYTES, () => undefined, readSource);
      if (proof !== undefined) return found.encodedBytes;
    }
  }
  const tooLargeBytes = await probeChunks(source.size, read, codec);
  if (tooLargeBytes !== undefined) return tooLargeBytes;
  let encodedBytes = 0;
  const encoder = new StreamEncoder(codec, source.size, (encoded) => {
    encodedBytes += encoded.length;
  });
  try {
    for (const { chunk, isLast } of read()) {
      await gate.unlessClosed(isLast ? encoder.end(chunk) : encoder.write(chunk));
    }
  } finally {
    encoder.destroy();
  }
  return encodedBytes;
}
