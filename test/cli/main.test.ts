// Tests the built command as a process: what it says where, how it ends, and what it leaves behind.
// The parts of the cli have tests of their own, and so has the library, which does the work.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../../src/index.js';
import { Tree } from '../support/tree.js';
import { until } from '../support/until.js';
import { ended, start, wnCompress } from './command.js';

const SCRIPT = 'console.log("compress me");\n'.repeat(200);

test('a run leaves sidecars, and one screen on stdout alone', async () => {
  using tree = new Tree({ 'public/app.js': SCRIPT, 'public/logo.png': 'png' });
  const { code, stdout, stderr } = await wnCompress(['public'], { cwd: tree.path });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Compressed 1 file \(5\.5 KiB\) in public\n/);
  assert.match(stdout, /skipped +1 file: 1 excluded extension/);
  assert.deepEqual(tree.list(), [
    'public/app.js',
    'public/app.js.br',
    'public/app.js.gz',
    'public/logo.png',
  ]);
});

test('--quiet says nothing, and --dry-run does nothing', async () => {
  using tree = new Tree({ 'app.js': SCRIPT });
  const dry = await wnCompress(['.', '--dry-run'], { cwd: tree.path });
  assert.match(dry.stdout, /^Would compress 1 file/);
  assert.deepEqual(tree.list(), ['app.js']);
  const quiet = await wnCompress(['-q', '.'], { cwd: tree.path });
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, '', '']);
  assert.deepEqual(tree.list(), ['app.js', 'app.js.br', 'app.js.gz']);
});

test('--json prints the whole report and nothing else, also through a slow pipe', async () => {
  using tree = new Tree();
  for (let index = 0; index < 1500; index += 1) tree.add({ [`${index}.txt`]: 'a'.repeat(60) });
  const child = start([tree.path, '--json', '--no-progress', '--brotli-quality=1']);
  await sleep(1500);
  const { code, stdout, stderr } = await ended(child);
  const report = JSON.parse(stdout) as Report;
  assert.deepEqual([code, stderr, report.root], [0, '', tree.path]);
  assert.equal(report.sources.length, 1500);
  assert.ok(stdout.length > 400_000 && stdout.endsWith('}\n'));
});

test('--verbose has a line for each sidecar and skipped file before the summary', async () => {
  using tree = new Tree({ 'app.js': SCRIPT, 'logo.png': 'png' });
  const { stdout } = await wnCompress(['.', '-v'], { cwd: tree.path });
  assert.match(stdout, /^written +app\.js\.(gz|br) .*\nwritten +app\.js\.(gz|br) /);
  assert.match(stdout, /\nskipped +logo\.png {2}excluded extension\n\nLargest savings\n.*\n\nComp/);
});

test('colours are for terminals, and for who asks', async () => {
  using tree = new Tree({ 'app.js': SCRIPT });
  const escape = '\u001b[';
  const said = async (words: readonly string[], env: Record<string, string>) =>
    (await wnCompress(['.', ...words], { cwd: tree.path, env })).stdout.includes(escape);
  assert.equal(await said([], {}), false);
  assert.equal(await said(['--color'], { NO_COLOR: '1' }), true);
  assert.equal(await said([], { FORCE_COLOR: '1' }), true);
  assert.equal(await said(['--no-color'], { FORCE_COLOR: '1' }), false);
});

test('having nothing to do says why and is no failure', async () => {
  using tree = new Tree({ 'a.png': 'x', 'b.css': '' });
  const { code, stdout, stderr } = await wnCompress(['.'], { cwd: tree.path });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^Nothing to compress in \.: 2 files skipped \(1 excluded\s.*, 1 empty\)\n$/s,
  );
});

test('what fails is said on stderr with its remedy, and exits 1', async () => {
  using tree = new Tree({ 'a.js': SCRIPT, 'a.js.gz/in-the-way': '', 'b.js': SCRIPT });
  const { code, stdout, stderr } = await wnCompress(['.'], { cwd: tree.path });
  assert.equal(code, 1);
  assert.match(stderr, /^wn-compress: a\.js\.gz: a directory stands .*\n$/);
  assert.match(stdout, /failed +1 file or sidecar: see the errors/);
  assert.ok(tree.list().includes('b.js.br'));
  const quiet = await wnCompress(['.', '--quiet'], { cwd: tree.path });
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [1, '', stderr]);
});

test('what cannot run says so in a line or two on stderr, and exits 2', async () => {
  using tree = new Tree();
  for (const words of [[], ['nowhere'], ['.', '--threads', 'x'], ['--brotli-qualty', '1', '.']]) {
    const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    assert.match(stderr, /^wn-compress: .+\n(usage: .+\n)?$/);
  }
});

test('--version prints the version, --help fits a terminal and names what it has to', async () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  assert.deepEqual(await wnCompress(['--version']), {
    code: 0,
    signal: null,
    stdout: `${version}\n`,
    stderr: '',
  });
  const help = await wnCompress(['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.deepEqual(
    help.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  for (const expected of [
    '--skip-extensions <list>',
    '-t, --threads <n>',
    '--no-brotli',
    'woff2',
  ]) {
    assert.ok(help.stdout.includes(expected), expected);
  }
  assert.equal((await wnCompress(['-h'], { env: { LANG: 'de_DE.UTF-8' } })).stdout, help.stdout);
});

test('a reader that goes away is no error', async () => {
  using tree = new Tree();
  for (let index = 0; index < 300; index += 1) tree.add({ [`${index}.txt`]: SCRIPT });
  const child = start([tree.path, '--verbose', '--brotli-quality=1']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, stderr } = await ended(child);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(tree.list().length, 900);
});

test('a signal ends the run by that very signal and leaves nothing half done', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows has no signals');
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Above 32 MiB a source is streamed, so that a temporary file shows when it is in the encoders.
    using tree = new Tree({ 'a.txt': randomBytes(27_000_000).toString('base64') });
    const child = start([tree.path, '--threads=2']);
    const end = ended(child);
    await until(() => tree.list().length > 1);
    const begin = performance.now();
    child.kill(signal);
    const result = await end;
    const tookMs = performance.now() - begin;
    assert.deepEqual([result.code, result.signal, result.stdout], [null, signal, '']);
    assert.match(result.stderr, /^wn-compress: stopped; .*\n$/);
    // It takes about 25 ms on an idle machine, however loaded far less than the 20 s of the encode.
    assert.ok(tookMs < 10_000, `${Math.round(tookMs)} ms`);
    assert.deepEqual(tree.list(), ['a.txt']);
  }
});
