// Owns the proof of sidecars: they are decoded and compared with the file beside them. Knows no option
// of a run, and takes no report's word for anything.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import * as zlib from 'node:zlib';
import type { Tree } from './tree.js';
import { frameLength, readFrameHeader } from './zstd-frame.js';

const GZIP_HEADER_BYTES = 10;
const GZIP_TRAILER_BYTES = 8;

/** The types of Node 20 do not know it. */
const { crc32 } = zlib as unknown as { crc32: (bytes: Uint8Array) => number };

/** Node 20 has none. */
const { zstdDecompressSync } = zlib as {
  readonly zstdDecompressSync?: (encoded: Buffer, options: { readonly info: true }) => unknown;
};

const DECODERS: Readonly<Record<string, (encoded: Buffer) => Buffer>> = {
  '.gz': decodeMember,
  '.br': decodeBrotli,
  ...(zstdDecompressSync === undefined ? {} : { '.zst': decodeFrame }),
};

/** What the decoders answer with the option `info`: `bytesWritten` counts what they took. */
interface Decoded {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** gunzipSync would also take several members, and zeros behind them: promised is one without a name. */
function decodeMember(encoded: Buffer): Buffer {
  assert.equal(encoded.subarray(0, 4).toString('hex'), '1f8b0800', 'no member without a name');
  const body = encoded.subarray(GZIP_HEADER_BYTES, -GZIP_TRAILER_BYTES);
  const { buffer, engine } = zlib.inflateRawSync(body, { info: true }) as unknown as Decoded;
  assert.equal(engine.bytesWritten, body.length, 'something is behind the member');
  const trailer = encoded.subarray(-GZIP_TRAILER_BYTES);
  const actual = [trailer.readUInt32LE(0), trailer.readUInt32LE(4)];
  assert.deepEqual(actual, [crc32(buffer), buffer.length % 2 ** 32], 'another trailer');
  return buffer;
}

function decodeBrotli(encoded: Buffer): Buffer {
  const options: zlib.BrotliOptions & { info: true } = { info: true };
  const decoded = zlib.brotliDecompressSync(encoded, options) as unknown as Decoded;
  assert.equal(decoded.engine.bytesWritten, encoded.length, 'something is behind the stream');
  return decoded.buffer;
}

/** Several frames would decode as well: promised is one, and nothing behind it. */
function decodeFrame(encoded: Buffer): Buffer {
  const { buffer, engine } = zstdDecompressSync?.(encoded, { info: true }) as Decoded;
  assert.equal(engine.bytesWritten, encoded.length, 'something is behind the frame');
  assert.equal(frameLength(encoded), encoded.length, 'another frame is behind it');
  assert.equal(readFrameHeader(encoded).contentBytes, buffer.length, 'another size is declared');
  return buffer;
}

/** Text of about this size that compresses well and looks like a script. */
export function script(bytes: number, seed = 1): string {
  let state = seed;
  const lines: string[] = [];
  for (let length = 0; length < bytes;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const line = `export const value${state % 997} = compute(${state % 89}, "${state}");\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(0, bytes);
}

/** Whether a path is that of a sidecar, by its name. */
export function isSidecarPath(relativePath: string): boolean {
  return extname(relativePath) in DECODERS;
}

/** The path of the source of a sidecar: without the suffix. */
function sourceOf(relativePath: string): string {
  return relativePath.slice(0, -extname(relativePath).length);
}

/**
 * What a sidecar decodes to.
 *
 * @throws whatever the decoder says of one that is damaged
 */
export function decodeSidecar(tree: Tree, relativePath: string): Buffer {
  const decode = DECODERS[extname(relativePath)];
  assert.ok(decode, relativePath);
  return decode(readFileSync(tree.join(relativePath)));
}

/** Asserts that a sidecar decodes to its source and is smaller. */
export function assertSidecar(tree: Tree, relativePath: string): void {
  const source = tree.bytes(sourceOf(relativePath));
  const decoded = decodeSidecar(tree, relativePath);
  assert.ok(decoded.equals(source), `${relativePath} does not decode to its source`);
  assert.ok(
    tree.bytes(relativePath).length < source.length,
    `${relativePath} is not smaller than its source`,
  );
}

/** Asserts that the tree holds just these paths, and that those beside a source are true sidecars. */
export function assertTree(tree: Tree, paths: readonly string[]): void {
  assert.deepEqual(tree.list(), [...paths].sort());
  const present = new Set(paths);
  for (const path of paths) {
    if (isSidecarPath(path) && present.has(sourceOf(path))) assertSidecar(tree, path);
  }
}
