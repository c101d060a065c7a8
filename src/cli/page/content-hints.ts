// Owns the hints about what is published: formats that hardly compress, and what nobody needs. Pure.
import { isKept, type ReportedSource } from '../../index.js';
import { formatBytes, formatCounted } from '../format.js';
import {
  extensionOf,
  LARGE_SHARE,
  percentOf,
  sumOf,
  type Advisor,
  type Facts,
} from './hint-facts.js';
import type { Hint } from './page-data.js';

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
    option: null,
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
    text: `${formatCounted(maps.length, 'source map')}: ${formatBytes(bytes)}, ${percentOf(bytes, sentBytes)} of all that is sent compressed, and ${percentOf(spent, total)} of the work. Only developer tools load them: do not publish them, or do not compress them.`,
    option: '--exclude "**/*.map"',
  };
}

function bitmaps({ report, sent, sentBytes }: Facts): Hint | undefined {
  const images = report.sources.filter(({ relativePath }) => /\.(bmp|tiff?)$/i.test(relativePath));
  const bytes = sumOf(images.map((source) => sent.get(source) ?? 0));
  if (images.length === 0 || bytes < 50 * 1024 || bytes < LARGE_SHARE * sentBytes) return undefined;
  return {
    title: 'Convert uncompressed images',
    text: `${formatCounted(images.length, 'image')} as BMP or TIFF: ${formatBytes(bytes)} even when compressed. As PNG, WebP or AVIF they are far smaller.`,
    option: null,
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
    option: null,
  };
}

/** A report holds no digests: equal sizes, also when encoded, are what it can tell. */
function likelyTwins({ report, sent, sentBytes }: Facts): Hint | undefined {
  const groups = new Map<string, ReportedSource[]>();
  for (const source of report.sources) {
    if (source.sourceBytes < 1024 || !source.variants.some(isKept)) continue;
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
    option: null,
  };
}

/** In the order in which they are shown. */
export const CONTENT_ADVISORS: readonly Advisor[] = [
  olderFonts,
  sourceMaps,
  bitmaps,
  imagesInSvg,
  likelyTwins,
];
