// Shows the library in the hands of its users: in a script of their own, which has to end by itself, and
// in a worker thread of theirs. What runs do is shown in compress.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';

/** Where users import it from, by the `exports` of package.json. */
const LIBRARY = import.meta.resolve('wn-compress');

const ENTRIES = { 'a.js': script(200_000), 'b/c.css': script(3000), 'd.png': 'png' };
const RESULT = ['a.js', 'a.js.br', 'a.js.gz', 'b/c.css', 'b/c.css.br', 'b/c.css.gz', 'd.png'];

/** What keeps a process alive, or is at least open: when the library is loaded, and when it is done. */
interface Resources {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Worker threads that live when it is done; idle ones keep no process alive, but cost memory. */
  readonly threads: number;
}

/** Runs a script that has `compress` and `root` to its own end. */
function runScript(root: string, body: string): Resources {
  const text = `
    import { writeSync } from 'node:fs';
    const { AbortError, compress } = await import(process.argv[1]);
    const root = process.argv[2];
    const active = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return process.getActiveResourcesInfo();
    };
    // Node itself opens these when the first worker thread starts.
    void [process.stdout, process.stderr];
    const threads = [];
    process.on('worker', (thread) => threads.push(thread));
    const before = await active();
    ${body}
    const after = await active();
    const alive = threads.filter(({ threadId }) => threadId !== -1).length;
    writeSync(1, JSON.stringify({ before, after, threads: alive }));
  `;
  const words = ['--input-type=module', '-e', text, LIBRARY, root];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.deepEqual([status, signal, stderr], [0, null, '']);
  return JSON.parse(stdout) as Resources;
}

describe('a script that uses the library', () => {
  it('has nothing left that keeps it alive, and ends by itself', () => {
    using tree = new Tree(ENTRIES);
    const body = 'await compress(root, { threads: 2 });';
    const { before, after, threads } = runScript(tree.path, body);
    assert.deepEqual([after, threads], [before, 0]);
    assertTree(tree, RESULT);
  });

  it('has nothing left after a run that had nothing to do, or could not', () => {
    using tree = new Tree({ 'd.png': 'png' });
    const { before, after } = runScript(
      tree.path,
      `await compress(root);
       await compress(root + '/missing').catch((error) => error);
       await compress(root, { threads: -1 }).catch((error) => error);`,
    );
    assert.deepEqual(after, before);
    assertTree(tree, ['d.png']);
  });

  it('ends by itself also after a run that was aborted', () => {
    using tree = new Tree(ENTRIES);
    runScript(
      tree.path,
      `const controller = new AbortController();
       const onEvent = ({ type }) => type === 'source-started' && controller.abort();
       const error = await compress(root, { signal: controller.signal, onEvent }).catch((e) => e);
       if (!(error instanceof AbortError)) throw error;`,
    );
    assertTree(tree, ['a.js', 'b/c.css', 'd.png']);
  });
});

describe("a user's own worker thread", () => {
  const WORKER = `
    const { parentPort, workerData } = await import('node:worker_threads');
    const { compress } = await import(workerData.library);
    const { totals } = await compress(workerData.root, { threads: 2 });
    parentPort.postMessage(totals);
  `;

  it('can compress as well, and ends by itself', async () => {
    using tree = new Tree(ENTRIES);
    const url = new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`);
    const worker = new Worker(url, { workerData: { library: LIBRARY, root: tree.path } });
    const [[totals], [exitCode]] = (await Promise.all([
      once(worker, 'message'),
      once(worker, 'exit'),
    ])) as [[{ sources: number; failed: number }], [number]];
    assert.deepEqual([totals.sources, totals.failed, exitCode], [2, 0, 0]);
    assertTree(tree, RESULT);
  });
});
