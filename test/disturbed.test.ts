// Shows what a run does when it is disturbed: sources that change, threads that die, aborts, kills. What
// it waits for are events and files that appear, not times, so that it holds on a busy machine as well.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { AbortError, type Report, type RunEvent } from '../src/index.js';
import { isTemporaryName, temporaryName, temporaryPrefix } from '../src/temporary-file.js';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';
import { until, untilNoThreads } from './support/until.js';
import { compress } from './support/uncached.js';

const COMMAND = fileURLToPath(new URL('../bin/wn-compress.js', import.meta.url));
const ON_WINDOWS = process.platform === 'win32' && 'signals as POSIX has them';

/** Brotli at quality 11 takes about 2 s for this. */
const SLOW = script(2_000_000);

/** Above the bound from which sources are streamed. */
const STREAMED_BYTES = 33 * 1024 * 1024;

function temporaryFilesIn(tree: Tree): string[] {
  return readdirSync(tree.path).filter(isTemporaryName);
}

describe('a source that changes', () => {
  it('is encoded anew from what it has become', async () => {
    using tree = new Tree({ 'a.js': SLOW });
    const report = await compress(tree.path, {
      onEvent: ({ type }) => {
        if (type !== 'source-started') return;
        setTimeout(() => {
          writeFileSync(tree.join('a.js'), 'b'.repeat(1000));
        }, 400);
      },
    });
    assert.deepEqual(report.failures, []);
    assert.equal(report.sources[0]?.sourceBytes, 1000);
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
  });

  it('fails when it keeps changing, and its old sidecars stay as they were', async () => {
    using tree = new Tree({ 'a.js': script(400_000), 'a.js.gz': 'old', 'b.js': script(1000) });
    const writer = setInterval(() => {
      appendFileSync(tree.join('a.js'), 'x');
    }, 10);
    const report = await compress(tree.path).finally(() => {
      clearInterval(writer);
    });
    assert.deepEqual(
      report.failures.map(({ code, relativePath }) => [code, relativePath]),
      [['ECHANGED', 'a.js']],
    );
    assert.deepEqual(tree.list(), ['a.js', 'a.js.gz', 'b.js', 'b.js.br', 'b.js.gz']);
    assert.equal(tree.snapshot()['a.js.gz'], 'old');
  });

  it('fails when it vanishes', async () => {
    using tree = new Tree({ 'a.js': script(1000), 'b.js': script(2000) });
    const report = await compress(tree.path, {
      onEvent: ({ type }) => {
        if (type === 'planned') rmSync(tree.join('a.js'));
      },
    });
    assert.deepEqual(
      report.failures.map(({ code, operation, relativePath }) => [code, operation, relativePath]),
      [['ENOENT', 'open', 'a.js']],
    );
    assertTree(tree, ['b.js', 'b.js.br', 'b.js.gz']);
  });
});

describe('a source that is streamed', () => {
  const fast = { gzipLevel: 1, brotliQuality: 2 };

  it('is written, left alone when unchanged, and only judged in a dry run', async () => {
    using tree = new Tree({ 'a.js': script(1_000_000).repeat(34) });
    const statuses = async (options: object) =>
      (await compress(tree.path, { ...fast, ...options })).sources[0]?.variants.map(
        ({ status }) => status,
      );
    assert.deepEqual(await statuses({ dryRun: true }), ['written', 'written']);
    assertTree(tree, ['a.js']);
    assert.deepEqual(await statuses({}), ['written', 'written']);
    assertTree(tree, ['a.js', 'a.js.br', 'a.js.gz']);
    const before = tree.snapshot();
    assert.deepEqual(await statuses({}), ['unchanged', 'unchanged']);
    assert.deepEqual(await statuses({ dryRun: true }), ['unchanged', 'unchanged']);
    writeFileSync(tree.join('a.js.gz'), Buffer.concat([tree.bytes('a.js.gz'), Buffer.from('x')]));
    assert.deepEqual(await statuses({}), ['written', 'unchanged']);
    assert.deepEqual(tree.snapshot(), before);
  });

  it('leaves nothing when it does not get smaller, and its old sidecar is removed', async () => {
    using tree = new Tree({ 'a.bin': randomBytes(STREAMED_BYTES), 'a.bin.gz': 'stale' });
    const report = await compress(tree.path, fast);
    assertTree(tree, ['a.bin']);
    const variants = report.sources[0]?.variants ?? [];
    assert.deepEqual(
      variants.map((variant) => [variant.status, 'removed' in variant && variant.removed]),
      [
        ['discarded', true],
        ['discarded', false],
      ],
    );
    for (const variant of variants) {
      assert.ok('encodedBytes' in variant && variant.encodedBytes > STREAMED_BYTES);
    }
  });
});

describe('an aborted run', () => {
  /** Starts a run, aborts it some time after an event, and tells how long it then took to reject. */
  async function abortOn(
    tree: Tree,
    isTime: (event: RunEvent) => boolean,
    isReady: () => Promise<unknown> = () => delay(300),
  ): Promise<number> {
    const controller = new AbortController();
    let abortedAt = 0;
    const running = compress(tree.path, {
      signal: controller.signal,
      onEvent: (event) => {
        if (!isTime(event)) return;
        void isReady().finally(() => {
          abortedAt = performance.now();
          controller.abort(new Error('enough'));
        });
      },
    });
    await assert.rejects(running, (error: unknown) => {
      assert.ok(error instanceof AbortError);
      assert.equal((error.cause as Error).message, 'enough');
      return true;
    });
    return performance.now() - abortedAt;
  }

  it('rejects at once when it was aborted before', async () => {
    using tree = new Tree({ 'a.js': script(1000) });
    await assert.rejects(compress(tree.path, { signal: AbortSignal.abort() }), AbortError);
    assertTree(tree, ['a.js']);
  });

  it('rejects in the middle of an encode, which then writes nothing', async () => {
    using tree = new Tree({ 'a.js': SLOW });
    const took = await abortOn(tree, ({ type }) => type === 'source-started');
    assert.ok(took < 500, `${took} ms`);
    assertTree(tree, ['a.js']);
    // The thread ends when its encode does.
    await untilNoThreads();
    assertTree(tree, ['a.js']);
  });

  it('removes what it has streamed so far', async () => {
    using tree = new Tree({ 'a.js': SLOW.repeat(17) });
    const isStreaming = () => until(() => temporaryFilesIn(tree).length > 0);
    const took = await abortOn(tree, ({ type }) => type === 'source-started', isStreaming);
    assert.ok(took < 500, `${took} ms`);
    assertTree(tree, ['a.js']);
    await untilNoThreads();
    assertTree(tree, ['a.js']);
  });

  it('keeps whole what was written before', async () => {
    using tree = new Tree({ 'a.js': SLOW, 'b.js': script(70_000), 'c.js': script(70_000, 2) });
    const controller = new AbortController();
    const running = compress(tree.path, {
      threads: 2,
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'source-settled') controller.abort();
      },
    });
    await assert.rejects(running, AbortError);
    // b.js is done on the one thread while the other has a.js in its encoder, and c.js waits.
    const expected = ['a.js', 'b.js', 'b.js.br', 'b.js.gz', 'c.js'];
    assertTree(tree, expected);
    await untilNoThreads();
    assertTree(tree, expected);
  });
});

describe('a worker thread that dies', () => {
  /** The thread of the run that is started next, at one thread. */
  function nextThread(): { terminate: () => void } {
    let thread: Worker | undefined;
    process.once('worker', (worker) => (thread = worker));
    return { terminate: () => void thread?.terminate() };
  }

  function failuresOf({ failures }: Report): unknown[] {
    return failures.map(({ code, relativePath }) => [code, relativePath]);
  }

  it('fails its source, and the others are done by another thread', async () => {
    using tree = new Tree({
      // The largest comes first, and is easy: once it is done, the thread is known to have loaded.
      'a.js': 'a'.repeat(3_000_000),
      'b.js': SLOW,
      'c.js': script(70_000),
      'd/e.js': script(1000),
    });
    const thread = nextThread();
    const report = await compress(tree.path, {
      threads: 1,
      onEvent: (event) => {
        if (event.type !== 'source-started' || event.relativePath !== 'b.js') return;
        // At 0 ms it comes out the same; this is in the middle of the encode.
        setTimeout(thread.terminate, 100);
      },
    });
    assert.deepEqual(failuresOf(report), [['EWORKER', 'b.js']]);
    const sources = ['a.js', 'c.js', 'd/e.js'];
    assertTree(tree, ['b.js', ...sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`])]);
  });

  it('leaves nothing of what it was streaming', async () => {
    using tree = new Tree({ 'a.bin': randomBytes(STREAMED_BYTES), 'b.js': script(1000) });
    const thread = nextThread();
    const running = compress(tree.path, { threads: 1 });
    await until(() => temporaryFilesIn(tree).length > 0);
    thread.terminate();
    assert.deepEqual(failuresOf(await running), [['EWORKER', 'a.bin']]);
    assertTree(tree, ['a.bin', 'b.js', 'b.js.br', 'b.js.gz']);
  });
});

describe('leftovers of a killed run', { skip: ON_WINDOWS }, () => {
  it('are swept by the next run, and never those of a live one', async () => {
    using tree = new Tree({ 'a.js': SLOW.repeat(17), 'b.js': script(1000) });
    const victim = spawn(process.execPath, [COMMAND, tree.path, '--no-progress', '--no-cache'], {
      stdio: 'ignore',
    });
    const exited = new Promise((resolve) => victim.on('exit', resolve));
    await until(() => temporaryFilesIn(tree).length > 0);
    const alive = await compress(tree.join('b.js'));
    assert.equal(alive.totals.leftoversRemoved, 0);
    const left = temporaryFilesIn(tree);
    assert.ok(left.length > 0);
    victim.kill('SIGKILL');
    await exited;
    const dry = await compress(tree.join('b.js'), { dryRun: true });
    assert.equal(dry.totals.leftoversRemoved, left.length);
    assert.deepEqual(temporaryFilesIn(tree), left);
    const next = await compress(tree.join('b.js'));
    assert.equal(next.totals.leftoversRemoved, left.length);
    assert.deepEqual(temporaryFilesIn(tree), []);
  });

  it('are never taken for sources, even while they live', async () => {
    const name = temporaryName(temporaryPrefix(process.pid));
    using tree = new Tree({ 'a.js': script(1000), [name]: script(1000) });
    await compress(tree.path);
    assertTree(tree, [name, 'a.js', 'a.js.br', 'a.js.gz']);
  });
});
