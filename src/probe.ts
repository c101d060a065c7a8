// Owns the quick look at whether brotli's best quality can win anything at all. Bytes that are compressed
// already, or random, take it as long as text does, and nothing comes of it. Writes nothing.
import { encode, encodedSliceBytes, StreamEncoder } from './codec.js';
import type { CodecSettings } from './job.js';

/** Sources below this are not worth a look: the best quality takes them some 10 ms. */
const LEAST_BYTES = 64 * 1024;

/** Below this quality an encode costs hardly more than the look. */
const LEAST_QUALITY = 10;

/**
 * A slice is looked at by itself. Of a whole source a low quality stores what it thinks dull, also
 * where there is something to win: of 291 images, fonts and archives, quality 5 took 34 for dull that
 * quality 11 made smaller. In slices of 16 KiB it took none for dull; in slices of 4 KiB six.
 */
const SLICE_BYTES = 16 * 1024;

/**
 * How the whole is looked at, for what repeats from far: of random bytes followed by themselves this
 * quality finds the repetition at 15 MB, quality 5 no longer at 6 MB.
 */
const WHOLE_CODEC: CodecSettings = { contentCoding: 'br', quality: 4 };

/**
 * Looks whether a source is incompressible: no slice of it becomes smaller by itself, nor does the
 * whole. Most of what can be compressed shows that in its first slice, so that the look costs it
 * nothing; what shows it late or only as a whole pays 1 to 2 % for it.
 *
 * @returns the encoded size that makes it so, which is no smaller than the source; or `undefined` when
 *   the source may become smaller, or the look is not worth it
 */
export function probe(source: Uint8Array, settings: CodecSettings): number | undefined {
  if (!isWorthALook(source.length, settings) || hasCompressibleSlice(source)) return undefined;
  const { length } = encode(source, WHOLE_CODEC);
  return length < source.length ? undefined : length;
}

/** As `probe`, for a source that is read in chunks: from its beginning each time it is asked for. */
export async function probeChunks(
  sourceBytes: number,
  readChunks: () => Iterable<{ readonly chunk: Uint8Array; readonly isLast: boolean }>,
  settings: CodecSettings,
): Promise<number | undefined> {
  if (!isWorthALook(sourceBytes, settings)) return undefined;
  for (const { chunk } of readChunks()) {
    if (hasCompressibleSlice(chunk)) return undefined;
  }
  let encodedBytes = 0;
  const encoder = new StreamEncoder(WHOLE_CODEC, sourceBytes, (encoded) => {
    encodedBytes += encoded.length;
  });
  try {
    for (const { chunk, isLast } of readChunks()) {
      await (isLast ? encoder.end(chunk) : encoder.write(chunk));
    }
  } finally {
    encoder.destroy();
  }
  return encodedBytes < sourceBytes ? undefined : encodedBytes;
}

/**
 * What of the look can change whether there is a variant, as a text; empty where there is no look. To be
 * counted up when the look finds other things dull.
 */
export function probeParameters(sourceBytes: number, settings: CodecSettings): string {
  return isWorthALook(sourceBytes, settings) ? `look 1 slices ${SLICE_BYTES}` : '';
}

function isWorthALook(sourceBytes: number, settings: CodecSettings): boolean {
  return (
    sourceBytes >= LEAST_BYTES &&
    settings.contentCoding === 'br' &&
    settings.quality >= LEAST_QUALITY
  );
}

function hasCompressibleSlice(bytes: Uint8Array): boolean {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    const slice = bytes.subarray(start, start + SLICE_BYTES);
    if (encodedSliceBytes(slice) < slice.length) return true;
  }
  return false;
}
