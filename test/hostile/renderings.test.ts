// Shows that nothing of what others chose, names above all, reaches a terminal as it is: in none of the
// forms in which the command speaks, on either stream, nor in the progress at a real terminal.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { COMMAND, wnCompress, type Place } from '../cli/command.js';
import { ANY_NAMES } from '../support/capability.js';
import { script } from '../support/sidecars.js';
import { Tree, type Entry } from '../support/tree.js';
import { NO_TEXT_NAMES, TERMINAL_NAMES } from './names.js';

/** Asserts that the text holds line breaks and what is visible, and nothing that a terminal obeys. */
function assertHarmless(text: string, what: string): void {
  const found =
    /[^\n\u0020-\u007e\u00a1-\u200d\u2010-\u2027\u202f-\u2065\u2070-\ufefe\uff00-\u{10ffff}]/u;
  assert.equal(
    found.exec(text.replaceAll('\u00a0', ' '))?.[0],
    undefined,
    `${what}: ${JSON.stringify(text)}`,
  );
}

/** No line but those of the command itself may begin like one of it. */
function assertNoForgedLine(text: string, what: string): void {
  assert.doesNotMatch(text, /^wn-compress: all files were deleted/m, what);
}

const ESCAPE = '\u001b';

/** What the product itself sends: colours, to any place. */
const COLOUR = new RegExp(`${ESCAPE}\\[(0|1|2|22|3\\d|39)m`, 'g');
/** To a terminal: cursor on and off, output held together, to a column, erase a line. */
const MOVEMENT = new RegExp(`${ESCAPE}\\[(\\?(25|2026)[lh]|\\d*[GKA])`, 'g');

const NAME = '\u001b]0;owned\u0007\nwn-compress: all files were deleted\r\u009b2J';

/** A tree of which everything is to be said: written, skipped, failed, stale, orphaned, left over. */
function hostileTree(): Tree {
  const of = (suffix: string, entry: Entry): [string, Entry][] =>
    TERMINAL_NAMES.map((name) => [`site/${suffix}/${name}${suffix}`, entry]);
  const tree = new Tree(
    Object.fromEntries([
      ...of('.js', script(300)),
      ...of('.png', 'skipped'),
      ...of('.png.gz', 'stale'),
      ...of('.lost.gz', 'an orphan'),
      ...of('.css', script(200)),
      ...of('.css.br/x', 'in the way'),
      ...of('.link', { link: 'nowhere' }),
      [`site/${NAME}/${NAME}.js`, script(17_000)],
    ]),
  );
  for (const name of TERMINAL_NAMES) writeFileSync(tree.join(`site/.png/${name}.png`), 'skipped');
  for (const name of TERMINAL_NAMES) {
    mkdirSync(tree.join(`site/.css/${name}.css.br`), { recursive: true });
  }
  const folder = Buffer.from(`${tree.path}/site/`);
  for (const name of NO_TEXT_NAMES) writeFileSync(Buffer.concat([folder, name]), 'no text');
  return tree;
}

describe('what the command says of a hostile tree', { skip: ANY_NAMES }, () => {
  const everyForm: readonly (readonly string[])[] = [
    ['--check'],
    ['--check', '--json'],
    ['--dry-run', '--prune=all', '--verbose'],
    ['--json'],
    [],
    ['--quiet'],
    ['--prune=all', '--verbose', '--color'],
  ];
  for (const form of everyForm) {
    it(`is harmless: ${form.join(' ') || 'without options'}`, async () => {
      using tree = hostileTree();
      using cache = new Tree();
      const place = { cwd: tree.path, cacheDir: cache.join(NAME) };
      const run = await wnCompress(['site', '--brotli-quality=4', ...form], place);
      const { stdout, stderr } = run;
      // The product's own colours are the only sequences that there may be.
      assertHarmless(stdout.replace(COLOUR, ''), 'stdout');
      assertHarmless(stderr.replace(COLOUR, ''), 'stderr');
      assertNoForgedLine(stdout + stderr, form.join(' '));
      assert.equal(run.code, 1);
      assert.match(stderr, /not valid UTF-8/);
      if (form.includes('--json')) assert.ok(stdout.includes(JSON.stringify(NAME).slice(1, 8)));
    });
  }

  it('is harmless when it is about roots, options and caches', async () => {
    using tree = hostileTree();
    symlinkSync(`${NAME}-loop`, tree.join(`${NAME}-loop`));
    spawnSync('mkfifo', [tree.join(`${NAME}-fifo`)]);
    writeFileSync(tree.join(`${NAME}-file`), '');
    const at = (cacheDir: string): Place => ({ cwd: tree.path, cacheDir });
    const cache = tree.join(`${NAME}-cache`);
    const cases: readonly (readonly [number, readonly string[], Place])[] = [
      [2, [`${NAME}-missing`], at(cache)],
      [2, [`${NAME}-fifo`], at(cache)],
      [1, ['site', '--dry-run', NAME], at(cache)],
      [2, ['site', `--${NAME}`], at(cache)],
      [2, ['site', `--exclude=[z-a]${NAME}`], at(cache)],
      [2, ['site', `--threads=${NAME}`], at(cache)],
      [2, ['cache', NAME], at(cache)],
      [0, ['cache', 'path'], at(cache)],
      [0, ['cache', 'stats'], at(cache)],
      [0, ['cache', 'prune', '--json'], at(cache)],
      [0, ['cache', 'clear'], at(cache)],
      [1, ['site', '--dry-run'], at(tree.join(`${NAME}-file`))],
    ];
    for (const [code, words, place] of cases) {
      const run = await wnCompress(words, place);
      const what = JSON.stringify(words);
      assert.deepEqual([run.code, run.signal], [code, null], what + run.stderr);
      assertHarmless(run.stdout, what);
      assertHarmless(run.stderr, what);
      assertNoForgedLine(run.stdout + run.stderr, what);
      assert.doesNotMatch(run.stderr, /^ {4}at /m, `${what} has a stack`);
    }
  });

  it('is harmless when the cache cannot be written, and names the path', async () => {
    using tree = new Tree({ 'a.js': script(300), [`${NAME}-file`]: '' });
    const place = { cwd: tree.path, cacheDir: tree.join(`${NAME}-file`) };
    const { code, stderr } = await wnCompress(['.'], place);
    assert.equal(code, 0);
    assert.match(stderr, /^wn-compress: warning: the cache in .*owned.*cannot be written/);
    assertHarmless(stderr, 'stderr');
  });
});

const probe = spawnSync('script', ['--version'], { encoding: 'utf8' });
const hasScript = probe.error === undefined && probe.stdout.includes('util-linux');

describe(
  'the progress at a terminal',
  { skip: ANY_NAMES || (!hasScript && "needs util-linux's script") },
  () => {
    it('shows names of files without obeying them', async () => {
      using tree = hostileTree();
      tree.add({ [`site/${NAME}.big.js`]: script(500_000) });
      const env: Record<string, string | undefined> = { ...process.env, TERM: 'xterm-256color' };
      for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_TEST_CONTEXT'])
        env[name] = undefined;
      const shell = `stty cols 150; "${process.execPath}" "${COMMAND}" site --no-cache --color`;
      const child = spawn('script', ['-qfc', shell, '/dev/null'], {
        cwd: tree.path,
        env: { ...env, SHELL: '/bin/sh' },
        timeout: 60_000,
      });
      let screen = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
      await new Promise((resolve) => child.on('close', resolve));
      assert.match(screen, /%.*\\x1b\]0;owned\\x07/, 'the spinner shows the name');
      assertHarmless(
        screen.replace(COLOUR, '').replace(MOVEMENT, '').replaceAll('\r', ''),
        'the terminal',
      );
      assertNoForgedLine(screen.replaceAll('\r', '\n'), 'the terminal');
    });
  },
);
