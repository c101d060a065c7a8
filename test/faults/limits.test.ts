// Shows what the command does with less than it is used to: of cores, memory, open files, processes and file
// sizes. It works, or says in a line what it needs, and nothing half written is left.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Report } from '../../src/index.js';
import { COMMAND, wnCompress } from '../cli/command.js';
import { ControlGroup } from '../support/control-group.js';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';

const ON_WINDOWS = process.platform === 'win32' && 'limits as POSIX has them';
const MIB = 1024 * 1024;

/** A thread takes longer to start than to do its work; in the soak there is work for all of them. */
const MANY = rounds(16, 70);

/** So large that each is a batch of its own, and so many that many threads would have something to do. */
function manySources(files: number): Tree {
  return new Tree(
    Object.fromEntries(
      Array.from({ length: files }, (_, index) => [`${index}.js`, script(66_000, index + 1)]),
    ),
  );
}

function allOf(files: number): string[] {
  return Array.from({ length: files }, (_, index) => `${index}.js`).flatMap((path) => [
    path,
    `${path}.br`,
    `${path}.gz`,
  ]);
}

function command(words: readonly string[]): string[] {
  return [process.execPath, COMMAND, '.', '--no-cache', '--brotli-quality=5', ...words];
}

/** Runs the command behind some words of shell. */
function inShell(tree: Tree, shell: string, words: readonly string[], before: string[] = []) {
  const [program, ...rest] = [...before, 'bash', '--norc', '-c', `${shell} && exec "$0" "$@"`];
  return spawnSync(program, [...rest, ...command(words)], {
    cwd: tree.path,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Asserts that what is there is whole, and that a run without the limit makes the rest. */
async function assertWhole(tree: Tree, files: number): Promise<void> {
  for (const path of tree.list().filter(isSidecarPath)) {
    assert.ok(decodeSidecar(tree, path).equals(tree.bytes(path.slice(0, -3))), path);
  }
  const next = await wnCompress(['.', '--quiet', '--brotli-quality=5'], { cwd: tree.path });
  assert.deepEqual([next.code, next.stderr], [0, '']);
  assertTree(tree, allOf(files));
}

/** A core that this process may use, which may not be the first of the machine. */
function firstCore(): string {
  const status = readFileSync('/proc/self/status', 'utf8');
  return /^Cpus_allowed_list:\s*(\d+)/m.exec(status)?.[1] ?? '0';
}

describe('few cores', () => {
  it('are enough for 64 threads', async () => {
    using tree = manySources(MANY);
    const words = ['.', '--json', '--no-progress', '--brotli-quality=1', '--threads=64'];
    const { code, stdout, stderr } = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([code, stderr], [0, '']);
    const { threads } = JSON.parse(stdout) as Report;
    assert.ok(threads > 1 && threads <= 64, String(threads));
    assertTree(tree, allOf(MANY));
  });

  it('are what is taken: one, when there is one', (t) => {
    if (spawnSync('taskset', ['--version']).status !== 0) {
      t.skip("needs util-linux's taskset");
      return;
    }
    using tree = manySources(4);
    const { status, stdout } = spawnSync('taskset', ['-c', firstCore(), ...command(['--json'])], {
      cwd: tree.path,
      encoding: 'utf8',
    });
    assert.deepEqual([status, (JSON.parse(stdout) as Report).threads], [0, 1]);
    assertTree(tree, allOf(4));
  });

  it('are what is taken: one, when a control group allows half of one', (t) => {
    using tree = manySources(4);
    using group = ControlGroup.create({ cpuShare: 0.5 });
    if (group === undefined) {
      t.skip('no control group can be made here');
      return;
    }
    const { status, stdout } = group.run(command(['--json']), tree.path);
    assert.deepEqual([status, (JSON.parse(stdout) as Report).threads], [0, 1]);
    assertTree(tree, allOf(4));
  });
});

describe('little memory', () => {
  for (const words of [[], ['--threads=64']]) {
    it(`is enough at 128 MB, ${words.join('') || 'by default'}`, (t) => {
      using tree = manySources(20);
      using group = ControlGroup.create({ memoryBytes: 128 * MIB });
      if (group === undefined) {
        t.skip('no control group can be made here');
        return;
      }
      const { status, stderr } = group.run(command(['--quiet', ...words]), tree.path);
      assert.deepEqual([status, stderr], [0, '']);
      assertTree(tree, allOf(20));
    });
  }

  it('of which there is not enough for Node.js itself ends the process, and leaves nothing half', async (t) => {
    using tree = manySources(12);
    for (const mebibytes of [36, 60]) {
      using group = ControlGroup.create({ memoryBytes: mebibytes * MIB });
      if (group === undefined) {
        t.skip('no control group can be made here');
        return;
      }
      const { signal, status } = group.run(command(['--quiet']), tree.path);
      assert.ok(signal === 'SIGKILL' || status === 0, `${signal} ${status}`);
    }
    await assertWhole(tree, 12);
  });

  it(
    'of which too little may be reserved ends the process, and leaves nothing half',
    { skip: ON_WINDOWS },
    async (t) => {
      if (spawnSync('bash', ['-c', 'ulimit -v 1000000']).status !== 0) {
        t.skip('what may be reserved cannot be limited here');
        return;
      }
      using tree = manySources(4);
      const statuses: (number | null)[] = [];
      // What V8 reserves for each thread cannot be had below some 4 GB, and then it ends the process.
      for (const mebibytes of [1500, 2500, 4500, 64_000]) {
        const words = ['--quiet', '--threads=2'];
        const { status, error } = inShell(tree, `ulimit -v ${mebibytes * 1024}`, words);
        assert.equal(error, undefined, 'it hung');
        statuses.push(status);
        assert.deepEqual(
          tree.list().filter((path) => !path.endsWith('.tmp') && !allOf(4).includes(path)),
          [],
        );
      }
      const what = statuses.join();
      assert.ok(statuses[0] !== 0 && statuses.at(-1) === 0, what);
      await assertWhole(tree, 4);
    },
  );
});

/** Above where Node.js loads the command at best: how many modules it has open at once is left to chance. */
const ROOM = 10;

/** Runs the command with so many open files, again where Node.js itself could not even load it. */
function withOpenFiles(limit: number, tree: Tree, words: readonly string[]) {
  let ended = inShell(tree, `ulimit -n ${limit}`, words);
  for (let times = 1; times < 20 && /^ +at .*\(node:internal\/modules\//m.test(ended.stderr);) {
    ended = inShell(tree, `ulimit -n ${limit}`, words);
    times += 1;
  }
  return ended;
}

/** With how many open files this Node.js starts and loads the command. */
function leastOpenFiles(): number {
  let [tooFew, enough] = [12, 76];
  while (enough - tooFew > 1) {
    const limit = (tooFew + enough) >> 1;
    const shell = `ulimit -c 0 && ulimit -n ${limit} && exec "$0" "$@"`;
    const words = ['-c', shell, process.execPath, COMMAND, '--version'];
    if (spawnSync('bash', words, { timeout: 60_000 }).status === 0) enough = limit;
    else tooFew = limit;
  }
  return enough + ROOM;
}

describe('few open files', { skip: ON_WINDOWS }, () => {
  it('are enough, or it is said in a line that they are not', async (t) => {
    const least = leastOpenFiles();
    const counts = { worked: 0, said: 0 };
    const limits = new Set([least, least + 40]);
    for (let limit = least; limit < 100 && rounds(0, 1) === 1; limit += 1) limits.add(limit);
    for (const limit of limits) {
      for (const words of [[], ['--threads=64']]) {
        using tree = manySources(8);
        const { status, stderr } = withOpenFiles(limit, tree, ['--quiet', ...words]);
        if (status === 0) counts.worked += 1;
        else {
          counts.said += 1;
          const what = `${limit} ${words.join('')}: ${stderr}`;
          assert.ok(status === 1 || status === 2, what);
          assert.match(
            stderr,
            /^(wn-compress: .*(raise|fewer threads|lower --threads).*\n)+$/,
            what,
          );
        }
        await assertWhole(tree, 8);
      }
    }
    const text = `${counts.worked} runs worked, ${counts.said} said what they need`;
    t.diagnostic(text);
    figure('open-files', text);
  });
});

describe('few processes', { skip: ON_WINDOWS }, () => {
  it('are enough, or it is said in a line that they are not', (t) => {
    using tree = manySources(4);
    chmodSync(tree.path, 0o777);
    // Root is not limited, and of an ordinary user nobody knows how many there are already.
    const user = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
    const probe = inShell(tree, 'true', ['--version'], user);
    if (process.getuid?.() !== 0 || probe.status !== 0) {
      t.skip('needs root, setpriv, and a Node.js that others may run');
      return;
    }
    // A process of Node.js has 11 threads of its own, and cannot even start with fewer.
    for (const limit of [12, 13, 20]) {
      const { status, stderr } = inShell(tree, `ulimit -u ${limit}`, ['--quiet'], user);
      if (status === 0) assertTree(tree, allOf(4));
      else {
        assert.equal(status, 2, stderr);
        assert.match(stderr, /^wn-compress: .* could not be started: .*; use fewer threads/m);
        assertTree(
          tree,
          allOf(4).filter((path) => !isSidecarPath(path)),
        );
      }
    }
    assertTree(tree, allOf(4));
  });
});
