// Shows where the options of a run come from: a file of the project, the environment, the command line, the
// last of which wins; and that whatever is wrong is said in the words of its place. On real files, by the
// built command.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SETTING_KEYS } from '../../src/cli/flags.js';
import { assertTree, script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { COMMAND, wnCompress, type Place } from './command.js';

type Printed = Readonly<Record<string, { readonly value: unknown; readonly from: string }>>;

async function printed(words: readonly string[], place: Place): Promise<Printed> {
  const { code, stdout, stderr } = await wnCompress([...words, '--print-config', '--json'], place);
  assert.deepEqual([code, stderr], [0, ''], stderr);
  return JSON.parse(stdout) as Printed;
}

async function complaint(words: readonly string[], place: Place): Promise<string> {
  const { code, stdout, stderr } = await wnCompress(words, place);
  assert.deepEqual([code, stdout], [2, ''], stderr);
  return stderr.trimEnd();
}

const JSON_NAME = 'wn-compress.config.json';

describe('a configuration', () => {
  it('lets a bare command do the work, from any folder of the project', async () => {
    using tree = new Tree({
      [JSON_NAME]: JSON.stringify({ root: './public', brotli: false, minSize: '1kb' }),
      'public/a.js': script(2000),
      'public/b.js': script(1000),
      'src/deep/c.js': script(2000),
    });
    const { code, stdout } = await wnCompress([], { cwd: tree.join('src/deep') });
    assert.equal(code, 0);
    assert.match(stdout, /^Compressed 1 file .* in \.\.\/\.\.\/public\n/);
    const paths = ['public/a.js', 'public/a.js.gz', 'public/b.js', 'src/deep/c.js', JSON_NAME];
    assertTree(tree, paths);
  });

  for (const [name, content] of [
    ['wn-compress.config.mjs', `export default { gzipLevel: 1 + 2 };`],
    ['wn-compress.config.js', `module.exports = { gzipLevel: 3 };`],
    [JSON_NAME, `{ "$schema": "x", "gzipLevel": 3 }`],
    ['package.json', `{ "name": "x", "wn-compress": { "gzipLevel": 3 } }`],
  ] as const) {
    it(`may be ${name}`, async () => {
      using tree = new Tree({ [name]: content, 'public/a.js': 'x' });
      assert.deepEqual((await printed(['public'], { cwd: tree.path }))['gzipLevel'], {
        value: 3,
        from: name,
      });
    });
  }

  it('is the nearest one, and of packages only the nearest', async () => {
    using tree = new Tree({
      'package.json': '{ "wn-compress": { "gzipLevel": 1, "threads": 7 } }',
      'a/wn-compress.config.json': '{ "gzipLevel": 2 }',
      'a/b/package.json': '{ "wn-compress": { "gzipLevel": 3 } }',
      'c/package.json': '{ "name": "without" }',
      'd/package.json': 'no JSON',
    });
    mkdirSync(tree.join('a/b/deep'));
    const levelIn = async (folder: string) =>
      (await printed([], { cwd: tree.join(folder) }))['gzipLevel']?.value;
    assert.equal(await levelIn('.'), 1);
    assert.equal(await levelIn('a'), 2);
    assert.equal(await levelIn('a/b/deep'), 3);
    assert.equal(await levelIn('c'), 9);
    assert.equal(await levelIn('d'), 9);
    const { threads } = await printed([], { cwd: tree.join('a') });
    assert.equal(threads?.from, 'default', 'one file counts, and nothing of the others');
  });

  it('is outdone by the environment, and that by the command line, option by option', async () => {
    using tree = new Tree({
      [JSON_NAME]: '{ "gzipLevel": 1, "brotliQuality": 1, "threads": 1, "exclude": ["a"] }',
    });
    const env = {
      WN_COMPRESS_BROTLI_QUALITY: '2',
      WN_COMPRESS_THREADS: '2',
      WN_COMPRESS_EXCLUDE: 'b,c',
      WN_COMPRESS_FOLLOW: '1',
      WN_COMPRESS_PRUNE: 'all',
      WN_COMPRESS_CACHE_DIR: '',
    };
    const options = await printed(['public', '-t3'], { cwd: tree.path, env });
    const shown = Object.entries(options).filter(([, { from }]) => from !== 'default');
    assert.deepEqual(
      Object.fromEntries(shown.map(([option, { value, from }]) => [option, [value, from]])),
      {
        root: ['public', 'command line'],
        exclude: [['b', 'c'], 'WN_COMPRESS_EXCLUDE'],
        gzipLevel: [1, JSON_NAME],
        brotliQuality: [2, 'WN_COMPRESS_BROTLI_QUALITY'],
        threads: [3, 'command line'],
        follow: [true, 'WN_COMPRESS_FOLLOW'],
        prune: ['all', 'WN_COMPRESS_PRUNE'],
        cache: [false, 'command line'],
        reporter: ['json', 'command line'],
      },
    );
  });

  it('may be another file, or none', async () => {
    using tree = new Tree({
      [JSON_NAME]: '{ "gzipLevel": 1 }',
      'ci/site.json': '{ "gzipLevel": 2, "root": "../public", "cacheDir": "kept" }',
      'ci/package.json': '{ "wn-compress": { "gzipLevel": 3 } }',
    });
    const place = { cwd: tree.path, env: { WN_COMPRESS_CACHE_DIR: '' } };
    const { gzipLevel, root, cacheDir } = await printed(['--config', 'ci/site.json'], place);
    assert.deepEqual(
      [gzipLevel?.value, root?.value, cacheDir?.value],
      [2, 'public', tree.join('ci/kept')],
    );
    const ofPackage = await printed(['--config=ci/package.json'], place);
    assert.equal(ofPackage['gzipLevel']?.value, 3);
    assert.equal((await printed(['--no-config'], place))['gzipLevel']?.from, 'default');
    assert.equal(
      (await printed(['--config=ci/site.json', '--no-config'], place))['gzipLevel']?.from,
      'default',
    );
  });

  it('that is about writing does not keep a check from its work', async () => {
    using tree = new Tree({
      [JSON_NAME]: '{ "root": "public", "prune": true, "keepValid": true, "dryRun": true }',
      'public/a.js': script(2000),
    });
    const { code, stdout } = await wnCompress(['--check'], { cwd: tree.path });
    assert.equal(code, 1);
    assert.match(stdout, /^missing {4}a\.js\.br/);
  });

  it('says where the cache is that the command looks after', () => {
    using tree = new Tree({ [JSON_NAME]: '{ "cacheDir": "kept", "root": "public" }' });
    mkdirSync(tree.join('src'));
    const cachePath = (...words: readonly string[]) =>
      spawnSync(process.execPath, [COMMAND, 'cache', 'path', ...words], {
        cwd: tree.join('src'),
        encoding: 'utf8',
        env: { ...process.env, WN_COMPRESS_CACHE_DIR: '' },
      }).stdout.trimEnd();
    assert.equal(cachePath(), tree.join('kept'));
    assert.equal(cachePath('--cache-dir=asked'), tree.join('src/asked'));
  });
});

describe('what makes no sense in a configuration', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    [JSON_NAME, '{ "gzipLevl": 1 }', /: unknown key "gzipLevl": did you mean gzipLevel\?$/],
    [JSON_NAME, '{ "zzz": 1 }', /: unknown key "zzz": known are root, skipExtensions, .*, color$/],
    [
      JSON_NAME,
      '{ "check": true }',
      /: unknown key "check": it is for the command line only, as --check$/,
    ],
    [JSON_NAME, '{ "a\\u001b[2J": true }', /: unknown key "a\\u001b\[2J"/],
    [JSON_NAME, '{ "gzipLevel": 10 }', /: gzipLevel: expected a whole number from 0 to 9, got 10$/],
    [JSON_NAME, '{ "minSize": "10xb" }', /: minSize: expected bytes, such as 500, .*, got "10xb"$/],
    [JSON_NAME, '{ "exclude": "maps" }', /: exclude: expected a list of globs .*, got "maps"$/],
    [JSON_NAME, '{ "root": 5 }', /: root: expected the path of a folder, got 5$/],
    [JSON_NAME, '{ "reporter": "tap" }', /: reporter: expected one of default, .*, got "tap"$/],
    [JSON_NAME, '{ "color": 5 }', /: color: expected true or false, got 5$/],
    [JSON_NAME, '[]', /: expected an object of options, got \[\]$/],
    [JSON_NAME, '{ "gzip"', /: .*JSON/],
    [JSON_NAME, '{ "gzip": false, "brotli": false }', /gzip and .*brotli together leave nothing/],
    ['wn-compress.config.mjs', 'export const root = 1', /: expected an object .*, got nothing$/],
    ['wn-compress.config.mjs', 'throw new Error("no\\nluck")', /: no\\nluck$/],
    ['wn-compress.config.mjs', 'import "not-there"', /not-there.*; install it, or do without/],
  ];
  for (const [name, content, message] of rows) {
    it(`is named with its file: ${content}`, async () => {
      using tree = new Tree({ [name]: content, 'public/a.js': 'x' });
      const said = await complaint(['public'], { cwd: tree.path });
      assert.match(said, new RegExp(`^wn-compress: ${name}: `));
      assert.match(said, message);
    });
  }

  it('is two files at one place, a file that is not there, a package without the key', async () => {
    using tree = new Tree({
      'package.json': '{ "wn-compress": {} }',
      [JSON_NAME]: '{}',
      'other/package.json': '{}',
    });
    const place = { cwd: tree.path };
    assert.match(await complaint(['.'], place), / and .* both configure this; keep one$/);
    assert.match(await complaint(['--config=nope.mjs'], place), /nope\.mjs: there is no such file/);
    assert.match(await complaint(['--config'], place), /--config: expected the path of a file/);
    const other = await complaint(['--config=other/package.json'], place);
    assert.match(other, /it has no key "wn-compress"/);
  });

  it('is a variable of the environment that is unknown, or has a wrong value', async () => {
    using tree = new Tree({ 'a.js': 'x' });
    const rows: readonly (readonly [string, string, RegExp])[] = [
      ['WN_COMPRESS_GZIP_LEVL', '1', /: did you mean WN_COMPRESS_GZIP_LEVEL\?$/],
      [
        'WN_COMPRESS_QUIET',
        '1',
        /: unknown variable WN_COMPRESS_QUIET in .*: it is for the command line only, as --quiet$/,
      ],
      [
        'WN_COMPRESS_ZZZZZZ',
        '1',
        /^wn-compress: unknown variable WN_COMPRESS_ZZZZZZ .*: known are WN_COMPRESS_ROOT, /,
      ],
      [
        'WN_COMPRESS_GZIP_LEVEL',
        'x',
        /: WN_COMPRESS_GZIP_LEVEL: expected .* from 0 to 9, got "x"$/,
      ],
      ['WN_COMPRESS_FOLLOW', 'maybe', /: WN_COMPRESS_FOLLOW: expected true or false, got "maybe"$/],
    ];
    for (const [name, text, message] of rows) {
      assert.match(await complaint(['.'], { cwd: tree.path, env: { [name]: text } }), message);
    }
    // Also where the command line outdoes it.
    const env = { WN_COMPRESS_REPORTER: 'loud' };
    const outdone = await complaint(['.', '-q'], { cwd: tree.path, env });
    assert.match(outdone, /: WN_COMPRESS_REPORTER: expected one of default, .*, got "loud"$/);
  });
});

describe('the schema of a configuration', () => {
  const path = fileURLToPath(import.meta.resolve('wn-compress/config.schema.json'));
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { properties: Record<string, unknown> };

  it('has just the keys that the command knows', () => {
    const keys = ['$schema', ...SETTING_KEYS];
    assert.deepEqual(Object.keys(schema.properties).sort(), keys.sort());
  });

  it('takes and refuses what the command does', async () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    using tree = new Tree({ 'a.js': 'x' });
    const rows: readonly unknown[] = [
      { root: '.', gzipLevel: 0, minSize: '1.5kb', cacheMaxSize: 5, prune: 'all', maxRatio: 0.95 },
      { skipExtensions: ['.js', 'png'], include: ['!(a)'], exclude: [], threads: 1024 },
      { gzipLevel: -1 },
      { gzipLevel: 1.5 },
      { brotliQuality: 12 },
      { zstd: false, zstdLevel: 22 },
      { zstdLevel: 0 },
      { zstdLevel: 23 },
      { zstd: 'yes' },
      { minSize: '1tb' },
      { minSize: -1 },
      { cacheMaxSize: 'much' },
      { include: ['!a'] },
      { include: [''] },
      { skipExtensions: ['*.js'] },
      { prune: 'some' },
      { threads: 0 },
      { maxRatio: 2 },
      { follow: 'yes' },
      { unknown: 1 },
      { cacheDir: '' },
    ];
    for (const config of rows) {
      tree.add({ 'c.json': JSON.stringify(config) });
      const { code } = await wnCompress(['.', '--config=c.json', '--print-config'], {
        cwd: tree.path,
        cacheDir: tree.join('cache'),
      });
      assert.equal(code === 0, validate(config), JSON.stringify(config));
    }
  });
});
