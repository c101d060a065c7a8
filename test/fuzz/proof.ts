// Owns the proof of what stands at the name of a sidecar, by Node's decoders alone. Knows no rules.
import * as zlib from 'node:zlib';
import type { ContentCoding } from '../../src/index.js';

interface Decoded {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the encoded bytes that the decoder took. */
  readonly engine: { readonly bytesWritten: number };
}

type Decode = (encoded: Buffer, options: { readonly chunkSize: number }) => unknown;

/** Node 20 has none. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: Decode };

const DECODERS: Readonly<Record<ContentCoding, Decode | undefined>> = {
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Large chunks are cheap here, and the types of Node 20 do not know `info` of brotli. */
const WITH_INFO = { chunkSize: 64 * 1024, info: true };

/** RFC 1952: magic, deflate, and no flags, which would announce a name. */
const GZIP_BEGIN = Buffer.from([0x1f, 0x8b, 8, 0]);
const GZIP_HEADER_BYTES = 10;
const GZIP_TRAILER_BYTES = 8;

/** Whether this Node can tell. */
export function canProve(contentCoding: ContentCoding): boolean {
  return DECODERS[contentCoding] !== undefined;
}

/** What encoded bytes decode to, if they do so to the last of them. */
export function decoded(encoded: Buffer, contentCoding: ContentCoding): Buffer | undefined {
  const decode = DECODERS[contentCoding];
  if (decode === undefined) return undefined;
  return wholly(decode, encoded);
}

/** The same of what a run makes: gzip as a single member without a name. */
export function decodedVariant(encoded: Buffer, contentCoding: ContentCoding): Buffer | undefined {
  if (contentCoding !== 'gzip') return decoded(encoded, contentCoding);
  if (!encoded.subarray(0, GZIP_BEGIN.length).equals(GZIP_BEGIN)) return undefined;
  const end = encoded.length - GZIP_TRAILER_BYTES;
  const source = wholly(zlib.inflateRawSync, encoded.subarray(GZIP_HEADER_BYTES, end));
  if (source === undefined) return undefined;
  const trailer = zlib.gzipSync(source, { level: 1 }).subarray(-GZIP_TRAILER_BYTES);
  return trailer.equals(encoded.subarray(end)) ? source : undefined;
}

function wholly(decode: Decode, encoded: Buffer): Buffer | undefined {
  try {
    const { buffer, engine } = decode(encoded, WITH_INFO) as Decoded;
    return engine.bytesWritten === encoded.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}
