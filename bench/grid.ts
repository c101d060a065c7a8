// Owns the grid of brotli settings from which the table in src/codec.ts was chosen: `npm run bench:grid`
// encodes the corpora with each and writes what they cost. Knows nothing of how the codec chooses.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { encode } from '../src/codec.js';
import { buildCorpus } from './corpus-cache.js';
import type { CorpusName } from './corpora.js';
import { markdownTable } from './figures.js';
import { installPackages } from './packages.js';
import { RESULTS_FOLDER } from './places.js';
import { plannedSources } from './planned.js';

/** Every so-many-th source of a corpus: enough to decide, and done in ten minutes. */
const CORPORA: readonly { readonly name: CorpusName; readonly every: number }[] = [
  { name: 'small', every: 8 },
  { name: 'site', every: 3 },
  { name: 'large', every: 2 },
];

/** The whole grid is tried at the first of these, the choice at all. */
const QUALITIES = [11, 9, 5] as const;

type Parameters = Readonly<Record<number, number>>;

const { BROTLI_PARAM_LGWIN: WINDOW, BROTLI_PARAM_LGBLOCK: BLOCK } = constants;

/** The smallest window that covers a source, in bits; the encoder sees 16 bytes less than it. */
function covering(bytes: number, least: number): number {
  return Math.min(24, Math.max(least, Math.ceil(Math.log2(bytes + 16))));
}

const withBlock = (block: number) => (bytes: number) => ({
  [WINDOW]: covering(bytes, 16),
  [BLOCK]: block,
});

const DEFAULTS = 'defaults (window 22)';

/** The settings, by name: from the size of a source to parameters beside the quality. */
const SETTINGS: Readonly<Record<string, (bytes: number) => Parameters>> = {
  [DEFAULTS]: () => ({}),
  'window covers, ≥ 10': (bytes) => ({ [WINDOW]: covering(bytes, 10) }),
  'window covers, ≥ 16': (bytes) => ({ [WINDOW]: covering(bytes, 16) }),
  'window covers, ≥ 18': (bytes) => ({ [WINDOW]: covering(bytes, 18) }),
  'window 24': () => ({ [WINDOW]: 24 }),
  'covers, block 16': withBlock(16),
  'covers, block 17': withBlock(17),
  'covers, block 20': withBlock(20),
  'covers, font mode': (bytes) => ({
    [WINDOW]: covering(bytes, 16),
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT,
  }),
  'covers, text mode': (bytes) => ({
    [WINDOW]: covering(bytes, 16),
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  }),
  'covers, 1 postfix bit': (bytes) => ({
    [WINDOW]: covering(bytes, 16),
    [constants.BROTLI_PARAM_NPOSTFIX]: 1,
    [constants.BROTLI_PARAM_NDIRECT]: 0,
  }),
};

/** What the codec itself chooses. */
const OURS = 'as chosen';

interface Cell {
  bytes: number;
  cpuMs: number;
}

/** The cells of one group of sources, by setting. */
interface Row {
  sources: number;
  sourceBytes: number;
  readonly cells: Map<string, Cell>;
}

const SIZES = [
  { upToBytes: 4096, name: 'to 4 KiB' },
  { upToBytes: 2 ** 16 - 16, name: 'to 64 KiB' },
  { upToBytes: 2 ** 18 - 16, name: 'to 256 KiB' },
  { upToBytes: 2 ** 22 - 16, name: 'to 4 MiB' },
  { upToBytes: Infinity, name: 'above 4 MiB' },
];

async function measure(): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  for (const { name, every } of CORPORA) {
    const corpus = buildCorpus(name, false);
    if (corpus === undefined) continue;
    const { files } = await plannedSources(corpus.folder);
    for (const [index, { path, relativePath, size }] of files.entries()) {
      if (index % every !== 0) continue;
      const sizeName = SIZES.find(({ upToBytes }) => size <= upToBytes)?.name ?? '';
      const kind = name === 'large' ? relativePath : extname(relativePath);
      const groups = ['all', name, sizeName, kind].map((group) => {
        const row = rows.get(group) ?? { sources: 0, sourceBytes: 0, cells: new Map() };
        rows.set(group, row);
        row.sources += 1;
        row.sourceBytes += size;
        return row;
      });
      addCells(groups, readFileSync(path), index);
    }
    console.error(`${name} is done`);
  }
  return rows;
}

type Encode = readonly [name: string, encode: () => Buffer];

function encodersOf(source: Buffer): Encode[] {
  const withSettings = (quality: number, name: string): Encode => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      ...SETTINGS[name]?.(source.length),
    };
    return [cellName(quality, name), () => brotliCompressSync(source, { params })];
  };
  return QUALITIES.flatMap((quality, index) => [
    ...Object.keys(SETTINGS)
      .filter((name) => index === 0 || name === DEFAULTS)
      .map((name) => withSettings(quality, name)),
    [cellName(quality, OURS), () => encode(source, { contentCoding: 'br', quality })] as const,
  ]);
}

function cellName(quality: number, setting: string): string {
  return `${quality} ${setting}`;
}

/**
 * Encodes a source with every setting, one behind the other.
 *
 * @param first - which comes first, so that none always pays for what the first one pays
 */
function addCells(rows: readonly Row[], source: Buffer, first: number): void {
  const encoders = encodersOf(source);
  const start = first % encoders.length;
  for (const [name, run] of [...encoders.slice(start), ...encoders.slice(0, start)]) {
    const before = process.cpuUsage();
    const bytes = run().length;
    const { user, system } = process.cpuUsage(before);
    for (const { cells } of rows) {
      const cell = cells.get(name) ?? { bytes: 0, cpuMs: 0 };
      cells.set(name, cell);
      cell.bytes += bytes;
      cell.cpuMs += (user + system) / 1000;
    }
  }
}

function table(rows: ReadonlyMap<string, Row>, quality: number, names: readonly string[]): string {
  const lines = [...rows].map(([group, { sources, sourceBytes, cells }]) => {
    const base = cells.get(cellName(quality, DEFAULTS));
    const shown = names.map((name) => {
      const cell = cells.get(cellName(quality, name));
      if (base === undefined || cell === undefined) return '';
      const percent = (cell.bytes / base.bytes - 1) * 100;
      return `${percent > 0 ? '+' : ''}${percent.toFixed(2)} % (${(cell.cpuMs / base.cpuMs).toFixed(2)})`;
    });
    return [group, String(sources), (sourceBytes / 1e6).toFixed(1), ...shown];
  });
  return markdownTable(['sources', 'number', 'MB', ...names], lines);
}

function render(rows: ReadonlyMap<string, Row>): string {
  const tried = Object.keys(SETTINGS).filter((name) => name !== DEFAULTS);
  const tables = QUALITIES.map((quality, index) => {
    const names = index === 0 ? [...tried, OURS] : [OURS];
    return `## Quality ${quality}\n\n${table(rows, quality, names)}`;
  });
  return `# Brotli settings

Bytes against the defaults, and in brackets CPU time against theirs: Node ${process.version}, brotli
${process.versions['brotli'] ?? ''}. Written by \`npm run bench:grid\`. The CPU time of few small
sources says little.

${tables.join('\n\n')}
`;
}

installPackages();
const file = join(RESULTS_FOLDER, 'grid.md');
mkdirSync(RESULTS_FOLDER, { recursive: true });
writeFileSync(file, render(await measure()));
console.error(`The grid is in ${file}.`);
