// Owns the proof of sidecars: they are decoded and compared with the file beside them. Knows no option
// of a run, and takes no report's word for anything.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Tree } from './tree.js';

const DECODERS: Readonly<Record<string, (encoded: Buffer) => Buffer>> = {
  '.gz': gunzipSync,
  '.br': brotliDecompressSync,
};

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
  return relativePath.slice(-3) in DECODERS;
}

/**
 * What a sidecar decodes to.
 *
 * @throws whatever the decoder says of one that is damaged
 */
export function decodeSidecar(tree: Tree, relativePath: string): Buffer {
  const decode = DECODERS[relativePath.slice(-3)];
  assert.ok(decode, relativePath);
  return decode(readFileSync(tree.join(relativePath)));
}

/** Asserts that a sidecar decodes to its source and is smaller. */
export function assertSidecar(tree: Tree, relativePath: string): void {
  const source = tree.bytes(relativePath.slice(0, -3));
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
    if (/\.(gz|br)$/.test(path) && present.has(path.slice(0, -3))) assertSidecar(tree, path);
  }
}
