// Owns the key of a cache entry: all that decides about the bytes of a variant, and why each of it does.
// Knows no file; where a source lies and when it was written is no part of a key.
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { arch } from 'node:os';
import { encodingParameters } from '../codec.js';
import type { ContentCoding } from '../content-coding.js';
import type { CodecSettings } from '../job.js';
import { STREAM_ABOVE_BYTES } from '../memory.js';
import { probeParameters } from '../probe.js';

/** Bytes of a key: a SHA-256 (FIPS 180-4). */
export const KEY_BYTES = 32;

/**
 * The implementations of the codecs. Each release may encode the same source to other bytes, and the
 * run is to leave what this Node makes. A build that brings its own says so in its version
 * (`1.3.1-e00f703` is Chromium's zlib).
 */
const CODEC_VERSIONS: Readonly<Record<ContentCoding, string | undefined>> = {
  gzip: process.versions.zlib,
  br: process.versions['brotli'],
  zstd: process.versions['zstd'],
};

/**
 * The processor's architecture: Chromium's zlib finds its matches with instructions of the processor,
 * and where it has others, encodes to other bytes.
 */
const ARCHITECTURE = arch();

/** Counted up when a variant comes out otherwise for a reason that nothing else here tells. */
const REVISION = 1;

/** The SHA-256 of a source, of which its keys are made. */
export function digestOf(content: Uint8Array): Buffer {
  return hash('sha256', content, 'buffer');
}

/**
 * The key of one variant of a source: SHA-256 of
 * - the digest of the source: its bytes are what is encoded;
 * - the content-coding: each has variants of its own;
 * - the encoder's parameters at this size (level or quality, window, block, memory), each of which
 *   changes bytes;
 * - the look at whether a source is dull, where there is one: it decides whether there is a variant;
 * - whether the source is streamed: some low levels divide a source by the chunks in which it comes;
 * - the codec's version and the architecture: see above.
 *
 * `maxRatio` is no part of it: it decides about the fate of a variant, not about its bytes.
 */
export function keyOf(sourceDigest: Buffer, codec: CodecSettings, sourceBytes: number): Buffer {
  const { contentCoding } = codec;
  const text =
    `${REVISION} ${contentCoding} ${encodingParameters(codec, sourceBytes)} ` +
    `${probeParameters(sourceBytes, codec)} ${sourceBytes > STREAM_ABOVE_BYTES ? 'streamed' : ''} ` +
    `${CODEC_VERSIONS[contentCoding] ?? 'unknown'} ${ARCHITECTURE}`;
  const input = Buffer.allocUnsafe(KEY_BYTES + text.length);
  sourceDigest.copy(input);
  input.write(text, KEY_BYTES, 'latin1');
  return hash('sha256', input, 'buffer');
}
