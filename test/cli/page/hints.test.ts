// Tests what a page advises: by table, each hint with numbers that justify it and with numbers that do not.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHints } from '../../../src/cli/page/hints.js';
import type { ContentCoding, Report, ReportedSource, Skip } from '../../../src/index.js';
import { REPORT } from '../example.js';

type Sizes = Readonly<Partial<Record<ContentCoding, number>>>;

/** A source whose variants are kept where they are smaller. */
function source(relativePath: string, sourceBytes: number, sizes: Sizes, durationMs = 10) {
  return {
    relativePath,
    sourceBytes,
    durationMs,
    savedMs: 0,
    variants: Object.entries(sizes).map(([coding, encodedBytes]) => {
      const contentCoding = coding as ContentCoding;
      return encodedBytes < sourceBytes
        ? ({ status: 'written', contentCoding, encodedBytes, replaced: false } as const)
        : ({ status: 'discarded', contentCoding, encodedBytes, removed: false } as const);
    }),
  } satisfies ReportedSource;
}

/** As many sources, numbered. */
function sources(count: number, extension: string, sourceBytes: number, sizes: Sizes, ms = 10) {
  return Array.from({ length: count }, (_, index) =>
    // Of sizes of their own, so that none is taken for the twin of another.
    source(`many/${index}.${extension}`, sourceBytes + index, sizes, ms),
  );
}

const APP = source('app.js', 4_000_000, { gzip: 1_000_000, br: 800_000 }, 1000);

function hintsOf(
  all: readonly ReportedSource[],
  changes: Partial<Report> = {},
  sizes: Readonly<Record<string, number>> = {},
): Record<string, string | null> {
  const sourceBytes = all.reduce((sum, one) => sum + one.sourceBytes, 0);
  const report: Report = {
    ...REPORT,
    totals: { ...REPORT.totals, sourceBytes },
    sources: all,
    skipped: [],
    failures: [],
    ...changes,
  };
  const hints = createHints(report, (path) => sizes[path] ?? -1);
  for (const { text } of hints) assert.doesNotMatch(text, /NaN|undefined|Infinity/);
  return Object.fromEntries(hints.map(({ title, option }) => [title, option]));
}

const skip = (relativePath: string): Skip => ({ relativePath, reason: 'excluded-extension' });

describe('the hints of a page', () => {
  it('are none where nothing stands out', () => {
    assert.deepEqual(hintsOf([APP]), {});
    assert.deepEqual(hintsOf([]), {});
    assert.deepEqual(hintsOf([], { root: null }), {});
  });

  it('name what is stale and still there', () => {
    const stale = (removed: boolean) =>
      [{ relativePath: 'a.gz', contentCoding: 'gzip', removed }] as const;
    assert.deepEqual(hintsOf([APP], { stale: stale(false) }), {
      'Delete the stale sidecars': '--prune',
    });
    assert.deepEqual(hintsOf([APP], { stale: stale(true) }), {});
    // Before all that only costs bytes or time.
    const all = hintsOf([APP, source('a.js.map', 9_000_000, { br: 900_000 })], {
      stale: stale(false),
    });
    assert.deepEqual(Object.keys(all), ['Delete the stale sidecars', 'Leave source maps out']);
  });

  it('name source maps that weigh much of what is sent, and no light ones', () => {
    const map = (bytes: number) => source('app.js.map', 9_000_000, { br: bytes });
    assert.deepEqual(hintsOf([APP, map(900_000)]), {
      'Leave source maps out': '--exclude "**/*.map"',
    });
    assert.deepEqual(hintsOf([APP, map(50_000)]), {});
  });

  it('name tiny files of which the sidecars save next to nothing', () => {
    const tiny = sources(30, 'svg', 100, { gzip: 90, br: 80 });
    assert.deepEqual(hintsOf([APP, ...tiny]), {
      'Leave tiny files alone': '--min-size 4096',
    });
    assert.deepEqual(hintsOf([APP, ...tiny.slice(0, 5)]), {});
    assert.deepEqual(hintsOf([APP, ...sources(30, 'svg', 4000, { br: 100 })]), {});
  });

  it('name sidecars that are hardly smaller than their sources', () => {
    const hardly = sources(12, 'bin', 5000, { gzip: 4950 });
    assert.deepEqual(hintsOf([APP, ...hardly]), {
      'Keep only what pays': '--max-ratio 0.95',
    });
    assert.deepEqual(hintsOf([APP, ...sources(12, 'bin', 5000, { gzip: 4000 })]), {});
  });

  it('name extensions of which nothing is kept, and that take time', () => {
    const pdf = (ms: number) => sources(12, 'pdf', 5000, { gzip: 6000, br: 6000 }, ms);
    assert.deepEqual(hintsOf([APP, ...pdf(100)]), {
      'Exclude .pdf files': '--exclude "**/*.pdf"',
    });
    assert.deepEqual(hintsOf([APP, ...pdf(1)]), {});
    // Characters that mean something in a list of globs.
    for (const odd of ['a,b', 'b]{x}', '*']) {
      const files = sources(12, odd, 5000, { gzip: 6000, br: 6000 }, 100);
      assert.deepEqual(hintsOf([APP, ...files]), {});
    }
  });

  it('name fonts of older formats beside their WOFF2, whether they were skipped or not', () => {
    const fonts = [
      source('a.ttf', 200_000, { br: 90_000 }),
      source('b.eot', 80_000, { br: 90_000 }),
    ];
    const skipped = ['a.woff2', 'b.woff2'].map(skip);
    assert.deepEqual(hintsOf([APP, ...fonts], { skipped }), { 'Publish WOFF2 fonts only': null });
    assert.deepEqual(hintsOf([APP, ...fonts]), {});
    const older = ['a.woff', 'b.woff'].map(skip);
    const sizes = { 'a.woff': 90_000, 'b.woff': 90_000 };
    assert.deepEqual(hintsOf([APP], { skipped: [...skipped, ...older] }, sizes), {
      'Publish WOFF2 fonts only': null,
    });
  });

  it('name images that are better converted, and drawings that hold images', () => {
    assert.deepEqual(hintsOf([APP, source('a.bmp', 400_000, { br: 90_000 })]), {
      'Convert uncompressed images': null,
    });
    assert.deepEqual(hintsOf([APP, source('a.svg', 90_000, { br: 70_000 })]), {
      'Look into SVG files that hardly compress': null,
    });
    assert.deepEqual(hintsOf([APP, source('a.svg', 90_000, { br: 20_000 })]), {});
  });

  it('name files that are equal in every size, and none of which nothing was kept', () => {
    const copies = (sizes: Sizes) =>
      ['a', 'b', 'c'].map((name) => source(`${name}.js`, 90_000, sizes));
    assert.deepEqual(hintsOf([APP, ...copies({ gzip: 31_000, br: 30_000 })]), {
      'Publish equal files once': null,
    });
    assert.deepEqual(hintsOf([APP, ...copies({ gzip: 91_000, br: 91_000 })]), {});
  });

  it('name what was excluded and usually compresses, but nothing of the default list', () => {
    const skipped = ['a.json', 'b.json', 'c.png', 'd.zip'].map(skip);
    const sizes = { 'a.json': 20_000, 'b.json': 20_000, 'c.png': 90_000, 'd.zip': 90_000 };
    assert.deepEqual(hintsOf([APP], { skipped }, sizes), { 'Compress .json files too': null });
    assert.deepEqual(hintsOf([APP], { skipped: skipped.slice(2) }, sizes), {});
  });

  it('tell of zstd that is larger than brotli', () => {
    const totals = (encodedBytes: number) => ({ ...gzipTotals(), sourceBytes: 1000, encodedBytes });
    const codings = (zstd: number): Partial<Report> => ({
      totals: { ...REPORT.totals, contentCodings: { br: totals(200), zstd: totals(zstd) } },
    });
    assert.deepEqual(hintsOf([], codings(220)), { 'Let brotli come before zstd': null });
    assert.deepEqual(hintsOf([], codings(201)), {});
  });
});

function gzipTotals() {
  const { gzip } = REPORT.totals.contentCodings;
  assert.ok(gzip !== undefined);
  return gzip;
}
