// Owns the bytes of sidecars that no run of a case wrote: valid ones of another compressor, and wrong ones of
// every kind. Knows no file system.
import * as zlib from 'node:zlib';
import type { Occupant } from './tree-model.js';

/** Bytes at the name of a sidecar that another program, another version or an accident left there. */
export function encodedAs(occupant: Occupant, held: Buffer | undefined, suffix: string): Buffer {
  const source = held ?? Buffer.alloc(0);
  if (occupant === 'stale') return Buffer.from(zlib.gzipSync('another source'));
  if (occupant === 'empty') return Buffer.alloc(0);
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
  const isZstd = suffix === '.zst' && zstdCompressSync !== undefined;
  const isGzip = suffix !== '.br' && !isZstd;
  if (occupant === 'oversized' && isGzip) return zlib.gzipSync(source, { level: 0 });
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 };
  const encode = (bytes: Buffer): Buffer => {
    if (isZstd) return zstdCompressSync(bytes);
    return isGzip ? zlib.gzipSync(bytes, { level: 3 }) : zlib.brotliCompressSync(bytes, { params });
  };
  const encoded = encode(source);
  if (occupant === 'trailing') return Buffer.concat([encoded, Buffer.from('\0more')]);
  if (occupant === 'truncated') return encoded.subarray(0, encoded.length - 3);
  if (occupant !== 'two-members') return encoded;
  const half = source.length >> 1;
  return Buffer.concat([encode(source.subarray(0, half)), encode(source.subarray(half))]);
}
