// Owns the floor: the files that we would compress, encoded one after the other in one thread, from
// memory into nothing. Its time is what the codecs alone need. Writes no sidecar.
import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { encode } from '../src/codec.js';
import type { ContentCoding } from '../src/content-coding.js';
import { plannedSources } from './planned.js';

/** What a floor says: sizes are those of kept variants only, by relative path. */
export interface FloorAnswer {
  /** CPU time of the encoding, of nothing else. */
  readonly cpuMs: number;
  readonly encodedBytes: Readonly<Record<string, Partial<Record<ContentCoding, number>>>>;
}

/** With which settings: the plain ones that every peer can have, or those of our own codec. */
export type FloorSettings = 'plain' | 'ours';

type Encode = (source: Buffer) => Buffer;

const ENCODERS: Readonly<Record<FloorSettings, Readonly<Record<'gzip' | 'br', Encode>>>> = {
  plain: {
    gzip: (source) => gzipSync(source, { level: 9 }),
    br: (source) =>
      brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  },
  ours: {
    gzip: (source) => encode(source, { contentCoding: 'gzip', level: 9 }),
    br: (source) => encode(source, { contentCoding: 'br', quality: 11 }),
  },
};

/**
 * Encodes everything once.
 *
 * @param folder - absolute
 */
export async function measureFloor(folder: string, settings: FloorSettings): Promise<FloorAnswer> {
  const { files } = await plannedSources(folder);
  const contents = files.map(({ path }) => readFileSync(path));
  const { gzip, br } = ENCODERS[settings];
  const before = process.cpuUsage();
  const lengths = contents.map((content) => [gzip(content).length, br(content).length] as const);
  const { user, system } = process.cpuUsage(before);
  const encodedBytes = files.map(({ relativePath, size }, index) => {
    const [gzipBytes = size, brBytes = size] = lengths[index] ?? [];
    return [
      relativePath,
      { ...(gzipBytes < size && { gzip: gzipBytes }), ...(brBytes < size && { br: brBytes }) },
    ];
  });
  return {
    cpuMs: (user + system) / 1000,
    encodedBytes: Object.fromEntries(encodedBytes) as FloorAnswer['encodedBytes'],
  };
}
