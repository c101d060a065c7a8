// Shows what whole runs make of sources that hold the same bytes: that each gets sidecars of its own, which
// are true whatever happens meanwhile. And of what cannot become smaller. How twins are found: twins.test.ts.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { encode } from '../src/codec.js';
import type { CompressOptions, Report } from '../src/index.js';
import { NO_LINKS } from './support/capability.js';
import { assertTree, script } from './support/sidecars.js';
import { FOLDER, Tree } from './support/tree.js';
import { compress } from './support/uncached.js';

const ON_WINDOWS = process.platform === 'win32' && 'modes as POSIX has them';

/** Large enough to be looked for among twins, and others of the same size. */
const CONTENT = script(20_000);
const OTHER = script(20_000, 2);

function withSidecars(...sources: readonly string[]): string[] {
  return sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]);
}

/** What became of each variant, sorted: `app.js br written`. */
function statuses({ sources }: Report): string[] {
  return sources
    .flatMap(({ relativePath, variants }) =>
      variants.map(({ contentCoding, status }) => `${relativePath} ${contentCoding} ${status}`),
    )
    .sort();
}

function failures(report: Report): string[] {
  return report.failures.map(({ code, relativePath, contentCoding }) =>
    `${code} ${relativePath} ${contentCoding ?? ''}`.trimEnd(),
  );
}

/** Runs, and changes the tree once twins have been found and before anything is read. */
function compressAndChange(
  tree: Tree,
  change: () => void,
  options: CompressOptions = {},
): Promise<Report> {
  return compress(tree.path, {
    ...options,
    onEvent: ({ type }) => {
      if (type === 'planned') change();
    },
  });
}

describe('twins of a run', () => {
  it('each get the sidecars that they get alone, of any size', async () => {
    for (const bytes of [100, 4095, 4096, 20_000, 300_000]) {
      using tree = new Tree({
        'app.js': script(bytes),
        'hashed/app.0123.js': script(bytes),
        'other.js': script(bytes, 2),
        'third.js': script(bytes),
      });
      const report = await compress(tree.path);
      const sources = ['app.js', 'hashed/app.0123.js', 'other.js', 'third.js'];
      assertTree(tree, withSidecars(...sources));
      assert.deepEqual(report.failures, []);
      for (const source of sources) {
        const content = tree.bytes(source);
        const gzip = encode(content, { contentCoding: 'gzip', level: 9 });
        const br = encode(content, { contentCoding: 'br', quality: 11 });
        assert.ok(tree.bytes(`${source}.gz`).equals(gzip), `${bytes} ${source}`);
        assert.ok(tree.bytes(`${source}.br`).equals(br), `${bytes} ${source}`);
      }
      assert.ok(report.sources.every((one) => one.sourceBytes === bytes));
      assert.ok(statuses(report).every((status) => status.endsWith('written')));
    }
  });

  it('each hand down their own mode and time', { skip: ON_WINDOWS }, async () => {
    using tree = new Tree({ 'a/app.js': CONTENT, 'b/app.js': CONTENT });
    chmodSync(tree.join('a/app.js'), 0o640);
    chmodSync(tree.join('b/app.js'), 0o604);
    utimesSync(tree.join('a/app.js'), 1_000_000_000, 1_000_000_000);
    utimesSync(tree.join('b/app.js'), 1_100_000_000, 1_100_000_000);
    await compress(tree.path);
    assertTree(tree, withSidecars('a/app.js', 'b/app.js'));
    for (const [path, mode, seconds] of [
      ['a/app.js', 0o640, 1_000_000_000],
      ['b/app.js', 0o604, 1_100_000_000],
    ] as const) {
      for (const suffix of ['.gz', '.br']) {
        const stats = statSync(tree.join(path + suffix));
        assert.equal(stats.mode & 0o777, mode, path + suffix);
        assert.equal(Math.floor(stats.mtimeMs / 1000), seconds, path + suffix);
      }
    }
  });

  it('are compressed as what they have become, when one changes behind its back', async () => {
    for (const changed of ['a.js', 'b.js', 'c.js']) {
      using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT, 'c.js': CONTENT });
      const report = await compressAndChange(tree, () => {
        writeFileSync(tree.join(changed), OTHER);
      });
      assertTree(tree, withSidecars('a.js', 'b.js', 'c.js'));
      assert.deepEqual(report.failures, []);
      assert.equal(tree.snapshot()[changed], OTHER);
    }
  });

  it('are compressed as what they have become, when one byte in one of them changes', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT, 'c.js': CONTENT });
    await compressAndChange(tree, () => {
      writeFileSync(tree.join('b.js'), `${CONTENT.slice(0, -1)}!`);
    });
    assertTree(tree, withSidecars('a.js', 'b.js', 'c.js'));
  });

  it('may be several names of one file', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    linkSync(tree.join('a.js'), tree.join('b.js'));
    const report = await compress(tree.path);
    assertTree(tree, withSidecars('a.js', 'b.js'));
    assert.deepEqual(report.failures, []);
    // What one name has is not taken for what another has.
    assert.notEqual(statSync(tree.join('a.js.gz')).ino, statSync(tree.join('b.js.gz')).ino);
  });

  it('may be a link and its target', { skip: NO_LINKS }, async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': { link: 'a.js' } });
    await compress(tree.path);
    assertTree(tree, withSidecars('a.js', 'b.js'));
  });

  it('that have their sidecars are left alone, and the others get theirs', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT, 'c.js': CONTENT });
    await compress(tree.join('b.js'));
    tree.add({ 'c.js.gz': 'stale' });
    const before = statSync(tree.join('b.js.gz'), { bigint: true });
    const report = await compress(tree.path);
    assert.deepEqual(statuses(report), [
      'a.js br written',
      'a.js gzip written',
      'b.js br unchanged',
      'b.js gzip unchanged',
      'c.js br written',
      'c.js gzip written',
    ]);
    assert.equal(statSync(tree.join('b.js.gz'), { bigint: true }).ctimeNs, before.ctimeNs);
    assertTree(tree, withSidecars('a.js', 'b.js', 'c.js'));
    const again = await compress(tree.path);
    assert.ok(statuses(again).every((status) => status.endsWith('unchanged')));
  });

  it('fail alone where a directory is in the way, the first as well as any other', async () => {
    for (const blocked of ['a.js', 'b.js', 'c.js']) {
      using tree = new Tree({
        'a.js': CONTENT,
        'b.js': CONTENT,
        'c.js': CONTENT,
        [`${blocked}.gz/keep`]: 'hi',
        [`${blocked}.br/keep`]: 'hi',
      });
      const report = await compress(tree.path);
      assert.deepEqual(failures(report), [`EISDIR ${blocked} gzip`, `EISDIR ${blocked} br`]);
      const others = ['a.js', 'b.js', 'c.js'].filter((name) => name !== blocked);
      assertTree(tree, [
        ...withSidecars(...others),
        blocked,
        `${blocked}.br/keep`,
        `${blocked}.gz/keep`,
      ]);
    }
  });

  it('fail alone when they vanish, the first as well as any other', async () => {
    for (const gone of ['a.js', 'b.js', 'c.js']) {
      using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT, 'c.js': CONTENT });
      const report = await compressAndChange(tree, () => {
        rmSync(tree.join(gone));
      });
      assert.deepEqual(failures(report), [`ENOENT ${gone}`]);
      const others = ['a.js', 'b.js', 'c.js'].filter((name) => name !== gone);
      assertTree(tree, withSidecars(...others));
    }
  });

  it('are judged alike by maxRatio, and lose the sidecars that they had', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT, 'b.js.gz': 'stale' });
    const report = await compress(tree.path, { maxRatio: 0.01 });
    assert.deepEqual(statuses(report), [
      'a.js br discarded',
      'a.js gzip discarded',
      'b.js br discarded',
      'b.js gzip discarded',
    ]);
    assertTree(tree, ['a.js', 'b.js']);
  });

  it('are written in no dry run, and come out the same at one thread and at many', async () => {
    const entries = { 'a.js': CONTENT, 'b.js': CONTENT, 'c/d.js': OTHER, 'e.js': OTHER };
    using one = new Tree(entries);
    using many = new Tree(entries);
    const planned = await compress(one.path, { dryRun: true });
    assertTree(one, Object.keys(entries));
    assert.deepEqual(statuses(await compress(one.path, { threads: 1 })), statuses(planned));
    await compress(many.path, { threads: 4 });
    assert.deepEqual(many.snapshot(), one.snapshot());
    assertTree(one, withSidecars(...Object.keys(entries)));
  });
});

describe('a source that cannot become smaller', () => {
  for (const mib of [1, 33]) {
    it(`is discarded at the best quality, and its old sidecars are removed: ${mib} MiB`, async () => {
      const content = randomBytes(mib * 1024 * 1024);
      using tree = new Tree({ 'a.bin': content, 'a.bin.br': 'stale', 'a.bin.gz': 'stale' });
      const planned = await compress(tree.path, { dryRun: true });
      assert.deepEqual(tree.list(), ['a.bin', 'a.bin.br', 'a.bin.gz']);
      const report = await compress(tree.path);
      assert.deepEqual(tree.list(), ['a.bin']);
      assert.ok(tree.bytes('a.bin').equals(content));
      const variants = report.sources[0]?.variants ?? [];
      assert.deepEqual(variants, planned.sources[0]?.variants);
      assert.deepEqual(
        variants.map((one) => [one.contentCoding, one.status, 'removed' in one && one.removed]),
        [
          ['gzip', 'discarded', true],
          ['br', 'discarded', true],
        ],
      );
      for (const variant of variants) {
        assert.ok('encodedBytes' in variant && variant.encodedBytes >= content.length);
      }
    });
  }

  it('fails no more than another where a directory is in the way: it wants none of it', async () => {
    using tree = new Tree({ 'a.bin': randomBytes(100_000), 'a.bin.br': FOLDER });
    const report = await compress(tree.path);
    assert.deepEqual(statuses(report), ['a.bin br discarded', 'a.bin gzip discarded']);
    assert.deepEqual(tree.list(), ['a.bin', 'a.bin.br']);
  });

  it('is discarded together with its twin, and a streamed one with gzip off', async () => {
    const content = randomBytes(200_000);
    using tree = new Tree({ 'a.bin': content, 'b.bin': content });
    assert.deepEqual(statuses(await compress(tree.path)), [
      'a.bin br discarded',
      'a.bin gzip discarded',
      'b.bin br discarded',
      'b.bin gzip discarded',
    ]);
    assertTree(tree, ['a.bin', 'b.bin']);
    using streamed = new Tree({ 'a.bin': randomBytes(33 * 1024 * 1024) });
    assert.deepEqual(statuses(await compress(streamed.path, { gzip: false })), [
      'a.bin br discarded',
    ]);
    assertTree(streamed, ['a.bin']);
  });
});
