// Owns a part of the fuzzer's cases, in a process of its own: node shard.js <seed> <cases> [path]. Prints
// what was counted; or the failed case, shrunk, and how to have it again.
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { histories } from './history.js';
import { NOBODY, play, type Counts, type Means } from './play.js';

/** What races cannot be shrunk for ever: after this long, the smallest that was found is shown. */
const SHRINK_MS = 20_000;

// In memory a case takes half the time, and the same happens.
if (process.env['TMPDIR'] === undefined && isWritable('/dev/shm')) {
  process.env['TMPDIR'] = '/dev/shm';
}

const [seed = '0', cases = '100', path] = process.argv.slice(2);
const counts: Counts = new Map();
const folder = mkdtempSync(join(tmpdir(), 'wn-compress-fuzz-'));
// An ordinary user's processes work in it as well.
chmodSync(folder, 0o755);
const means = findMeans();
let failedAt = Infinity;

try {
  const property = fc.asyncProperty(histories(8, 400), async (history) => {
    if (performance.now() - failedAt > SHRINK_MS) return;
    try {
      await play(history, means, counts);
    } catch (error) {
      failedAt = Math.min(failedAt, performance.now());
      throw error;
    }
  });
  const where = path === undefined || path === '' ? {} : { path };
  const details = await fc.check(property, {
    seed: Number(seed),
    numRuns: Number(cases),
    ...where,
  });
  if (details.failed) {
    const again = `TEST_FUZZ=${seed}:${details.counterexamplePath ?? ''}`;
    const story = JSON.stringify(details.counterexample?.[0], undefined, 1);
    const error = details.errorInstance;
    console.error(`Failed in case ${details.numRuns}; again with ${again}\n${story}`);
    console.error(error instanceof Error ? error.stack : error);
    process.exitCode = 1;
  }
  console.log(JSON.stringify(Object.fromEntries(counts)));
} finally {
  if (means.disk !== undefined) spawnSync('umount', ['--lazy', means.disk]);
  rmSync(folder, { recursive: true, force: true });
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Others may have no way to where this Node.js lies. */
function mayRunNode(): boolean {
  const { status } = spawnSync(process.execPath, ['--version'], NOBODY);
  return status === 0;
}

function findMeans(): Means {
  const isRoot = process.getuid?.() === 0;
  const fifo = join(folder, 'fifo');
  const hasFifo = spawnSync('mkfifo', [fifo]).status === 0;
  const disk = mkdtempSync(join(folder, 'disk-'));
  // Only in a mount namespace of its own, so that nothing is left however this ends.
  const mayMount = isRoot && process.env['TEST_FUZZ_MAY_MOUNT'] === '1';
  const hasDisk =
    mayMount && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', disk]).status === 0;
  return {
    hasOrdinary: isRoot && mayRunNode(),
    fifo: hasFifo ? fifo : undefined,
    disk: hasDisk ? disk : undefined,
  };
}
