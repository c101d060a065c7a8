// Owns the hints about options of the run: what could be compressed too, and what need not be. Pure.
import { DEFAULT_EXCLUDED_EXTENSIONS, isKept } from '../../index.js';
import { formatBytes, formatCounted, formatPercent } from '../format.js';
import {
  extensionOf,
  LARGE_SHARE,
  percentOf,
  sumOf,
  type Advisor,
  type Facts,
} from './hint-facts.js';
import type { Hint } from './page-data.js';

/** Fewer files than this are no pattern. */
const MANY = 10;

/** What is lost by sidecars that could be left out: so small a share that nobody would notice. */
const NEGLIGIBLE_SHARE = 0.005;

const SIZES_TO_TRY = [4096, 2048, 1024, 512, 256, 150];

/** Of these the excluded extensions hold none by default: they become smaller. */
const COMPRESSIBLE =
  'bmp css csv geojson htm html ico ics js json map md mjs otf rss svg tsv ttf txt vtt wasm webmanifest xml'.split(
    ' ',
  );

/** What is wrong as it is served: no other hint weighs as much. */
export function staleSidecars({ report }: Facts): Hint | undefined {
  const stale = report.stale.filter(({ removed }) => !removed);
  if (stale.length === 0) return undefined;
  const are = stale.length === 1 ? 'does' : 'do';
  return {
    title: 'Delete the stale sidecars',
    text: `${formatCounted(stale.length, 'sidecar')} ${are} not decode to the source beside it, and servers send them.`,
    option: '--prune',
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
    option: null,
  };
}

/** Extensions of which nothing is kept, and that take time. */
function inVain({ report, sent }: Facts): Hint | undefined {
  const total = sumOf(report.sources.map(({ durationMs }) => durationMs));
  const byExtension = new Map<string, { count: number; spent: number; kept: boolean }>();
  for (const source of report.sources) {
    const extension = extensionOf(source.relativePath);
    // In a glob any other character could mean something.
    if (!/^[\w-]+$/.test(extension)) continue;
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
    text: `None of ${formatCounted(count, 'file')} became smaller, and to find that out was ${percentOf(spent, total)} of the work.`,
    option: `--exclude "**/*.${extension}"`,
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
      text: `${formatCounted(sidecars, 'sidecar')} of files below ${formatBytes(size)} save ${formatBytes(saved)} together, ${percentOf(saved, savedBytes)} of all savings.`,
      option: `--min-size ${size}`,
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
    option: `--max-ratio ${limit}`,
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
    option: null,
  };
}

/** In the order in which they are shown. */
export const SETTING_ADVISORS: readonly Advisor[] = [
  excludedText,
  inVain,
  tinyFiles,
  barelySmaller,
  zstdBesideBrotli,
];
