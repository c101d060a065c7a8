// Tests the command at a real terminal: util-linux's `script` gives it a pseudo-terminal to run in,
// and what is typed there goes through the terminal's own line discipline.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { describe, it } from 'node:test';
import { script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { COMMAND } from './command.js';

const probe = spawnSync('script', ['--version'], { encoding: 'utf8' });
const hasScript = probe.error === undefined && probe.stdout.includes('util-linux');
const WITHOUT_TERMINAL = !hasScript && "needs util-linux's script";

/** Starts the command in a shell that outlives Ctrl-C and then tells the status that it saw. */
function startAtTerminal(folder: string, columns = 80): ChildProcess {
  const env: Record<string, string | undefined> = { ...process.env, TERM: 'xterm-256color' };
  for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_TEST_CONTEXT']) env[name] = undefined;
  const command = `"${process.execPath}" "${COMMAND}" .`;
  const shell = `trap : INT; stty cols ${columns}; ${command}; echo "status $?"`;
  return spawn('script', ['-qfc', shell, '/dev/null'], {
    cwd: folder,
    env: { ...env, SHELL: '/bin/bash' },
    timeout: 60_000,
  });
}

/** Collects what the terminal shows; calls back each time that there is more. */
async function screenOf(child: ChildProcess, onText?: (text: string) => void): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    onText?.(text);
  });
  await new Promise((resolve) => child.on('close', resolve));
  return text;
}

describe('at a terminal', { skip: WITHOUT_TERMINAL }, () => {
  it('shows progress while it runs, and the summary in colour at the end', async () => {
    using tree = new Tree({ 'a.js': script(1_200_000), 'b.js': script(300_000) });
    const screen = await screenOf(startAtTerminal(tree.path));
    assert.match(screen, /\d+%/);
    // The name is that of the last source to be done; at one thread another than at two.
    assert.match(screen, /%.* [ab]\.js/);
    assert.match(screen, /Compressed 2 files/);
    assert.ok(screen.includes('\u001b['));
    assert.match(screen, /status 0/);
    // The cursor is hidden for the spinner and shown again behind it.
    assert.ok(screen.lastIndexOf('\u001b[?25h') > screen.lastIndexOf('\u001b[?25l'));
  });

  it('ends by Ctrl-C in the middle of an encode, at once and leaving nothing', async () => {
    using tree = new Tree({ 'a.js': script(6_000_000) });
    const child = startAtTerminal(tree.path);
    let typedAt = 0;
    let endedAt = 0;
    const screen = await screenOf(child, (text) => {
      if (typedAt === 0 && /\d+%/.test(text)) {
        typedAt = performance.now();
        child.stdin?.write('\u0003');
      }
      if (endedAt === 0 && text.includes('status')) endedAt = performance.now();
    });
    assert.match(screen, /status 130/);
    assert.match(screen, /stopped; the sidecars made so far are whole/);
    // Half a second when the machine is idle; the encode itself would take ten.
    assert.ok(endedAt - typedAt < 2000, `${endedAt - typedAt} ms`);
    assert.deepEqual(tree.list(), ['a.js']);
  });

  it('ends at a terminal that has no size, without a spinner', async () => {
    using tree = new Tree({ 'a.js': script(1_000_000) });
    const screen = await screenOf(startAtTerminal(tree.path, 0));
    assert.match(screen, /Compressed 1 file/);
    assert.match(screen, /status 0/);
    assert.ok(!screen.includes('\u001b[?25l'), 'hid the cursor for a spinner');
    assert.deepEqual(tree.list(), ['a.js', 'a.js.br', 'a.js.gz']);
  });
});
