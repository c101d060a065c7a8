// Shows that threads which die again and again, or have no memory to start with, end a run with what is known
// of each source, and never let it hang. One that dies once: see test/disturbed.test.ts; threads that cannot
// be started: see test/pool.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { ThreadError } from '../../src/index.js';
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

describe('threads that die again and again', () => {
  it('end the run with a failure for each source that they had, or with an error', async (t) => {
    const counts = { runs: 0, died: 0, failed: 0, refused: 0 };
    for (let round = 0; round < rounds(4, 60); round += 1) {
      using tree = sourcesTree();
      const onWorker = (thread: Worker): void => {
        const end = (): void => {
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
    const text = `${runs} runs, ${died} threads ended, ${failed} sources failed, ${refused} runs without threads`;
    t.diagnostic(text);
    figure('threads', text);
  });
});

describe('threads that all end while they are loading', () => {
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

describe('a heap that is too small', () => {
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
      assert.ok([0, 1, 2].includes(status ?? 2) || signal !== null || status === 134);
    }
    await compress(tree.path, { brotliQuality: 4 });
    assertTree(
      tree,
      SOURCES.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
    );
  });
});
