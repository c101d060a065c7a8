// Tests what a page is told of a report: columns that say what the report says, and text that cannot end the
// element that it stands in.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createPageData } from '../../../src/cli/page/create-page-data.js';
import type { PageData } from '../../../src/cli/page/page-data.js';
import { jsonInHtml } from '../../../src/cli/page/report-page.js';
import type { Report } from '../../../src/index.js';
import { anyName } from '../../hostile/names.js';
import { NOTHING, REPORT } from '../example.js';
import { pathsOf } from './page-text.js';

const SURROUNDINGS = {
  sizeOf: (path: string) => (path === 'logo.png' ? 4000 : undefined),
  madeAt: new Date('2026-01-02T03:04:05Z'),
  version: '1.2.3',
};

function dataOf(changes: Partial<Report> = {}): PageData {
  return createPageData({ ...REPORT, ...changes }, SURROUNDINGS);
}

describe('the data of a page', () => {
  it('hold each file once with its sizes and what became of it, but no sidecars', () => {
    const data = dataOf();
    assert.deepEqual(pathsOf(data), ['app.js', 'logo.png', 'logo.svg', 'noise.bin']);
    const { sizes, states, variants } = data.files;
    assert.deepEqual(sizes, [10_000, 4000, 10_000, 480]);
    // The second reason by number: sidecars are more.
    assert.equal(states, 's1ss');
    assert.deepEqual(data.contentCodings, ['gzip', 'br']);
    assert.deepEqual(variants, [
      { states: 'wud', bytes: [3000, 2000, 503] },
      { states: 'wfd', bytes: [2000, 0, 484] },
    ]);
    assert.deepEqual(data.skipReasons, [
      { words: 'sidecars', count: 2, isListed: false },
      { words: 'excluded extension', count: 1, isListed: true },
    ]);
    assert.deepEqual(data.failures, [
      { path: 'logo.svg', contentCoding: 'br', message: 'permission denied' },
    ]);
    assert.equal(data.madeAt, '2026-01-02T03:04:05.000Z');
  });

  it('hold what failed before it became a source once, of an unknown size', () => {
    const failure = { code: 'EIO', operation: 'read', path: '/x', message: 'broken' } as const;
    const of = (relativePath: string) => ({ relativePath, contentCoding: null, ...failure });
    const data = dataOf({ failures: [of('a'), of('a'), of('z/b')] });
    const paths = pathsOf(data);
    assert.deepEqual(paths, ['a', 'app.js', 'logo.png', 'logo.svg', 'noise.bin', 'z/b']);
    assert.equal(data.files.states, 'fs1ssf');
    assert.deepEqual(data.files.sizes, [-1, 10_000, 4000, 10_000, 480, -1]);
    assert.equal(data.failures.length, 3);
  });

  it('hold content-codings of any name, in their order, and sources without one of them', () => {
    const [source] = REPORT.sources;
    assert.ok(source !== undefined);
    const { gzip } = REPORT.totals.contentCodings;
    assert.ok(gzip !== undefined);
    const data = dataOf({
      totals: { ...REPORT.totals, contentCodings: { gzip, zstd: gzip } },
      sources: [
        { ...source, relativePath: 'a', variants: [] },
        {
          ...source,
          variants: [
            { status: 'restored', contentCoding: 'zstd', encodedBytes: 7, replaced: false },
          ],
        },
      ],
      skipped: [],
      failures: [],
    });
    assert.deepEqual(data.contentCodings, ['gzip', 'zstd']);
    assert.deepEqual(data.files.variants, [
      { states: '--', bytes: [0, 0] },
      { states: '-r', bytes: [0, 7] },
    ]);
  });

  it('hold nothing of a run that found nothing', () => {
    const { files, skipReasons, hints } = createPageData(NOTHING, SURROUNDINGS);
    assert.deepEqual(files, { shared: [], rest: [], sizes: [], states: '', variants: [] });
    assert.deepEqual([skipReasons, hints], [[], []]);
  });

  it('come out of the text of a page as they went in, whatever names are in them', () => {
    const path = fc.array(anyName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 20 }), (paths) => {
        const skipped = paths.map((relativePath) => ({ relativePath, reason: 'empty' }) as const);
        const totals = { ...NOTHING.totals, skippedByReason: { empty: paths.length } };
        const data = createPageData({ ...NOTHING, totals, skipped }, SURROUNDINGS);
        const text = jsonInHtml(data);
        assert.doesNotMatch(text, /[<\u2028\u2029]|\p{Surrogate}/u);
        const read = JSON.parse(text) as PageData;
        assert.deepEqual(read, data);
        assert.deepEqual(pathsOf(read), [...paths].sort());
      }),
    );
  });
});
