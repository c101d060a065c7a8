// Owns what a subject left behind: which sidecars, how large, and whether each decodes to its source.
// Knows nothing of time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ContentCoding } from '../src/content-coding.js';
import type { WorkingCopy } from './tree.js';

/** The content-codings that are compared. */
export const CODINGS = ['gzip', 'br'] as const satisfies readonly ContentCoding[];

/** Sizes of sidecars in bytes, by the relative path of their source, for each content-coding. */
export type SidecarSizes = Readonly<Record<(typeof CODINGS)[number], ReadonlyMap<string, number>>>;

/** Sidecars of the sources that both of two subjects made smaller. */
export interface CommonSidecars {
  readonly sources: number;
  readonly oursBytes: number;
  readonly theirsBytes: number;
}

const SUFFIXES = { gzip: '.gz', br: '.br' } as const;
const DECODERS = { gzip: gunzipSync, br: brotliDecompressSync } as const;

/**
 * Sorts what a subject added to a copy.
 *
 * @param problems - is given a line for each file that is no sidecar of a file of the copy
 */
export function sidecarsIn(
  added: ReadonlyMap<string, number>,
  sources: ReadonlySet<string>,
  problems: string[],
): SidecarSizes {
  const sizes = { gzip: new Map<string, number>(), br: new Map<string, number>() };
  for (const [path, bytes] of added) {
    const coding = CODINGS.find((each) => path.endsWith(SUFFIXES[each]));
    const source = path.slice(0, -3);
    if (coding !== undefined && sources.has(source)) sizes[coding].set(source, bytes);
    else problems.push(`left ${path}, which is no sidecar`);
  }
  return sizes;
}

/** Decodes every sidecar and compares it with its source; a line for each that is wrong. */
export function wrongSidecars(copy: WorkingCopy, sizes: SidecarSizes): string[] {
  const wrong: string[] = [];
  for (const coding of CODINGS) {
    for (const source of sizes[coding].keys()) {
      const path = join(copy.folder, source);
      const sidecar = readFileSync(path + SUFFIXES[coding]);
      if (!decodesTo(sidecar, readFileSync(path), coding)) {
        wrong.push(`${source}${SUFFIXES[coding]} does not decode to its source`);
      }
    }
  }
  return wrong;
}

function decodesTo(sidecar: Buffer, source: Buffer, coding: keyof typeof DECODERS): boolean {
  try {
    return DECODERS[coding](sidecar).equals(source);
  } catch {
    return false;
  }
}

/** Adds up what both have: a peer that leaves out a source is neither praised nor blamed for it. */
export function commonSidecars(
  ours: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
): CommonSidecars {
  let sources = 0;
  let oursBytes = 0;
  let theirsBytes = 0;
  for (const [source, bytes] of ours) {
    const other = theirs.get(source);
    if (other === undefined) continue;
    sources += 1;
    oursBytes += bytes;
    theirsBytes += other;
  }
  return { sources, oursBytes, theirsBytes };
}
