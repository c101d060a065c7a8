// Shows that a signal ends a run within half a second, by that very signal and leaving nothing half written,
// whatever the run was doing when it came. On real processes; what is typed at a terminal: see
// test/cli/terminal.test.ts.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ended, start, wnCompress, type Place } from '../cli/command.js';
import { decodeSidecar, isSidecarPath, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { witness } from '../support/witness.js';

const ON_WINDOWS = process.platform === 'win32' && 'signals as POSIX has them';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a user is promised, and what a machine that is busy with other tests may make of it. */
const PROMISED_MS = 500;
const BUSY_MS = 2500;

const FAST = ['--brotli-quality=3', '--quiet'];

/** What a run is doing when the signal comes, from `fromMs` to `toMs` behind the start of its process. */
interface Phase {
  readonly name: string;
  readonly words: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly entries: () => Readonly<Record<string, string>>;
  /** Whether its cache holds all of it already, and the sidecars are gone. */
  readonly isCached: boolean;
  readonly times: number;
}

const PHASES: readonly Phase[] = [
  {
    name: 'before the scan',
    words: FAST,
    fromMs: 0,
    toMs: 150,
    entries: () => ({ 'a.js': script(300_000) }),
    isCached: false,
    times: rounds(2, 40),
  },
  {
    name: 'in the scan of a large folder',
    words: FAST,
    fromMs: 150,
    toMs: 400,
    entries: () => many(rounds(1500, 40_000), 0),
    isCached: false,
    times: rounds(1, 12),
  },
  {
    name: 'in an encode, which nothing interrupts',
    words: ['--quiet', '--threads=1'],
    fromMs: 300,
    toMs: 1000,
    entries: () => ({ 'a.js': script(8_000_000) }),
    isCached: false,
    times: rounds(2, 40),
  },
  {
    name: 'while small files are written',
    words: FAST,
    fromMs: 150,
    toMs: 500,
    entries: () => many(200, 3000),
    isCached: false,
    times: rounds(2, 40),
  },
  {
    name: 'while sidecars are restored',
    words: FAST,
    fromMs: 150,
    toMs: 400,
    entries: () => many(200, 3000),
    isCached: true,
    times: rounds(1, 40),
  },
  {
    name: 'while the cache is pruned',
    words: [...FAST, '--cache-max-size=50k'],
    fromMs: 200,
    toMs: 600,
    entries: () => many(200, 3000),
    isCached: true,
    times: rounds(1, 40),
  },
];

function many(files: number, bytes: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: files }, (_, index) => [`f${index}.css`, script(bytes, index + 1)]),
  );
}

/** Asserts that no temporary file is there and that every sidecar decodes to its source. */
function assertNothingHalf(tree: Tree, name: string): void {
  for (const path of tree.list()) {
    assert.ok(!path.endsWith('.tmp'), `${name}: ${path}`);
    if (!isSidecarPath(path)) continue;
    assert.ok(decodeSidecar(tree, path).equals(tree.bytes(path.slice(0, -3))), `${name}: ${path}`);
  }
}

/** Each process's time from the signal to its end, of those that the signal ended. */
async function interrupt(phase: Phase, tree: Tree, place: Place): Promise<number[]> {
  const { name, words, fromMs, toMs } = phase;
  const sources = tree.list();
  const before = witness(tree, sources);
  const took: number[] = [];
  for (let round = 0; round < phase.times; round += 1) {
    const signal = SIGNALS[round % SIGNALS.length] ?? 'SIGINT';
    const child = start(['.', ...words], place);
    const end = ended(child);
    await delay(randomInt(fromMs, toMs + 1));
    const begin = performance.now();
    child.kill(signal);
    const { code, signal: endedBy, stdout, stderr } = await end;
    assert.equal(stdout, '', name);
    if (endedBy === null) assert.deepEqual([code, stderr], [0, ''], name);
    else {
      took.push(performance.now() - begin);
      assert.equal(endedBy, signal, name);
      // Nothing when it came before anything was begun, or when all was done.
      assert.match(stderr, /^(wn-compress: stopped; the sidecars made so far are whole\n)?$/, name);
    }
    assertNothingHalf(tree, name);
    assert.deepEqual(witness(tree, sources), before, name);
    for (const path of tree.list()) if (isSidecarPath(path)) rmSync(tree.join(path));
  }
  return took;
}

describe('a signal', { skip: ON_WINDOWS }, () => {
  const all: number[] = [];
  for (const phase of PHASES) {
    it(`${phase.name} ends the run by itself, and nothing is half written`, async () => {
      using tree = new Tree();
      using cache = new Tree();
      tree.add(phase.entries());
      const place = { cwd: tree.path, cacheDir: cache.path };
      if (phase.isCached) {
        assert.equal((await wnCompress(['.', ...FAST], place)).code, 0);
        for (const path of tree.list()) if (isSidecarPath(path)) rmSync(tree.join(path));
      }
      all.push(...(await interrupt(phase, tree, phase.isCached ? place : { cwd: tree.path })));
    });
  }

  it('needs no more than half a second for that', (t) => {
    const sorted = all.sort((a, b) => a - b).map(Math.round);
    const median = sorted[Math.floor(sorted.length / 2)];
    const longest = sorted.at(-1);
    assert.ok(
      median !== undefined && longest !== undefined,
      'no signal came before its run had ended',
    );
    const text = `${sorted.length} signals, gone ${median} ms behind the signal in the median, ${longest} ms at most`;
    t.diagnostic(text);
    // Other tests run beside this one, except in a soak.
    assert.ok(longest <= BUSY_MS, text);
    assert.ok(rounds(0, 1) === 0 || median <= PROMISED_MS, text);
    figure('signals', text);
  });

  it('that follows another ends the run at once, and the next run sweeps what that leaves', async () => {
    using tree = new Tree({ 'a.js': script(1_000_000).repeat(40) });
    for (let round = 0; round < rounds(1, 30); round += 1) {
      const child = start(['.', '--quiet'], { cwd: tree.path });
      const end = ended(child);
      await delay(randomInt(200, 500));
      const begin = performance.now();
      child.kill('SIGINT');
      await delay(randomInt(10));
      child.kill('SIGTERM');
      const { signal } = await end;
      assert.ok(signal === 'SIGINT' || signal === 'SIGTERM', String(signal));
      assert.ok(performance.now() - begin < BUSY_MS);
      tree.add({ 'b.js': script(1000) });
      const next = await wnCompress(['b.js', '--quiet'], { cwd: tree.path });
      assert.deepEqual([next.code, next.stderr], [0, '']);
      assert.deepEqual(tree.list(), ['a.js', 'b.js', 'b.js.br', 'b.js.gz']);
      for (const path of ['b.js', 'b.js.br', 'b.js.gz']) rmSync(tree.join(path));
    }
  });
});
