// Shows what comes of it when the system refuses a single call of a worker thread, each in its turn: one
// source fails, with its cause and the remedy, or nothing does; everything else is done, and what was there
// stays whole. The faults are injected by strace.
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compress, type Report } from '../../src/index.js';
import { Injection, NO_INJECTION, threadIds, type Fault } from '../support/injection.js';
import { assertTree, decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { witness } from '../support/witness.js';

/** How many faults of each situation are tried: in the soak each one that there is. */
const TRIED = rounds(3, 100_000);

/** A run that hangs is a failed test. */
const TIMEOUT_MS = rounds(60_000, 1_800_000);

/** Each is done by a single call, and fails like this on real machines. Which there are depends on these. */
const ERRORS: Readonly<Record<string, readonly string[]>> = {
  open: ['EMFILE', 'EIO', 'EACCES'],
  openat: ['EMFILE', 'EIO', 'EACCES'],
  statx: ['EIO'],
  fstat: ['EIO'],
  pread64: ['EIO'],
  write: ['ENOSPC', 'EIO', 'EDQUOT', 'EINTR'],
  pwrite64: ['ENOSPC', 'EIO'],
  fchmod: ['EPERM', 'EIO'],
  fchown: ['EPERM', 'EIO'],
  utimensat: ['EPERM', 'EIO'],
  rename: ['EIO', 'ENOSPC', 'EXDEV'],
  renameat: ['EIO', 'ENOSPC', 'EXDEV'],
  renameat2: ['EIO', 'ENOSPC', 'EXDEV'],
  unlink: ['EIO', 'EROFS'],
  unlinkat: ['EIO', 'EROFS'],
  close: ['EIO'],
  ftruncate: ['EIO'],
};

/** Of names with `?` strace passes over those that this machine does not have. */
const CALLS = Object.keys(ERRORS)
  .map((name) => `?${name}`)
  .join();

/** What the thread is given to do under watch. It comes behind a source that brings the thread to life. */
interface Situation {
  readonly name: string;
  readonly isCached: boolean;
  /** Whether the cache has it all already, and the sidecars are gone. */
  readonly isRestored: boolean;
}

const SITUATIONS: readonly Situation[] = [
  { name: 'sidecars old, new and right', isCached: false, isRestored: false },
  { name: 'the same with a cache', isCached: true, isRestored: false },
  { name: 'sidecars restored from the cache', isCached: true, isRestored: true },
];

/** So large that it is a batch of its own, and the first. */
const GATE = { 'gate.js': script(300_000, 9) };

const SOURCES = ['changed.js', 'dull.bin', 'new.js', 'right.js'];
const PATHS = ['changed.js', 'gate.js', 'new.js', 'right.js']
  .flatMap((path) => [path, `${path}.br`, `${path}.gz`])
  .concat('dull.bin');

/** Of bytes that do not become smaller: the sidecar that was there is removed. */
const DULL = randomBytes(900);

class Stage implements Disposable {
  readonly tree = new Tree(GATE);
  readonly cache = new Tree();

  async prepare({ isCached, isRestored }: Situation): Promise<this> {
    const { tree } = this;
    tree.add({ 'changed.js': script(4000), 'right.js': script(5000) });
    await compress(tree.path, this.options(isCached));
    const entries = { 'changed.js': script(4000, 2), 'new.js': script(3000, 3) };
    tree.add({ ...entries, 'dull.bin': DULL, 'dull.bin.gz': 'stale' });
    if (!isRestored) return this;
    using other = new Tree({ ...GATE, ...entries, 'right.js': script(5000) });
    await compress(other.path, this.options(isCached));
    return this;
  }

  options(isCached: boolean) {
    return { brotliQuality: 5, threads: 1, cache: isCached, cacheDir: this.cache.path };
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
    this.cache[Symbol.dispose]();
  }
}

interface Outcome {
  readonly report: Report;
  /** The calls that concern the tree or the cache, and not what is between threads. */
  readonly calls: Injection['calls'];
}

/** A run whose thread suffers a fault behind its first source. */
async function runWith(stage: Stage, { isCached }: Situation, fault: Fault): Promise<Outcome> {
  let injection: Injection | undefined;
  let threadId: number | undefined;
  // The pool of libuv, which is no work of these threads, is there since the stage was prepared.
  const before = threadIds();
  const onWorker = (): void => {
    const started = threadIds().filter((id) => !before.includes(id));
    if (started.length === 1) [threadId] = started;
  };
  process.on('worker', onWorker);
  try {
    const report = await compress(stage.tree.path, {
      ...stage.options(isCached),
      onEvent: ({ type }) => {
        // The thread waits for more, and is given it only behind this.
        if (type !== 'source-settled') return;
        assert.ok(threadId, 'which thread does the work is not known');
        injection ??= new Injection(threadId, fault);
      },
    });
    await injection?.ended();
    const folders = [stage.tree.path, stage.cache.path];
    const calls = injection?.calls ?? [];
    return {
      report,
      calls: calls.filter(({ line }) => folders.some((folder) => line.includes(folder))),
    };
  } finally {
    process.off('worker', onWorker);
    injection?.[Symbol.dispose]();
  }
}

/** Every fault that there can be: each call that is made, with each of its errors. */
async function faultsOf(situation: Situation): Promise<Required<Fault>[]> {
  using stage = await new Stage().prepare(situation);
  const { calls } = await runWith(stage, situation, { calls: CALLS });
  const counts = new Map<string, number>();
  const faults: Required<Fault>[] = [];
  for (const { name } of calls) {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    for (const error of ERRORS[name] ?? []) faults.push({ calls: name, error, nth });
  }
  return faults;
}

/** Asserts that each sidecar is right or just as it was, and only of what has failed the latter. */
function assertSidecars({ tree }: Stage, before: Record<string, string>, report: Report): void {
  const failed = new Set(report.failures.map(({ relativePath }) => relativePath));
  const now = witness(tree, tree.list());
  for (const path of tree.list().filter(isSidecarPath)) {
    const source = path.slice(0, -3);
    if (failed.has(source) && now[path] === before[path]) continue;
    assert.ok(decodeSidecar(tree, path).equals(tree.bytes(source)), path);
  }
}

async function suffer(situation: Situation, fault: Required<Fault>): Promise<Report> {
  using stage = await new Stage().prepare(situation);
  const { tree } = stage;
  const before = witness(tree, tree.list());
  const { report, calls } = await runWith(stage, situation, fault);
  const injected = calls.filter(({ isInjected }) => isInjected);
  assert.equal(injected.length, 1, 'the fault was not injected');

  const sources = [...SOURCES, 'gate.js'];
  assert.deepEqual(witness(tree, sources), pick(before, sources));
  const failed = new Set(report.failures.map(({ relativePath }) => relativePath));
  assert.ok(failed.size <= 1, [...failed].join());
  for (const { code, path, message } of report.failures) {
    assert.equal(code, fault.error);
    assert.ok(path.startsWith(tree.path) && message.length > code.length + 10, message);
  }
  if (injected[0]?.line.includes(stage.cache.path) === true) assert.equal(failed.size, 0);
  assertSidecars(stage, before, report);
  const left = tree.list().filter((path) => path.endsWith('.tmp'));
  assert.ok(left.length <= 1 && (left.length === 0 || failed.size === 1), left.join());
  if (failed.size === 0) assertTree(tree, PATHS);

  // This process lives, so that what it could not remove is removed by name.
  for (const path of left) writeFileSync(tree.join(path), '');
  const next = await compress(tree.path, stage.options(situation.isCached));
  assert.deepEqual(next.failures, []);
  assertTree(tree, [...PATHS, ...left]);
  return report;
}

function pick<T>(all: Record<string, T>, keys: readonly string[]): Record<string, T | undefined> {
  return Object.fromEntries(keys.map((key) => [key, all[key]]));
}

describe('a system call that fails', { skip: NO_INJECTION }, () => {
  const counts = { faults: 0, failed: 0, withoutHarm: 0 };
  for (const situation of SITUATIONS) {
    it(
      `fails one source, or does no harm: ${situation.name}`,
      { timeout: TIMEOUT_MS },
      async () => {
        const faults = await faultsOf(situation);
        assert.ok(faults.length > 30, `${faults.length} faults`);
        while (faults.length > TRIED) faults.splice(randomInt(faults.length), 1);
        for (const fault of faults) {
          const what = `${situation.name}: ${fault.calls} ${fault.nth} ${fault.error}`;
          try {
            const { failures } = await suffer(situation, fault);
            counts.faults += 1;
            counts[failures.length > 0 ? 'failed' : 'withoutHarm'] += 1;
          } catch (error) {
            throw new Error(what, { cause: error });
          }
        }
      },
    );
  }

  it('is counted', (t) => {
    const { faults, failed, withoutHarm } = counts;
    const text = `${faults} calls refused one by one: ${failed} times one source failed, ${withoutHarm} times nothing did`;
    t.diagnostic(text);
    figure('system-calls', text);
  });
});
