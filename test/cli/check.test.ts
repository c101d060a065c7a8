// Tests --check, --keep-valid and --prune of the built command as a process: what they say where, how they end,
// and that a check writes nothing.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { CheckReport, Report } from '../../src/index.js';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { wnCompress } from './command.js';

test('--check says how many failed, and not that all is right', async () => {
  using tree = new Tree({ 'a.js': script(3000), 'folder/b.js': 'x', 'summary.md': '' });
  await wnCompress(['--files', 'a.js'], { cwd: tree.path });
  const words = ['--check', '--files', 'a.js', 'folder'];
  const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
  assert.equal(code, 1);
  assert.match(stdout, /^Checked 1 file: 1 failed; 2 sidecars right \(.*\)\n$/);
  assert.match(stderr, /^wn-compress: folder: it is a directory; .*\n$/);
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: tree.join('summary.md') };
  await wnCompress(words, { cwd: tree.path, env });
  assert.match(
    tree.bytes('summary.md').toString(),
    /^### Checked 1 file&#58; 1 failed&#59; 2 sidecars right\n/,
  );
});

test('--check exits 0 in a line when all is right, and 1 with a line for each finding', async () => {
  using tree = new Tree({ 'a.js': script(3000), 'b.js': script(3000, 2), 'data.csv.gz': 'x' });
  using cache = new Tree();
  const place = { cwd: tree.path, cacheDir: cache.path };
  await wnCompress(['.'], place);
  const exclude = ['--exclude=*.csv.gz'];
  const right = await wnCompress(['.', '--check', ...exclude], place);
  assert.deepEqual([right.code, right.stderr], [0, '']);
  assert.match(right.stdout, /^Checked 2 files in \.: 4 sidecars, all right \(.*\)\n$/);
  rmSync(tree.join('a.js.gz'));
  writeFileSync(tree.join('a.js.br'), 'stale');
  rmSync(tree.join('b.js'));
  const before = [tree.snapshot(), cache.snapshot()];
  const wrong = await wnCompress(['--check', '.'], place);
  assert.deepEqual([wrong.code, wrong.stderr], [1, '']);
  assert.match(
    wrong.stdout,
    new RegExp(
      [
        '^stale +a\\.js\\.br',
        ' +→ run wn-compress again.*',
        'orphaned +b\\.js\\.br',
        'orphaned +b\\.js\\.gz',
        ' +→ run wn-compress --prune.*',
        'orphaned +data\\.csv\\.gz',
        ' +→ delete it, or exclude it.*',
        ' +not the sidecar of one',
        'missing +a\\.js\\.gz',
        ' +→ run wn-compress again.*',
        '',
        'Checked 1 file in \\.: 1 stale, 3 orphaned, 1 missing; 0 sidecars right .*',
        '$',
      ].join('\n'),
    ),
  );
  const quiet = await wnCompress(['.', '--check', '-q'], place);
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [1, '', '']);
  const json = await wnCompress(['.', '--check', '--json'], place);
  const report = JSON.parse(json.stdout) as CheckReport;
  assert.deepEqual(
    [json.code, json.stderr, report.checkVersion, report.root, report.totals.problems],
    [1, '', 1, '.', { stale: 1, orphaned: 3, missing: 1 }],
  );
  assert.deepEqual(
    report.findings.map(({ relativePath, isOurs }) => [relativePath, isOurs]),
    [
      ['a.js.br', true],
      ['a.js.gz', true],
      ['b.js.br', true],
      ['b.js.gz', true],
      ['data.csv.gz', false],
    ],
  );
  assert.deepEqual([tree.snapshot(), cache.snapshot()], before);
});

test('--check lists no more than a screen of one kind, unless it is to be verbose', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `${String(index).padStart(2, '0')}.js`);
  using tree = new Tree(Object.fromEntries(names.map((name) => [name, script(500)])));
  const place = { cwd: tree.path };
  const few = await wnCompress(['.', '--check', '--no-brotli'], place);
  assert.match(
    few.stdout,
    /^(missing +\d\d\.js\.gz\n){20} +… and 5 more; .*\n +→ run .*\n\nChecked/,
  );
  const all = await wnCompress(['.', '--check', '--no-brotli', '-v'], place);
  assert.match(all.stdout, /^(missing +\d\d\.js\.gz\n){25} +→ run .*\n\nChecked/);
});

test('--check exits 2 where it cannot run, and is refused what writes', async () => {
  using tree = new Tree({ 'a.js': script(3000) });
  using cache = new Tree();
  const place = { cwd: tree.path, cacheDir: cache.path };
  for (const words of [
    ['--prune'],
    ['--prune=all'],
    ['--keep-valid'],
    ['--dry-run'],
    ['--threads=x'],
  ]) {
    const { code, stdout, stderr } = await wnCompress(['.', '--check', ...words], place);
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    assert.match(stderr, /^wn-compress: .+\n$/);
  }
  const nowhere = await wnCompress(['nowhere', '--check'], place);
  assert.deepEqual([nowhere.code, nowhere.stdout], [2, '']);
  assert.deepEqual([tree.list(), cache.list()], [['a.js'], []]);
});

test('a stale sidecar that no variant replaces is a warning, which --prune takes away', async () => {
  using tree = new Tree({
    'a.js': script(3000),
    'a.js.br': 'stale',
    'b.png': 'b',
    'b.png.gz': 'x',
  });
  const warned = await wnCompress(['.', '--no-brotli'], { cwd: tree.path });
  assert.equal(warned.code, 0);
  assert.match(warned.stderr, /^wn-compress: warning: 2 sidecars \(a\.js\.br, …\).*--prune.*\n$/);
  const pruned = await wnCompress(['.', '--no-brotli', '--prune'], { cwd: tree.path });
  assert.deepEqual([pruned.code, pruned.stderr], [0, '']);
  assert.deepEqual(tree.list(), ['a.js', 'a.js.gz', 'b.png']);
});

test('--prune lists what it does not know, and --prune=all names what it deletes', async () => {
  using tree = new Tree({ 'a.js': script(3000), 'data.csv.gz': gzipSync('a download') });
  const { code, stdout } = await wnCompress(['.', '--prune'], { cwd: tree.path });
  assert.equal(code, 0);
  assert.match(stdout, /\nUnknown, left alone .*\n {2}data\.csv\.gz\n$/);
  const dry = await wnCompress(['.', '--prune=all', '--dry-run'], { cwd: tree.path });
  assert.match(dry.stdout, /\nWould delete, though not known to be ours:\n {2}data\.csv\.gz\n$/);
  assert.ok(tree.list().includes('data.csv.gz'));
  const excluded = await wnCompress(['.', '--prune=all', '--exclude', '*.csv.gz', '--json'], {
    cwd: tree.path,
  });
  assert.deepEqual((JSON.parse(excluded.stdout) as Report).orphans, []);
  assert.ok(tree.list().includes('data.csv.gz'));
  const all = await wnCompress(['.', '--prune=all'], { cwd: tree.path });
  assert.match(all.stdout, /\nDeleted, though not known to be ours:\n {2}data\.csv\.gz\n$/);
  assert.deepEqual(tree.list(), ['a.js', 'a.js.br', 'a.js.gz']);
});

test('--keep-valid keeps what another encoder made', async () => {
  const bytes = gzipSync(script(3000), { level: 1 });
  using tree = new Tree({ 'a.js': script(3000), 'a.js.gz': bytes });
  await wnCompress(['.', '--keep-valid'], { cwd: tree.path });
  assert.ok(tree.bytes('a.js.gz').equals(bytes));
  await wnCompress(['.'], { cwd: tree.path });
  assert.ok(!tree.bytes('a.js.gz').equals(bytes));
});
