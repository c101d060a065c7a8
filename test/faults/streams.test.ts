// Shows what the command does when its streams are closed, break or vanish with their terminal: it does its
// work or ends by a signal, says no word of its inside, and leaves nothing half written.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { assertTree, script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { until } from '../support/until.js';
import { COMMAND } from '../cli/command.js';

const ON_WINDOWS = process.platform === 'win32' && 'streams and terminals as POSIX has them';
const NO_PYTHON =
  spawnSync('python3', ['-c', 'import pty']).status !== 0 &&
  'needs python3 for a terminal that goes';

/** So many that their lines, and their report, are more than a pipe holds. */
const FILES = 400;

function manyFiles(): Tree {
  return new Tree(
    Object.fromEntries(
      Array.from({ length: FILES }, (_, index) => [
        `a-file-of-some-name-${index}.css`,
        script(300),
      ]),
    ),
  );
}

function allPaths(): string[] {
  return Array.from({ length: FILES }, (_, index) => `a-file-of-some-name-${index}.css`).flatMap(
    (path) => [path, `${path}.br`, `${path}.gz`],
  );
}

/** Runs the command in a shell, which writes its status into a file descriptor of its own; slow, it says no more. */
function inShell(cwd: string, redirections: string, words: readonly string[] = []) {
  const command = `"${process.execPath}" "${COMMAND}" . --no-cache --no-progress --brotli-quality=1 ${words.join(' ')}`;
  const shell = `{ ${command} ${redirections.replace('|', '; echo $? >&3; } |')}${redirections.includes('|') ? '' : '; echo $? >&3; }'}`;
  const { stdout, stderr, output, error } = spawnSync('bash', ['-c', shell], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  assert.equal(error, undefined, 'it hung');
  assert.match(output[3] ?? '', /^\d+\n$/, stderr);
  return { status: Number(output[3]), stdout, stderr };
}

describe('a stream', { skip: ON_WINDOWS }, () => {
  for (const [redirections, words] of [
    ['<&-', []],
    ['>&-', ['--json']],
    ['2>&-', ['--verbose']],
    ['<&- >&- 2>&-', ['--verbose']],
  ] as const) {
    it(`that is closed from the start (${redirections}) is no error: ${words.join('') || 'summary'}`, () => {
      using tree = new Tree({ 'a.js': script(3000), 'b/c.css': script(2000) });
      const { status, stdout, stderr } = inShell(tree.path, redirections, words);
      assert.deepEqual([status, stderr], [0, '']);
      if (redirections.includes('>&-') && !redirections.startsWith('2')) assert.equal(stdout, '');
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz', 'b/c.css', 'b/c.css.br', 'b/c.css.gz']);
    });
  }

  for (const words of [['--verbose'], ['--json']]) {
    it(`whose reader leaves behind the first line is no error: ${words.join('') || 'summary'}`, () => {
      using tree = manyFiles();
      const { status, stdout, stderr } = inShell(tree.path, '| head -1', words);
      assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 2]);
      assertTree(tree, allPaths());
    });
  }

  it('of errors whose reader leaves is no error but those', () => {
    using tree = new Tree();
    // One line of errors for each.
    for (let index = 0; index < 50; index += 1) {
      tree.add({ [`${index}.js`]: script(2000), [`${index}.js.gz/in-the-way`]: '' });
    }
    const { status, stdout } = inShell(tree.path, '2>&1 >/dev/null | head -1', ['--verbose']);
    assert.deepEqual([status, stdout.split('\n').length], [1, 2]);
    assert.equal(tree.list().filter((path) => path.endsWith('.br')).length, 50);
  });

  it('of output on a full disk is an error of one line, and the work is done', (t) => {
    if (process.platform !== 'linux') {
      t.skip('there is no /dev/full');
      return;
    }
    using tree = new Tree({ 'a.js': script(3000) });
    for (const words of [[], ['--verbose']]) {
      const { status, stderr } = inShell(tree.path, '>/dev/full', words);
      assert.equal(status, 1);
      assert.match(stderr, /^wn-compress: cannot write to stdout: ENOSPC.*\n$/);
      assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
    }
  });
});

/**
 * Runs a command at a terminal of its own, hangs up when the file `go` appears in the folder, and prints how
 * long the command then lived and its status as `waitpid` tells it.
 */
const AT_TERMINAL = `
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
end = time.monotonic() + 60
while not os.path.exists('go'):
    if time.monotonic() > end:
        os.kill(pid, 9)
        sys.exit('never told to go')
    time.sleep(0.01)
os.close(fd)
begin = time.monotonic()
_, status = os.waitpid(pid, 0)
print(round((time.monotonic() - begin) * 1000), os.WIFSIGNALED(status) and os.WTERMSIG(status))
`;

describe('a terminal that goes', { skip: ON_WINDOWS || NO_PYTHON }, () => {
  for (const [what, words] of [
    ['with a spinner', []],
    ['with lines for each file', ['--verbose', '--no-progress']],
  ] as const) {
    it(`ends the run by SIGHUP, ${what}, and nothing is half written`, async () => {
      // Streamed, so that a temporary file shows when it is in the encoders.
      using tree = new Tree({ 'a.js': script(1_000_000).repeat(40), 'b.js': script(500) });
      const run = [process.execPath, COMMAND, '.', '--no-cache', ...words];
      const env = { ...process.env, TERM: 'xterm' };
      const child = spawn('python3', ['-c', AT_TERMINAL, ...run], { cwd: tree.path, env });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      const end = new Promise((resolve) => child.on('close', resolve));
      try {
        await until(() => tree.list().some((path) => path.endsWith('.tmp')));
        tree.add({ go: '' });
        assert.equal(await end, 0);
      } finally {
        // Its terminal goes with it, and the command is hung up.
        child.kill('SIGKILL');
      }
      const [tookMs, signal] = said.trim().split(' ').map(Number);
      assert.equal(signal, 1);
      assert.ok(Number(tookMs) < 2500, `${tookMs} ms`);
      const sidecars = tree.list().filter((path) => path.startsWith('b.js.'));
      assertTree(tree, ['a.js', 'b.js', 'go', ...sidecars]);
    });
  }
});
