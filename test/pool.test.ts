// Shows what a pool does with batches on real worker threads: the order of outcomes, never more batches
// at once than threads, and its end. Threads that die in the middle of a run: see disturbed.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { Job, SourceOutcome, WorkerSettings } from '../src/job.js';
import { Pool, type SizedJob } from '../src/pool.js';
import { temporaryPrefix } from '../src/temporary-file.js';
import { WriteGate } from '../src/write-gate.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';
import { untilNoThreads } from './support/until.js';

const NO_LIMITS = process.platform === 'win32' && 'a process has no limit on open files here';

function settings(gate = new WriteGate()): WorkerSettings {
  return {
    codecs: [{ contentCoding: 'gzip', level: 9 }],
    maxRatio: 1,
    dryRun: false,
    isCheck: false,
    keepValid: false,
    prune: false,
    cache: undefined,
    temporaryPrefix: temporaryPrefix(process.pid),
    gate: gate.memory,
  };
}

const MIB = 1024 * 1024;

/** With these, two sources of 32 MiB take more memory than a run of a few threads may. */
const LARGE: WorkerSettings = {
  ...settings(),
  codecs: [{ contentCoding: 'br', quality: 11 }],
};

/** Batches of so many sources each, all of them in the tree: `0-0`, `0-1`, `1-0`, … */
function addBatches(tree: Tree, sizes: readonly number[]): SizedJob[][] {
  return sizes.map((size, batch) =>
    Array.from({ length: size }, (_, index) => {
      const relativePath = `${batch}-${index}`;
      const content = script(2000 + index, batch + 1);
      tree.add({ [relativePath]: content });
      return { path: tree.join(relativePath), relativePath, size: content.length, sidecars: [] };
    }),
  );
}

function namesOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ relativePath }) => relativePath);
}

/** The threads that are started while `action` runs. */
async function threadsOf(action: () => Promise<void>): Promise<Worker[]> {
  const threads: Worker[] = [];
  const onWorker = (thread: Worker) => threads.push(thread);
  process.on('worker', onWorker);
  await action().finally(() => process.off('worker', onWorker));
  return threads;
}

describe('a pool', () => {
  it('tells of each batch when it begins, and of each source in it, in order', async () => {
    using tree = new Tree();
    const batches = addBatches(tree, [3, 1, 2]);
    const told: string[] = [];
    const pool = new Pool(1, settings());
    await pool.run(batches, {
      onStarted: (batch) => told.push(`started ${namesOf(batch).join()}`),
      onSettled: ({ relativePath }, outcome) => {
        assert.equal(outcome.relativePath, relativePath);
        told.push(`${outcome.status} ${relativePath}`);
      },
    });
    await pool.destroy();
    assert.deepEqual(told, [
      'started 0-0,0-1,0-2',
      'settled 0-0',
      'settled 0-1',
      'settled 0-2',
      'started 1-0',
      'settled 1-0',
      'started 2-0,2-1',
      'settled 2-0',
      'settled 2-1',
    ]);
    const sources = namesOf(batches.flat());
    assertTree(
      tree,
      sources.flatMap((path) => [path, `${path}.gz`]),
    );
  });

  it('hands out as many batches at once as there are threads, and no more', async () => {
    using tree = new Tree();
    const batches = addBatches(
      tree,
      Array.from({ length: 12 }, () => 1),
    );
    const begun: string[] = [];
    const outcomes: SourceOutcome[] = [];
    let running = 0;
    let most = 0;
    const threads = await threadsOf(async () => {
      const pool = new Pool(3, settings());
      await pool.run(batches, {
        onStarted: (batch) => {
          begun.push(...namesOf(batch));
          running += 1;
          most = Math.max(most, running);
        },
        onSettled: (_source, outcome) => {
          running -= 1;
          outcomes.push(outcome);
        },
      });
      await pool.destroy();
    });
    assert.deepEqual([most, running, threads.length], [3, 0, 3]);
    assert.deepEqual(begun, namesOf(batches.flat()));
    assert.deepEqual(outcomes.map(({ relativePath }) => relativePath).sort(), [...begun].sort());
  });

  it('hands out nothing more and tells nothing more once it is stopped', async () => {
    using tree = new Tree();
    const batches = addBatches(tree, [2, 2, 2, 2]);
    const gate = new WriteGate();
    const pool = new Pool(2, settings(gate));
    const told: string[] = [];
    await pool.run(batches, {
      onStarted: (batch) => {
        told.push(...namesOf(batch));
        if (told.length !== 4) return;
        gate.close();
        pool.stop();
      },
      onSettled: () => assert.fail('it told of an outcome'),
    });
    await pool.destroy();
    assert.deepEqual(told, ['0-0', '0-1', '1-0', '1-1']);
    assertTree(tree, namesOf(batches.flat()));
  });

  it('hands out at once no more than memory allows, and smaller ones ahead of what waits', async () => {
    using tree = new Tree();
    // Not as large as the files are: it is by what the plan says that memory is counted.
    const sizes = [32 * MIB, 32 * MIB, 1000, 1000];
    const batches = addBatches(tree, [1, 1, 1, 1]).map((batch, index) =>
      batch.map((job) => ({ ...job, size: sizes[index] ?? 0 })),
    );
    const told: string[] = [];
    const pool = new Pool(2, LARGE, 256 * MIB);
    await pool.run(batches, {
      onStarted: (batch) => told.push(`started ${namesOf(batch).join()}`),
      onSettled: ({ relativePath }) => told.push(`settled ${relativePath}`),
    });
    await pool.destroy();
    const at = (line: string) => told.indexOf(line);
    assert.deepEqual(told.slice(0, 2), ['started 0-0', 'started 2-0']);
    assert.ok(at('started 1-0') > at('settled 0-0'), told.join());
    assert.deepEqual(told.filter((line) => line.startsWith('settled')).length, 4);
  });

  it('settles once it is stopped, also when batches wait for memory', async () => {
    using tree = new Tree();
    const batches = addBatches(tree, [1, 1, 1, 1]).map((batch) =>
      batch.map((job) => ({ ...job, size: 32 * MIB })),
    );
    const pool = new Pool(3, LARGE, 256 * MIB);
    const begun: string[] = [];
    await pool.run(batches, {
      onStarted: (batch) => {
        begun.push(...namesOf(batch));
        pool.stop();
      },
      onSettled: () => assert.fail('it told of an outcome'),
    });
    await pool.destroy();
    assert.deepEqual(begun, ['0-0']);
  });

  it('names what is being worked on, and nothing once that is done', async () => {
    using tree = new Tree();
    const batches = addBatches(tree, [2, 1, 1]);
    const pool = new Pool(2, settings());
    const running = pool.run(batches, { onStarted: () => undefined, onSettled: () => undefined });
    assert.deepEqual(namesOf(pool.abandoned), ['0-0', '0-1', '1-0']);
    await running;
    assert.deepEqual(pool.abandoned, []);
    await pool.destroy();
  });

  it('leaves no thread once it is destroyed, used or not', async () => {
    using tree = new Tree();
    const batches = addBatches(tree, [1, 1]);
    for (const work of [[], batches]) {
      const threads = await threadsOf(async () => {
        const pool = new Pool(2, settings());
        await pool.run(work, { onStarted: () => undefined, onSettled: () => undefined });
        await pool.destroy();
      });
      assert.equal(threads.length, 2);
      await untilNoThreads();
      // -1 is the number of a thread that has ended.
      assert.deepEqual(
        threads.map(({ threadId }) => threadId),
        [-1, -1],
      );
    }
  });

  it('passes on what its listener throws', async () => {
    using tree = new Tree();
    const pool = new Pool(1, settings());
    const running = pool.run(addBatches(tree, [1, 1]), {
      onStarted: () => undefined,
      onSettled: () => {
        throw new Error('listener');
      },
    });
    await assert.rejects(running, { message: 'listener' });
    await pool.destroy();
  });
});

/** Lets no file be opened any more as soon as the work is planned: a thread cannot start then. */
const WITHOUT_FILES = `
  import { closeSync, openSync, writeSync } from 'node:fs';
  const { compress } = await import(process.argv[1]);
  const onEvent = ({ type }) => {
    if (type !== 'planned') return;
    try { for (;;) openSync('/dev/null', 'r'); } catch {}
  };
  const said = await compress(process.argv[2], { onEvent, threads: 2 }).then(
    () => 'nothing was thrown',
    (error) => JSON.stringify([error.name, error.code, error.message]),
  );
  writeSync(1, said);
`;

describe('threads that cannot be started', { skip: NO_LIMITS }, () => {
  it('end the run with an error of their own, and nothing is left', () => {
    using tree = new Tree({ 'a.js': script(70_000), 'b.js': script(70_000, 2) });
    const library = new URL('../src/index.js', import.meta.url).href;
    const shell = 'ulimit -n 256 && exec "$0" "$@"';
    const words = ['--input-type=module', '-e', WITHOUT_FILES, library, tree.path];
    const { status, stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, ...words], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.deepEqual([status, stderr], [0, '']);
    const [name, code, message] = JSON.parse(stdout) as string[];
    assert.deepEqual([name, code], ['ThreadError', 'ERR_WN_COMPRESS_THREADS']);
    assert.match(message ?? '', /^2 worker threads could not be started: .*; use fewer threads/);
    assertTree(tree, ['a.js', 'b.js']);
  });
});
