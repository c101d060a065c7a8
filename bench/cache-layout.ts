// Owns the measuring of two layouts of a cache, step by step, each in a process of its own. Knows nothing
// of what a layout does.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheResults, LayoutAnswer, LayoutResult, LayoutStep } from './cache-results.js';
import { BenchError } from './errors.js';
import { layoutEntries, type LayoutName } from './layout.js';
import { REPOSITORY } from './places.js';
import { median } from './statistics.js';
import { timeCommand } from './timing.js';

const SCRIPT = join(REPOSITORY, 'dist/bench/layout-process.js');

/** Each begins with what the one before it left. */
const STEPS: readonly LayoutStep[] = ['add', 'load', 'read'];

const TITLES: Readonly<Record<LayoutName, string>> = {
  ours: 'the cache',
  files: 'a file for each entry',
};

const NAMES = ['ours', 'files'] as const satisfies readonly LayoutName[];

/**
 * Measures the layouts in turn.
 *
 * @param folder - where they may write
 * @param say - told what was found, a line each
 */
export function measureLayouts(
  entries: number,
  rounds: number,
  folder: string,
  say: (line: string) => void,
): CacheResults['layout'] {
  const measured = NAMES.map((name) => ({ name, runs: [] as LayoutResult[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, runs } of round % 2 === 1 ? measured : measured.toReversed()) {
      const run = measureLayout(name, entries, join(folder, `layout-${name}`));
      runs.push(run);
      const times = STEPS.map((step) => `${step} ${run.steps[step].cpuMs.toFixed(0)} ms CPU`);
      say(`layout ${name} ${round}: ${times.join(', ')}`);
    }
  }
  const payloadBytes = layoutEntries(entries).reduce((sum, { encoded }) => sum + encoded.length, 0);
  return { entries, payloadBytes, rounds, results: measured.map(({ runs }) => middleOf(runs)) };
}

function measureLayout(name: LayoutName, entries: number, folder: string): LayoutResult {
  rmSync(folder, { recursive: true, force: true });
  try {
    const run = (step: LayoutStep): LayoutAnswer => {
      const { stdout } = timeCommand([process.execPath, SCRIPT, name, step, folder, `${entries}`]);
      return JSON.parse(stdout) as LayoutAnswer;
    };
    const add = run('add');
    const diskBytes = diskUsage(folder);
    const [load, read] = [run('load'), run('read')];
    return { name: TITLES[name], diskBytes, steps: { add, load, read } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function diskUsage(folder: string): number {
  const { status, stdout } = spawnSync('du', ['-s', '-B1', folder], { encoding: 'utf8' });
  const bytes = Number.parseInt(stdout, 10);
  if (status !== 0 || Number.isNaN(bytes)) throw new BenchError(`du cannot tell of ${folder}.`);
  return bytes;
}

function middleOf(runs: readonly LayoutResult[]): LayoutResult {
  const middle = (step: LayoutStep): LayoutAnswer => ({
    cpuMs: median(runs.map(({ steps }) => steps[step].cpuMs)),
    wallMs: median(runs.map(({ steps }) => steps[step].wallMs)),
  });
  return {
    name: runs[0]?.name ?? '',
    diskBytes: median(runs.map(({ diskBytes }) => diskBytes)),
    steps: { add: middle('add'), load: middle('load'), read: middle('read') },
  };
}
