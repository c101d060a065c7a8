// Shows whole runs through the library, on real trees: which sidecars there are in the end, and what the
// report and the events say of it. Runs that are disturbed have a file of their own: disturbed.test.ts.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import { encode } from '../src/codec.js';
import { RootError, UsageError, type Report, type RunEvent } from '../src/index.js';
import { NORMALISES } from './support/capability.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';
import { untilNoThreads } from './support/until.js';
import { compress, compressFiles } from './support/uncached.js';

const CSS = 'a'.repeat(1000);
const AS_ROOT = process.getuid?.() === 0 && 'root may read and write everything';
const NOT_ROOT = process.getuid?.() !== 0 && 'only root may give files away';
const ON_WINDOWS = process.platform === 'win32' && 'needs links or permissions as POSIX has them';

/** What became of each variant: `app.js.br: written`. */
function statuses(report: Report): string[] {
  return report.sources.flatMap(({ relativePath, variants }) =>
    variants.map(({ contentCoding, status }) => `${relativePath} ${contentCoding}: ${status}`),
  );
}

function skips(report: Report): Record<string, string> {
  return Object.fromEntries(
    report.skipped.map(({ relativePath, reason }) => [relativePath, reason]),
  );
}

describe('compress, as WhiteNoise does', () => {
  it('leaves sidecars that decode to their source', async () => {
    using tree = new Tree({ 'application.css': CSS });
    await compress(tree.path);
    assertTree(tree, ['application.css', 'application.css.br', 'application.css.gz']);
  });

  it('leaves none where nothing is saved', async () => {
    using tree = new Tree({ 'too-small.css': 'hi' });
    const report = await compress(tree.path);
    assertTree(tree, ['too-small.css']);
    assert.deepEqual(statuses(report), [
      'too-small.css gzip: discarded',
      'too-small.css br: discarded',
    ]);
  });

  it('skips excluded extensions, whatever their case', async () => {
    using tree = new Tree({ 'image.jpg': CSS, 'PHOTO.JPG': CSS, jpg: CSS });
    const report = await compress(tree.path);
    assertTree(tree, ['PHOTO.JPG', 'image.jpg', 'jpg', 'jpg.br', 'jpg.gz']);
    assert.deepEqual(skips(report), {
      'PHOTO.JPG': 'excluded-extension',
      'image.jpg': 'excluded-extension',
    });
  });

  it('preserves the modification time', async () => {
    using tree = new Tree({ 'application.css': CSS });
    utimesSync(tree.join('application.css'), 1498579535, 1498579535);
    await compress(tree.path);
    for (const suffix of ['.gz', '.br']) {
      const { mtimeMs } = statSync(tree.join(`application.css${suffix}`));
      assert.ok(mtimeMs >= 1498579535000 && mtimeMs < 1498579535001, String(mtimeMs));
    }
  });

  it('takes another list of extensions in place of the default one', async () => {
    using tree = new Tree({ 'a.jpg': CSS, 'a.css': CSS });
    await compress(tree.path, { skipExtensions: ['.CSS'] });
    assertTree(tree, ['a.css', 'a.jpg', 'a.jpg.br', 'a.jpg.gz']);
  });

  it('excludes no extension when the list is empty, but never compresses a sidecar', async () => {
    using tree = new Tree({ 'a.jpg': CSS, 'b.gz': CSS });
    await compress(tree.path, { skipExtensions: [] });
    await compress(tree.path, { skipExtensions: [] });
    assertTree(tree, ['a.jpg', 'a.jpg.br', 'a.jpg.gz', 'b.gz', 'b.gz.br', 'b.gz.gz']);
  });

  it('refuses to run without any content-coding', async () => {
    using tree = new Tree({ 'a.css': CSS });
    await assert.rejects(compress(tree.path, { gzip: false, brotli: false }), UsageError);
    assertTree(tree, ['a.css']);
  });

  it('keeps a variant at a ratio of at most maxRatio, and discards it above', async () => {
    using tree = new Tree({ 'a.css': script(3000) });
    const source = tree.bytes('a.css');
    const gzipRatio = encode(source, { contentCoding: 'gzip', level: 9 }).length / source.length;
    const brotliRatio = encode(source, { contentCoding: 'br', quality: 11 }).length / source.length;
    assert.ok(brotliRatio < gzipRatio);
    const run = async (maxRatio: number) => {
      const report = await compress(tree.path, { maxRatio });
      return [statuses(report).map((text) => text.slice(6)), tree.list()];
    };
    assert.deepEqual(await run(1), [
      ['gzip: written', 'br: written'],
      ['a.css', 'a.css.br', 'a.css.gz'],
    ]);
    assert.deepEqual(await run(gzipRatio), [
      ['gzip: unchanged', 'br: unchanged'],
      ['a.css', 'a.css.br', 'a.css.gz'],
    ]);
    assert.deepEqual(await run(gzipRatio - 1e-9), [
      ['gzip: discarded', 'br: unchanged'],
      ['a.css', 'a.css.br'],
    ]);
    assert.deepEqual(await run(brotliRatio - 1e-9), [
      ['gzip: discarded', 'br: discarded'],
      ['a.css'],
    ]);
  });
});

describe('compress', () => {
  it('skips what is empty or too small, and a failure of the root is an error', async () => {
    using tree = new Tree({ empty: '', small: 'a'.repeat(99), large: 'a'.repeat(100) });
    const report = await compress(tree.path, { minSize: 100 });
    assertTree(tree, ['empty', 'large', 'large.br', 'large.gz', 'small']);
    assert.deepEqual(skips(report), { empty: 'empty', small: 'too-small' });
    await assert.rejects(compress(tree.join('missing')), RootError);
  });

  it('takes one file as its root', async () => {
    using tree = new Tree({ 'a.css': CSS, 'b.css': CSS });
    await compress(tree.join('a.css'));
    assertTree(tree, ['a.css', 'a.css.br', 'a.css.gz', 'b.css']);
  });

  it('takes a list of files, each once, and reports what is missing', async () => {
    using tree = new Tree({ 'a.css': CSS, 'b.css': CSS, 'c.jpg': CSS });
    const paths = ['a.css', './a.css', 'missing.css', 'c.jpg'].map(
      (path) => `${tree.path}/${path}`,
    );
    const report = await compressFiles(paths);
    assertTree(tree, ['a.css', 'a.css.br', 'a.css.gz', 'b.css', 'c.jpg']);
    assert.equal(report.root, null);
    assert.deepEqual(report.totals.skippedByReason, { 'excluded-extension': 1 });
    assert.deepEqual(
      report.failures.map(({ code }) => code),
      ['ENOENT'],
    );
  });

  it('leaves sidecars alone that hold these bytes already, and mends their times', async () => {
    using tree = new Tree({ 'a.css': CSS });
    await compress(tree.path);
    const before = lstatSync(tree.join('a.css.gz'), { bigint: true });
    utimesSync(tree.join('a.css.br'), 1, 1);
    const report = await compress(tree.path);
    const after = lstatSync(tree.join('a.css.gz'), { bigint: true });
    assert.deepEqual(statuses(report), ['a.css gzip: unchanged', 'a.css br: unchanged']);
    assert.deepEqual([after.ino, after.ctimeNs], [before.ino, before.ctimeNs]);
    const ageMs = statSync(tree.join('a.css.br')).mtimeMs - statSync(tree.join('a.css')).mtimeMs;
    assert.ok(ageMs >= 0 && ageMs < 1, String(ageMs));
  });

  it('replaces stale sidecars and removes those of variants that are discarded', async () => {
    using tree = new Tree({
      'a.css': CSS,
      'a.css.gz': 'stale',
      'b.css': 'hi',
      'b.css.gz': 'stale',
      'c.css': '',
      'c.css.br': 'stale',
      'd.css': 'hi',
      'd.css.zst': 'of another content-coding',
    });
    const report = await compress(tree.path);
    assert.equal(tree.bytes('d.css.zst').toString(), 'of another content-coding');
    rmSync(tree.join('d.css.zst'));
    assertTree(tree, ['a.css', 'a.css.br', 'a.css.gz', 'b.css', 'c.css', 'd.css']);
    const { gzip, br } = report.totals.contentCodings;
    assert.deepEqual([gzip?.written, gzip?.removed, br?.written, br?.removed], [1, 1, 1, 1]);
  });

  it('leaves the sidecars of a content-coding alone that is off', async () => {
    using tree = new Tree({ 'a.css': CSS, 'a.css.gz': 'foreign' });
    const report = await compress(tree.path, { gzip: false });
    assert.deepEqual(Object.keys(report.totals.contentCodings), ['br']);
    assert.equal(tree.snapshot()['a.css.gz'], 'foreign');
  });

  it('writes and deletes nothing in a dry run, and says what would be', async () => {
    const entries = {
      'a.css': CSS,
      'a.css.gz': 'stale',
      'b.css': 'hi',
      'b.css.gz': 'stale',
      'c.css': CSS,
    };
    using tree = new Tree(entries);
    await compress(tree.join('c.css'));
    const before = tree.snapshot();
    const planned = await compress(tree.path, { dryRun: true });
    assert.deepEqual(tree.snapshot(), before);
    const done = await compress(tree.path);
    assert.deepEqual(statuses(planned), statuses(done));
    assert.deepEqual(planned.totals, done.totals);
    assert.deepEqual([planned.dryRun, done.dryRun], [true, false]);
  });

  it('compresses linked files beside the link', { skip: ON_WINDOWS }, async () => {
    using outside = new Tree({ 'lib.js': CSS });
    using tree = new Tree({ 'lib.js': { link: outside.join('lib.js') } });
    await compress(tree.path);
    assertTree(tree, ['lib.js', 'lib.js.br', 'lib.js.gz']);
    assertTree(outside, ['lib.js']);
  });

  it(
    'never writes through a link planted at the name of a sidecar',
    { skip: ON_WINDOWS },
    async () => {
      using outside = new Tree({ precious: 'precious', same: CSS });
      using tree = new Tree({
        'a.css': CSS,
        'a.css.gz': { link: outside.join('precious') },
        'b.css': 'hi',
        'b.css.br': { link: outside.join('precious') },
      });
      await compress(tree.path);
      assertTree(tree, ['a.css', 'a.css.br', 'a.css.gz', 'b.css']);
      assert.deepEqual(outside.snapshot(), { precious: 'precious', same: CSS });
    },
  );

  it('fails a variant whose name is taken by a directory, and does the others', async () => {
    using tree = new Tree({ 'a.css': CSS, 'a.css.gz/keep': 'hi', 'b.css': CSS });
    const report = await compress(tree.path);
    assertTree(tree, ['a.css', 'a.css.br', 'a.css.gz/keep', 'b.css', 'b.css.br', 'b.css.gz']);
    assert.deepEqual(statuses(report).slice(0, 2), ['a.css gzip: failed', 'a.css br: written']);
    assert.deepEqual(
      report.failures.map(({ code, contentCoding, relativePath }) => [
        code,
        contentCoding,
        relativePath,
      ]),
      [['EISDIR', 'gzip', 'a.css']],
    );
  });

  it(
    'reports a source that cannot be read, and does the others',
    { skip: AS_ROOT || ON_WINDOWS },
    async () => {
      using tree = new Tree({ 'a.css': CSS, 'b.css': CSS });
      chmodSync(tree.join('a.css'), 0);
      const report = await compress(tree.path);
      assert.deepEqual(
        report.failures.map(({ code, operation }) => [code, operation]),
        [['EACCES', 'open']],
      );
      assert.deepEqual(tree.list(), ['a.css', 'b.css', 'b.css.br', 'b.css.gz']);
    },
  );

  it(
    'reports each variant in a folder that cannot be written to',
    { skip: AS_ROOT || ON_WINDOWS },
    async () => {
      using tree = new Tree({ 'locked/a.css': CSS, 'b.css': CSS });
      chmodSync(tree.join('locked'), 0o555);
      const report = await compress(tree.path);
      chmodSync(tree.join('locked'), 0o755);
      assert.deepEqual(
        report.failures.map(({ code, contentCoding }) => [code, contentCoding]),
        [
          ['EACCES', 'gzip'],
          ['EACCES', 'br'],
        ],
      );
      assertTree(tree, ['b.css', 'b.css.br', 'b.css.gz', 'locked/a.css']);
    },
  );

  it(
    'fails a source whose name has no room for a suffix, and compresses the longest that has',
    { skip: ON_WINDOWS },
    async () => {
      const longest = 'n'.repeat(252);
      const tooLong = 'n'.repeat(255);
      using tree = new Tree({ [longest]: CSS, [tooLong]: CSS });
      const report = await compress(tree.path);
      assertTree(tree, [longest, `${longest}.br`, `${longest}.gz`, tooLong]);
      assert.deepEqual(
        report.failures.map(({ code, contentCoding }) => [code, contentCoding]),
        [
          ['ENAMETOOLONG', 'gzip'],
          ['ENAMETOOLONG', 'br'],
        ],
      );
    },
  );

  it('compresses files of any name', { skip: ON_WINDOWS }, async () => {
    const names = [
      ' ',
      '-rf',
      '--',
      "it's",
      '"',
      '*',
      '[a]',
      '{a,b}',
      '!a',
      '?',
      '\\',
      'a\nb',
      '\x1b[31m',
      '.hidden',
      '.gz',
      '..a',
      '__proto__',
      'constructor',
      'é',
      ...(NORMALISES === false ? ['e\u0301'] : []),
      '😀',
      '\u202etxt',
      'a b',
      '~',
      '$HOME',
      '(a)',
      '@(a|b)',
    ];
    using tree = new Tree(
      Object.fromEntries(
        [...names, ...names.map((name) => `${name}d/${name}`)].map((name) => [name, CSS]),
      ),
    );
    const sources = tree.list();
    const report = await compress(tree.path, { skipExtensions: [] });
    assert.deepEqual(report.failures, []);
    assertTree(
      tree,
      sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
    );
  });

  it('tells what it does, in order', async () => {
    using tree = new Tree({ 'a.css': CSS, 'b.jpg': CSS });
    const events: RunEvent[] = [];
    const report = await compress(tree.path, { onEvent: (event) => events.push(event) });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['scanned', 'planned', 'source-started', 'source-settled', 'finished'],
    );
    const last = events.at(-1);
    assert.ok(last?.type === 'finished' && last.report === report);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });

  it('ends with what its listener throws, while another source is in its encoder', async () => {
    using tree = new Tree({ 'slow.js': script(2_000_000), 'b.js': script(70_000), 'c.js': CSS });
    const settled: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.type !== 'source-settled') return;
      settled.push(event.outcome.relativePath);
      throw new Error('listener');
    };
    await assert.rejects(compress(tree.path, { onEvent, threads: 2 }), { message: 'listener' });
    const expected = ['b.js', 'b.js.br', 'b.js.gz', 'c.js', 'slow.js'];
    assertTree(tree, expected);
    await untilNoThreads();
    assertTree(tree, expected);
    assert.deepEqual(settled, ['b.js']);
  });

  it('runs twice at once on one tree', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`${index % 7}/${index}.js`, script(3000, index)]),
    );
    using tree = new Tree(entries);
    const reports = await Promise.all([
      compress(tree.path),
      compress(tree.path),
      compress(tree.path, { threads: 1 }),
    ]);
    assert.deepEqual(
      reports.flatMap(({ failures }) => failures),
      [],
    );
    assertTree(
      tree,
      Object.keys(entries).flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
    );
  });

  it('descends into linked directories when told to, each once', { skip: ON_WINDOWS }, async () => {
    using outside = new Tree({ 'far.css': CSS });
    using tree = new Tree({ 'a/near.css': CSS });
    symlinkSync(outside.path, tree.join('b'));
    symlinkSync('..', tree.join('a/loop'));
    assert.equal((await compress(tree.path)).totals.sources, 1);
    assertTree(outside, ['far.css']);
    assert.equal((await compress(tree.path, { follow: true })).totals.sources, 2);
    assertTree(outside, ['far.css', 'far.css.br', 'far.css.gz']);
  });

  it('reports a run on nothing', async () => {
    using tree = new Tree();
    mkdirSync(tree.join('folder'));
    const { totals, threads } = await compress(tree.path);
    assert.deepEqual([totals.sources, totals.skipped, totals.failed, threads], [0, 0, 0, 0]);
  });

  it('makes the same sidecars with one thread as with many', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`${index}.js`, script(index * 900, index)]),
    );
    using one = new Tree(entries);
    using many = new Tree(entries);
    await compress(one.path, { threads: 1 });
    await compress(many.path, { threads: 5 });
    assert.deepEqual(one.snapshot(), many.snapshot());
  });

  it(
    'gives sidecars that are right already the new owner of their source',
    { skip: ON_WINDOWS || NOT_ROOT },
    async () => {
      using tree = new Tree({ 'a.css': CSS });
      await compress(tree.path);
      chownSync(tree.join('a.css'), 12345, 54321);
      const report = await compress(tree.path);
      assert.deepEqual(statuses(report), ['a.css gzip: unchanged', 'a.css br: unchanged']);
      const { uid, gid } = statSync(tree.join('a.css.gz'));
      assert.deepEqual([uid, gid], [12345, 54321]);
    },
  );
});
