// Owns what the page of a report advises. Pure: each hint is counted from the report, given only when its
// numbers speak for it, and says them.
import { DEFAULT_EXCLUDED_EXTENSIONS, isKept, type Report, type ReportedSource } from '../../index.js';
import { formatBytes, formatCounted, formatPercent } from '../format.js';
import { shellWord } from './shell-word.js';
import type { Hint } from './page-data.js';

/** What the hints are counted from. */
interface Facts {
  readonly report: Report;
  /** Bytes of a file, skipped or not; -1 where they are not known. */
  readonly sizeOf: (relativePath: string) => number;
  /** Of each source, what is sent in its best coding. */
  readonly sent: ReadonlyMap<ReportedSource, number>;
  readonly sentBytes: number;
  readonly savedBytes: number;
}

type Advisor = (facts: Facts) => Hint | undefined;

/** Fewer files than this are no pattern. */
const MANY = 10;

/** What is less than this share of the whole is not worth a word. */
const LARGE_SHARE = 0.05;

/** What is lost by sidecars that could be left out: so small a share that nobody would notice. */
const NEGLIGIBLE_SHARE = 0.005;

const SIZES_TO_TRY = [4096, 2048, 1024, 512, 256, 150];

/** Of these the excluded extensions hold none by default: they become smaller. */
const COMPRESSIBLE =
  'bmp css csv geojson htm html ico ics js json map md mjs otf rss svg tsv ttf txt vtt wasm webmanifest xml'.split(
    ' ',
  );

/** What can be tried, by what this run found; at most a few, the weightiest kinds first. */
export function createHints(
  report: Report,
  sizeOf: (relativePath: string) => number,
): readonly Hint[] {
  const sent = new Map(report.sources.map((source) => [source, bestBytes(source)]));
  const sentBytes = sumOf(sent.values());
  const savedBytes = report.totals.sourceBytes - sentBytes;
  const facts: Facts = { report, sizeOf, sent, sentBytes, savedBytes };
  return ADVISORS.map((advise) => advise(facts)).filter((hint) => hint !== undefined);
}

const ADVISORS: readonly Advisor[] = [
  staleSidecars,
  excludedText,
  olderFonts,
  sourceMaps,
  bitmaps,
  imagesInSvg,
  likelyTwins,
  inVain,
  tinyFiles,
  barelySmaller,
  zstdBesideBrotli,
];

function staleSidecars({ report }: Facts): Hint | undefined {
  const stale = report.stale.filter(({ removed }) => !removed);
  if (stale.length === 0) return undefined;
  const are = stale.length === 1 ? 'does' : 'do';
  return {
    title: 'Delete the stale sidecars',
    text: `${formatCounted(stale.length, 'sidecar')} ${are} not decode to the source beside it, and servers send them.`,
    command: commandOf(report, '--prune'),
  };
}

function excludedText({ report, sizeOf }: Facts): Hint | undefined {
  const usual = new Set(DEFAULT_EXCLUDED_EXTENSIONS);
  const found = new Map<string, { count: number; bytes: number }>();
  for (const { relativePath, reason } of report.skipped) {
    const extension = extensionOf(relativePath);
    if (reason !== 'excluded-extension' || usual.has(extension)) continue;
    if (!COMPRESSIBLE.includes(extension)) continue;
    const { count = 0, bytes = 0 } = found.get(extension) ?? {};
    const size = Math.max(0, sizeOf(relativePath));
    found.set(extension, { count: count + 1, bytes: bytes + size });
  }
  const [largest] = [...found].sort(([, a], [, b]) => b.bytes - a.bytes);
  if (largest === undefined || largest[1].bytes < 10 * 1024) return undefined;
  const [extension, { count, bytes }] = largest;
  return {
    title: `Compress .${extension} files too`,
    text: `${formatCounted(count, 'file')} of this extension (${formatBytes(bytes)}) were excluded, and what they hold usually becomes much smaller. Without a list of your own they are compressed.`,
    command: null,
  };
}

/** Fonts that nobody asks for who can read the WOFF2 beside them. */
function olderFonts({ report, sent, sentBytes, sizeOf }: Facts): Hint | undefined {
  const fonts = new Set(['ttf', 'otf', 'eot', 'woff']);
  const all = [...report.sources, ...report.skipped].map(({ relativePath }) => relativePath);
  const there = new Set(all);
  const bySource = new Map([...sent].map(([source, bytes]) => [source.relativePath, bytes]));
  const older = all.filter(
    (path) => fonts.has(extensionOf(path)) && there.has(path.replace(/\.\w+$/, '.woff2')),
  );
  const bytes = sumOf(older.map((path) => bySource.get(path) ?? Math.max(0, sizeOf(path))));
  if (older.length < 2 || bytes < LARGE_SHARE * sentBytes) return undefined;
  return {
    title: 'Publish WOFF2 fonts only',
    text: `${formatCounted(older.length, 'font')} of older formats (${formatBytes(bytes)}, sent compressed where that helps) have a .woff2 beside them, which every current browser reads.`,
    command: null,
  };
}

function sourceMaps({ report, sent, sentBytes }: Facts): Hint | undefined {
  const maps = report.sources.filter(({ relativePath }) => relativePath.endsWith('.map'));
  const bytes = sumOf(maps.map((source) => sent.get(source) ?? 0));
  const spent = sumOf(maps.map(({ durationMs }) => durationMs));
  const total = sumOf(report.sources.map(({ durationMs }) => durationMs));
  if (maps.length === 0 || bytes < 100 * 1024 || bytes < 2 * LARGE_SHARE * sentBytes) return;
  return {
    title: 'Leave source maps out',
    text: `${formatCounted(maps.length, 'source map')}: ${formatBytes(bytes)}, ${formatPercent(bytes / sentBytes)} of all that is sent compressed, and ${formatPercent(spent / total)} of the work. Only developer tools load them.`,
    command: commandOf(report, '--exclude', '**/*.map'),
  };
}

function bitmaps({ report, sent, sentBytes }: Facts): Hint | undefined {
  const images = report.sources.filter(({ relativePath }) => /\.(bmp|tiff?)$/i.test(relativePath));
  const bytes = sumOf(images.map((source) => sent.get(source) ?? 0));
  if (images.length === 0 || bytes < 50 * 1024 || bytes < LARGE_SHARE * sentBytes) return undefined;
  return {
    title: 'Convert uncompressed images',
    text: `${formatCounted(images.length, 'image')} as BMP or TIFF: ${formatBytes(bytes)} even when compressed. As PNG, WebP or AVIF they are far smaller.`,
    command: null,
  };
}

function imagesInSvg({ report, sent }: Facts): Hint | undefined {
  const drawings = report.sources.filter(
    (source) =>
      /\.svg$/i.test(source.relativePath) &&
      source.sourceBytes >= 20 * 1024 &&
      (sent.get(source) ?? 0) > 0.6 * source.sourceBytes,
  );
  const bytes = sumOf(drawings.map((source) => sent.get(source) ?? 0));
  if (drawings.length === 0 || bytes < 50 * 1024) return undefined;
  return {
    title: 'Look into SVG files that hardly compress',
    text: `${formatCounted(drawings.length, 'SVG file')} (${formatBytes(bytes)} compressed) keep more than 60% of their size: most likely they hold images as base64. As files of their own these would be a quarter smaller.`,
    command: null,
  };
}

/** A report holds no digests: equal sizes, also when encoded, are what it can tell. */
function likelyTwins({ report, sent, sentBytes }: Facts): Hint | undefined {
  const groups = new Map<string, ReportedSource[]>();
  for (const source of report.sources) {
    if (source.sourceBytes < 1024) continue;
    const encoded = source.variants.map((one) => (isKept(one) ? one.encodedBytes : '-'));
    const key = [source.sourceBytes, ...encoded].join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [source]);
    else group.push(source);
  }
  const copies = [...groups.values()].flatMap((group) => group.slice(1));
  const bytes = sumOf(copies.map((source) => sent.get(source) ?? 0));
  if (copies.length < 2 || bytes < LARGE_SHARE * sentBytes) return undefined;
  return {
    title: 'Publish equal files once',
    text: `${formatCounted(copies.length, 'file')} (${formatBytes(bytes)} compressed) are as large as another one to the byte, also when compressed, so that they most likely hold the same. From one address, browsers load them once.`,
    command: null,
  };
}

/** Extensions of which nothing is kept, and that take time. */
function inVain({ report, sent }: Facts): Hint | undefined {
  const total = sumOf(report.sources.map(({ durationMs }) => durationMs));
  const byExtension = new Map<string, { count: number; spent: number; kept: boolean }>();
  for (const source of report.sources) {
    const extension = extensionOf(source.relativePath);
    if (extension === '') continue;
    const { count = 0, spent = 0, kept = false } = byExtension.get(extension) ?? {};
    const isSmaller = (sent.get(source) ?? 0) < source.sourceBytes;
    byExtension.set(extension, {
      count: count + 1,
      spent: spent + source.durationMs,
      kept: kept || isSmaller,
    });
  }
  const [worst] = [...byExtension]
    .filter(([, { count, kept }]) => !kept && count >= MANY)
    .sort(([, a], [, b]) => b.spent - a.spent);
  if (worst === undefined || worst[1].spent < LARGE_SHARE * total) return undefined;
  const [extension, { count, spent }] = worst;
  return {
    title: `Exclude .${extension} files`,
    text: `None of ${formatCounted(count, 'file')} became smaller, and to find that out was ${formatPercent(spent / total)} of the work.`,
    command: commandOf(report, '--exclude', `**/*.${extension}`),
  };
}

function tinyFiles({ report, sent, savedBytes }: Facts): Hint | undefined {
  for (const size of SIZES_TO_TRY) {
    const tiny = report.sources.filter(({ sourceBytes }) => sourceBytes < size);
    const saved = sumOf(tiny.map((source) => source.sourceBytes - (sent.get(source) ?? 0)));
    const sidecars = tiny.flatMap(({ variants }) => variants.filter(isKept)).length;
    if (sidecars < 2 * MANY || saved > NEGLIGIBLE_SHARE * savedBytes) continue;
    return {
      title: 'Leave tiny files alone',
      text: `${formatCounted(sidecars, 'sidecar')} of files below ${formatBytes(size)} save ${formatBytes(saved)} together, ${formatPercent(saved / savedBytes)} of all savings.`,
      command: commandOf(report, '--min-size', String(size)),
    };
  }
  return undefined;
}

function barelySmaller({ report, savedBytes }: Facts): Hint | undefined {
  const limit = 0.95;
  let count = 0;
  let saved = 0;
  for (const { sourceBytes, variants } of report.sources) {
    for (const variant of variants.filter(isKept)) {
      if (variant.encodedBytes <= limit * sourceBytes) continue;
      count += 1;
      saved += sourceBytes - variant.encodedBytes;
    }
  }
  if (count < MANY || saved > 4 * NEGLIGIBLE_SHARE * savedBytes) return undefined;
  return {
    title: 'Keep only what pays',
    text: `${formatCounted(count, 'sidecar')} save less than 5% each, ${formatBytes(saved)} together.`,
    command: commandOf(report, '--max-ratio', String(limit)),
  };
}

function zstdBesideBrotli({ report }: Facts): Hint | undefined {
  const { br, zstd } = report.totals.contentCodings;
  if (br === undefined || zstd === undefined || zstd.sourceBytes === 0 || br.sourceBytes === 0) {
    return undefined;
  }
  const ratio = zstd.encodedBytes / zstd.sourceBytes / (br.encodedBytes / br.sourceBytes);
  if (ratio < 1.02) return undefined;
  return {
    title: 'Let brotli come before zstd',
    text: `The .zst files are ${formatPercent(ratio - 1)} larger than the .br files, at equal sources. Browsers that take zstd take brotli too: have the server prefer br, or drop --zstd.`,
    command: null,
  };
}

/** The fewest bytes in which a source can be sent. */
function bestBytes({ sourceBytes, variants }: ReportedSource): number {
  return Math.min(sourceBytes, ...variants.filter(isKept).map((one) => one.encodedBytes));
}

function commandOf({ root }: Report, ...words: readonly string[]): string | null {
  if (root === null) return null;
  return ['npx wn-compress', ...[root, ...words].map(shellWord)].join(' ');
}

function extensionOf(path: string): string {
  return /[^/]\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
