// Shows that on random trees, with random options and random faults, no source is touched, every sidecar is
// right and smaller, and nothing else changes. `TEST_FUZZ=seed:path` plays one case again, as a
// failure prints it; `TEST_FUZZ=seed` all cases of that seed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended } from '../cli/command.js';
import { figure, rounds } from '../support/soak.js';

const SHARD = fileURLToPath(new URL('shard.js', import.meta.url));

/** Half of them in each of two processes: the same cases on every machine. */
/** The same cases with every run of the tests: who changes something else is not to meet a new one. */
const USUAL_CASES = 240;
const USUAL_SEED = 543_729_886;

const CASES = rounds(USUAL_CASES, 10_000);
const SHARDS = 2;

const NOT_LINUX =
  process.platform !== 'linux' && 'it wants modes, limits and names as Linux has them';

const [given, path = ''] = (process.env['TEST_FUZZ'] ?? '').split(':');

/** How many cases a process plays: one that Node itself aborts is played again. */
const CASES_OF_PROCESS = 500;

/** Node 20 aborts now and then when a thread is ended, which is one of the faults. */
const NODE_FAULT = /close before init|IsGraphAsync must be used/;
const MAX_TRIES = 3;

type Counted = Record<string, number>;

/** Plays a share of the cases in one process after the other, and tells what they counted. */
async function playShard(seed: number, cases: number): Promise<Counted[]> {
  const counted: Counted[] = [];
  for (let done = 0; done < cases; done += CASES_OF_PROCESS) {
    const some = Math.min(CASES_OF_PROCESS, cases - done);
    counted.push(await playCases(seed + (done / CASES_OF_PROCESS) * SHARDS, some));
  }
  return counted;
}

/** Plays cases in a process, and tells what it counted. */
async function playCases(seed: number, cases: number, tries = 1): Promise<Counted> {
  const isolated = spawnSync('unshare', ['--mount', 'true']).status === 0;
  const node = [process.execPath, SHARD, String(seed), String(cases), path];
  const [program = '', ...words] = isolated ? ['unshare', '--mount', ...node] : node;
  const env = { ...process.env, TEST_FUZZ_MAY_MOUNT: isolated ? '1' : '0' };
  const { code, stdout, stderr } = await ended(spawn(program, words, { env }));
  if (NODE_FAULT.test(stderr) && tries < MAX_TRIES) return playCases(seed, cases, tries + 1);
  assert.equal(code, 0, stderr + stdout);
  return JSON.parse(stdout) as Counted;
}

describe('a random history of a tree', { skip: NOT_LINUX }, () => {
  it('leaves sources alone, sidecars right and nothing else changed, whatever befalls it', async () => {
    const drawn = CASES > USUAL_CASES ? randomInt(2 ** 30) : USUAL_SEED;
    const seed = given === undefined || given === '' ? drawn : Number(given);
    const shards = given === undefined || given === '' ? SHARDS : 1;
    const start = performance.now();
    const counted = await Promise.all(
      Array.from({ length: shards }, (_, index) =>
        playShard(seed + index, Math.ceil(CASES / SHARDS)),
      ),
    );
    const sum = (...names: string[]): number =>
      counted
        .flat()
        .flatMap((one) => names.map((name) => one[name] ?? 0))
        .reduce((a, b) => a + b, 0);
    const number = (...names: string[]): string => sum(...names).toLocaleString('en');
    assert.ok(path !== '' || sum('sidecars') > sum('cases') / 2, 'hardly a sidecar was made');
    const seconds = Math.round((performance.now() - start) / 1000);
    const parts = [
      `${number('cases')} cases (seeds from ${seed}, ${seconds} s)`,
      `${number('runs')} runs`,
      `${number('sidecars')} sidecars`,
      `${number('SIGKILL')} with a kill`,
      `${number('SIGINT', 'SIGTERM', 'SIGHUP', 'abort')} stopped`,
      `${number('thread dies')} with a dying thread`,
      `${number('edits')} disturbed`,
      `${number('twice', 'two commands')} twice at once`,
      `${number('full disk', 'limit')} on a full disk or under a limit`,
      `${number('cache')} with a harmed cache`,
    ];
    figure('fuzz', parts.join(', '));
  });
});
