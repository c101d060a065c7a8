// Shows zstd through whole runs: sidecars beside those of gzip and brotli or alone, the cache, checks, prune,
// twins, slices and what is streamed; and what a Node.js says that has none, before it touches anything.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fileURLToPath } from 'node:url';
import { check, compress, UsageError, type CompressOptions, type Report } from '../src/index.js';
import { wnCompress } from './cli/command.js';
import { NO_ZSTD } from './support/capability.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';
import { readFrameHeader } from './support/zstd-frame.js';

const CONTENT = script(6_000);
const ALONE: CompressOptions = { gzip: false, brotli: false, zstd: true };

/** Above the bound from which sources are streamed. */
const STREAMED_BYTES = 34 * 1024 * 1024;

/** `written zstd a.js`, for each variant. */
function statusesOf({ sources }: Report): string[] {
  return sources.flatMap(({ relativePath, variants }) =>
    variants.map(({ status, contentCoding }) => `${status} ${contentCoding} ${relativePath}`),
  );
}

async function problemsOf(tree: Tree, options: CompressOptions): Promise<string[]> {
  const { findings } = await check(tree.path, options);
  return findings.map(({ problem, relativePath }) => `${problem} ${relativePath}`);
}

describe('a run with zstd', { skip: NO_ZSTD }, () => {
  it('leaves a .zst beside the others, of what becomes smaller', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'tiny.txt': 'x', 'photo.png': 'x'.repeat(900) });
    const report = await compress(tree.path, { cache: false, zstd: true });
    const sidecars = ['a.js.br', 'a.js.gz', 'a.js.zst'];
    assertTree(tree, ['a.js', ...sidecars, 'photo.png', 'tiny.txt']);
    assert.deepEqual(statusesOf(report), [
      'written gzip a.js',
      'written br a.js',
      'written zstd a.js',
      'discarded gzip tiny.txt',
      'discarded br tiny.txt',
      'discarded zstd tiny.txt',
    ]);
    assert.equal(report.totals.contentCodings.zstd?.encodedBytes, tree.bytes('a.js.zst').length);
  });

  it('leaves nothing else where the others are off, and has level 19 unless asked', async () => {
    using tree = new Tree({ 'a.js': script(60_000) });
    await compress(tree.path, { ...ALONE, cache: false });
    assertTree(tree, ['a.js', 'a.js.zst']);
    const byDefault = tree.bytes('a.js.zst');
    const again = await compress(tree.path, { ...ALONE, cache: false, zstdLevel: 19 });
    assert.deepEqual(statusesOf(again), ['unchanged zstd a.js']);
    await compress(tree.path, { ...ALONE, cache: false, zstdLevel: 1 });
    assertTree(tree, ['a.js', 'a.js.zst']);
    assert.ok(tree.bytes('a.js.zst').length > byDefault.length);
  });

  it('finds its variants in the cache, by their level', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'noise.js': Buffer.from([1, 7, 3]) });
    using cache = new Tree();
    const options = { zstd: true, cacheDir: cache.path };
    await compress(tree.path, options);
    rmSync(tree.join('a.js.zst'));
    rmSync(tree.join('a.js.gz'));
    assert.deepEqual(statusesOf(await compress(tree.path, options)).slice(0, 3), [
      'restored gzip a.js',
      'unchanged br a.js',
      'restored zstd a.js',
    ]);
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz', 'a.js.zst', 'noise.js']);
    const others = await compress(tree.path, { ...options, zstdLevel: 3 });
    assert.equal(statusesOf(others)[2], 'written zstd a.js');
  });

  it('has its sidecars checked: missing, stale, and not asked for when it is off', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': script(4000) });
    const options = { cache: false, zstd: true };
    await compress(tree.path, options);
    assert.deepEqual(await problemsOf(tree, options), []);
    assert.deepEqual(await problemsOf(tree, { cache: false }), []);
    rmSync(tree.join('a.js.zst'));
    writeFileSync(tree.join('b.js.zst'), tree.bytes('b.js.zst').subarray(0, -1));
    assert.deepEqual(await problemsOf(tree, options), ['missing a.js.zst', 'stale b.js.zst']);
    assert.deepEqual(await problemsOf(tree, { cache: false }), ['stale b.js.zst']);
  });

  it('prunes what it wrote: orphans, and stale ones when it is off again', async () => {
    using tree = new Tree({
      'a.js': CONTENT,
      'b.js': script(4000),
      'theirs.csv.zst': 'a download',
    });
    using cache = new Tree();
    const options = { ...ALONE, cacheDir: cache.path };
    await compress(tree.path, options);
    rmSync(tree.join('a.js'));
    writeFileSync(tree.join('b.js'), script(4000, 2));
    const off = { cacheDir: cache.path, brotli: false, prune: true };
    const { orphans, stale } = await compress(tree.path, off);
    assert.deepEqual(
      orphans.map(({ relativePath, removed }) => [relativePath, removed]),
      [
        ['a.js.zst', true],
        ['theirs.csv.zst', false],
      ],
    );
    assert.deepEqual(
      stale.map(({ relativePath }) => relativePath),
      ['b.js.zst'],
    );
    assert.deepEqual(tree.list(), ['b.js', 'b.js.gz', 'theirs.csv.zst']);
  });

  it('removes the sidecar of what has become empty, and of what no longer becomes smaller', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'b.js': CONTENT });
    await compress(tree.path, { ...ALONE, cache: false });
    writeFileSync(tree.join('a.js'), '');
    writeFileSync(tree.join('b.js'), 'x');
    await compress(tree.path, { ...ALONE, cache: false });
    assert.deepEqual(tree.list(), ['a.js', 'b.js']);
  });

  it('keeps a valid sidecar of another level with keepValid', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    await compress(tree.path, { ...ALONE, cache: false, zstdLevel: 2 });
    const before = tree.snapshot();
    const report = await compress(tree.path, { ...ALONE, cache: false, keepValid: true });
    assert.deepEqual(statusesOf(report), ['unchanged zstd a.js']);
    assert.deepEqual(tree.snapshot(), before);
  });

  it('gives twins one encode each, and slices their own', async () => {
    const files = { 'a.js': CONTENT, 'b.js': CONTENT, 'c.js': script(5000), 'd.js': script(4500) };
    using tree = new Tree(files);
    for (const shard of ['1/2', '2/2']) {
      await compress(tree.path, { ...ALONE, cache: false, threads: 1, shard });
    }
    assertTree(
      tree,
      Object.keys(files).flatMap((name) => [name, `${name}.zst`]),
    );
    assert.ok(tree.bytes('a.js.zst').equals(tree.bytes('b.js.zst')));
  });

  it('streams what is large, at its best level in a window that browsers take', async () => {
    const large = Buffer.alloc(STREAMED_BYTES, script(30_000));
    using tree = new Tree({ 'a.js': large });
    using cache = new Tree();
    const options = { zstd: true, zstdLevel: 22, gzipLevel: 1, brotliQuality: 2 };
    const first = await compress(tree.path, { ...options, cacheDir: cache.path });
    assert.deepEqual(statusesOf(first).at(-1), 'written zstd a.js');
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz', 'a.js.zst']);
    const { windowBytes, contentBytes } = readFrameHeader(tree.bytes('a.js.zst'));
    assert.deepEqual([windowBytes, contentBytes], [8 * 1024 * 1024, STREAMED_BYTES]);
    rmSync(tree.join('a.js.zst'));
    const second = await compress(tree.path, { ...options, cacheDir: cache.path });
    assert.deepEqual(statusesOf(second).at(-1), 'restored zstd a.js');
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz', 'a.js.zst']);
  });

  it('is told of in the summary, line by line, and in a report that its schema takes', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    const place = { cwd: tree.path };
    const words = ['.', '--no-gzip', '--no-brotli', '--zstd', '--zstd-level', '5'];
    const dry = await wnCompress([...words, '--dry-run', '--verbose'], place);
    assert.match(dry.stdout, /^would write {4}a\.js\.zst {2}.* → .*, ratio /m);
    assert.deepEqual(tree.list(), ['a.js']);
    const { code, stdout } = await wnCompress(words, place);
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}zstd {2}1 file {2}5\.9 KiB → .* saved$/m);
    assertTree(tree, ['a.js', 'a.js.zst']);
    const json = await wnCompress([...words, '--json'], place);
    const path = fileURLToPath(import.meta.resolve('wn-compress/report.schema.json'));
    const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const report = JSON.parse(json.stdout) as Report;
    assert.ok(validate(report), JSON.stringify(validate.errors));
    assert.deepEqual(Object.keys(report.totals.contentCodings), ['zstd']);
  });

  it('is turned on by a variable or a file, and off by the command line', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    const env = { WN_COMPRESS_ZSTD: 'true', WN_COMPRESS_BROTLI: '0', WN_COMPRESS_GZIP: '0' };
    const { code } = await wnCompress(['.'], { cwd: tree.path, env });
    assert.equal(code, 0);
    assertTree(tree, ['a.js', 'a.js.zst']);
    const off = await wnCompress(['.', '--no-zstd'], { cwd: tree.path, env });
    assert.equal(off.code, 2);
    assert.match(off.stderr, /WN_COMPRESS_GZIP and WN_COMPRESS_BROTLI together leave nothing/);
  });
});

describe('a run with zstd where Node.js has none', { skip: !NO_ZSTD && 'this one has it' }, () => {
  const WHY = 'this Node.js has no zstd; 22.15 and later have it, but not 23.0 to 23.7: ';

  it('ends with 2 and says so, before anything is touched, wherever it was asked for', async () => {
    using tree = new Tree({ 'a.js': CONTENT, 'zstd.json': '{ "zstd": true }' });
    const before = tree.snapshot();
    const rows: readonly (readonly [words: string[], env: Record<string, string>, RegExp])[] = [
      [['.', '--zstd'], {}, /^wn-compress: --zstd: /],
      [['.', '--no-gzip', '--no-brotli', '--zstd'], {}, /^wn-compress: --zstd: /],
      [['.', '--check', '--zstd'], {}, /^wn-compress: --zstd: /],
      [['.'], { WN_COMPRESS_ZSTD: '1' }, /^wn-compress: WN_COMPRESS_ZSTD: /],
      [['.', '--config=zstd.json'], {}, /^wn-compress: zstd\.json: zstd: /],
    ];
    for (const [words, env, place] of rows) {
      const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path, env });
      assert.deepEqual([code, stdout, stderr.split('\n').length], [2, '', 2], stderr);
      assert.match(stderr, place);
      assert.ok(stderr.includes(WHY), stderr);
      assert.deepEqual(tree.snapshot(), before);
    }
  });

  it('goes on where the command line turns off what the configuration asks for', async () => {
    using tree = new Tree({
      'site/a.js': CONTENT,
      'zstd.json': '{ "zstd": true, "root": "site" }',
    });
    const words = ['--config=zstd.json', '--no-zstd', '--no-gzip'];
    const { code, stderr } = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([code, stderr], [0, '']);
    assertTree(tree, ['site/a.js', 'site/a.js.br', 'zstd.json']);
  });

  it('is refused by the library', async () => {
    using tree = new Tree({ 'a.js': CONTENT });
    for (const run of [compress, check]) {
      const rejects = run(tree.path, { zstd: true, cache: false });
      await assert.rejects(
        rejects,
        (error) => error instanceof UsageError && error.message.includes(WHY),
      );
    }
    assert.deepEqual(tree.list(), ['a.js']);
  });
});
