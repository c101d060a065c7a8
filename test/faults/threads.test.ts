// Shows that threads which die again and again, or have no memory to start with, end a run with what is known
// of each source, and never let it hang. One that dies once: see test/disturbed.test.ts; threads that cannot
// be started: see test/pool.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { ThreadError, type Report } from '../../src/index.js';
import { COMMAND } from '../cli/command.js';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { untilNoThreads } from '../support/until.js';
import { compress } from '../support/uncached.js';

const SOURCES = ['a.js', 'b.js', 'c.js', 'd/e.js', 'd/f.js'];

function sourcesTree(): Tree {
  const entries = SOURCES.map((path, index) => [path, script(150_000, index + 1)] as const);
  return new Tree(Object.fromEntries(entries));
}

describe('threads that die again and again', { timeout: rounds(60_000, 1_800_000) }, () => {
  it('end the run with a failure for each source that they had, or with an error', async (t) => {
    const counts = { runs: 0, died: 0, failed: 0, refused: 0 };
    for (let round = 0; round < rounds(4, 60); round += 1) {
      using tree = sourcesTree();
      const onWorker = (thread: Worker): void => {
        const end = (): void => {
          // One that has ended by itself has no number.
          if (thread.threadId === -1) return;
          counts.died += 1;
          void thread.terminate();
        };
        // Some die while they load, others in the middle of an encode, and some not.
        const delayMs = randomInt(round % 2 === 0 ? 60 : 400);
        if (round % 4 !== 3 || randomInt(2) === 0) setTimeout(end, delayMs).unref();
      };
      process.on('worker', onWorker);
      try {
        const report = await compress(tree.path, { threads: 1 + (round % 3) });
        for (const { code, relativePath } of report.failures) {
          assert.equal(code, 'EWORKER');
          assert.ok(SOURCES.includes(relativePath));
        }
        assert.equal(report.sources.length + report.failures.length, SOURCES.length);
        counts.failed += report.failures.length;
      } catch (error) {
        assert.ok(error instanceof ThreadError, String(error));
        counts.refused += 1;
      } finally {
        process.off('worker', onWorker);
      }
      counts.runs += 1;
      await untilNoThreads();
      for (const path of tree.list().filter(isSidecarPath)) {
        assert.ok(decodeSidecar(tree, path).equals(tree.bytes(path.slice(0, -3))), path);
      }
      await compress(tree.path, { brotliQuality: 4 });
      assertTree(
        tree,
        SOURCES.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
      );
    }
    const { runs, died, failed, refused } = counts;
    // In a few runs chance may have it that none had any work.
    assert.ok(died > 0 && (failed + refused > 0 || runs < 10), JSON.stringify(counts));
    const text = `${runs} runs, ${died} threads ended, ${failed} sources failed, ${refused} runs without threads`;
    t.diagnostic(text);
    figure('threads', text);
  });
});

describe('threads that all end while they are loading', { timeout: 60_000 }, () => {
  it('end the run with an error, though work is still waiting', async () => {
    using tree = sourcesTree();
    const onWorker = (thread: Worker): void => void setTimeout(() => void thread.terminate());
    process.on('worker', onWorker);
    const running = compress(tree.path, { threads: 2 });
    await assert.rejects(running, ThreadError).finally(() => process.off('worker', onWorker));
    await untilNoThreads();
    assertTree(tree, SOURCES);
  });
});

/** Fills the heap of a thread at the moment at which it opens the source `hungry.js`. */
const HUNGRY = `
const fs = require('node:fs');
const { openSync } = fs;
fs.openSync = (path, ...words) => {
  if (require('node:worker_threads').isMainThread || !String(path).endsWith('hungry.js')) {
    return openSync(path, ...words);
  }
  for (let hoard = null; ; ) hoard = { hoard, numbers: Array(1000).fill(0.5) };
};
require('node:module').syncBuiltinESMExports();
`;

/** In Node 24 such a thread was still at it after a minute. */
const NOT_NODE_20 =
  !process.version.startsWith('v20.') &&
  'only in Node 20 does this flag bound the heap of a thread';

/** Of V8, which ends a process in one of several ways. */
const V8_ENDS = [134, 'SIGABRT', 'SIGSEGV', 'SIGTRAP', 'SIGILL'];

describe('a heap that is too small', () => {
  it(
    'in one thread fails the source that it had, and the others are done',
    { skip: NOT_NODE_20 },
    () => {
      using tree = sourcesTree();
      using notes = new Tree({ 'hungry.cjs': HUNGRY });
      tree.add({ 'hungry.js': script(9000), 'small.js': script(5000) });
      const node = ['--max-old-space-size=64', '--require', notes.join('hungry.cjs')];
      const words = ['.', '--no-cache', '--json', '--threads=2', '--brotli-quality=4'];
      const { status, signal, stdout, stderr } = spawnSync(
        process.execPath,
        [...node, COMMAND, ...words],
        { cwd: tree.path, encoding: 'utf8', timeout: 60_000 },
      );
      assert.deepEqual([status, signal], [1, null], stderr);
      const { failures } = JSON.parse(stdout) as Report;
      assert.deepEqual(
        failures.map(({ code, relativePath }) => [code, relativePath]),
        [['EWORKER', 'hungry.js']],
      );
      const done = [...SOURCES, 'small.js'].flatMap((path) => [path, `${path}.br`, `${path}.gz`]);
      assertTree(tree, [...done, 'hungry.js']);
    },
  );

  it('ends the run or not, and leaves nothing half written', async () => {
    using tree = sourcesTree();
    for (const mebibytes of [4, 10]) {
      const heap = `--max-old-space-size=${mebibytes}`;
      const words = [heap, COMMAND, '.', '--no-cache', '--quiet', '--brotli-quality=4'];
      const { status, signal, error } = spawnSync(process.execPath, words, {
        cwd: tree.path,
        timeout: 60_000,
        stdio: 'ignore',
      });
      assert.equal(error, undefined, 'it hung');
      // Done, failed, refused, or ended by V8.
      assert.ok([0, 1, 2, ...V8_ENDS].includes(status ?? signal ?? ''), `${status} ${signal}`);
    }
    await compress(tree.path, { brotliQuality: 4 });
    assertTree(
      tree,
      SOURCES.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
    );
  });
});
