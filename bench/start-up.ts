// Owns the measuring of starts: what bare Node.js costs, and our command when it has next to nothing to
// do. Knows nothing of corpora but ten files of one.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheOptionsOf } from './availability.js';
import type { StartUpRow } from './results.js';
import { pairedRatio, spread } from './statistics.js';
import { OUR_COMMAND } from './subjects.js';
import { timeCommand, type Timing } from './timing.js';
import { listFiles } from './tree.js';

/** How many starts are timed together: GNU time counts in steps of 10 ms, far too coarse for one. */
const STARTS = 5;

const BARE_NODE = 'node -e 0';

interface Start {
  readonly name: string;
  readonly argv: readonly string[];
  /** Whether it gets a fresh copy of the tree, as its last word. */
  readonly onTree: boolean;
}

/** Runs the words behind the number so many times, with the number of the run behind the folder. */
const LOOP = `
count=$1 folder=$2; shift 2
while [ "$count" -gt 0 ]; do
  if [ -n "$folder" ]; then "$@" "$folder/$count" >/dev/null || exit
  else "$@" >/dev/null || exit; fi
  count=$((count - 1))
done`;

/**
 * Makes a tree of ten small files, of 0.2 to 1 KB.
 *
 * @param corpus - the folder of the corpus of icons
 */
export function makeTree(corpus: string, folder: string): void {
  const icons = listFiles(corpus).filter((path) => path.startsWith('icons/'));
  for (const path of icons.slice(0, 10)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(corpus, path), join(folder, path));
  }
}

/**
 * Times starts, in turn, so many rounds.
 *
 * @param tree - ten small files; not written to
 * @param workFolder - where copies may be made
 * @param other - another build's command
 */
export function measureStartUp(
  tree: string,
  workFolder: string,
  rounds: number,
  other: string | undefined,
): StartUpRow[] {
  const starts = [
    { name: BARE_NODE, argv: [process.execPath, '-e', '0'], onTree: false },
    ...startsOf('wn-compress', OUR_COMMAND),
    ...(other === undefined ? [] : startsOf('the other build', other)),
  ];
  const figures = new Map(starts.map(({ name }) => [name, new Map<number, number>()]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const start of starts) {
      figures.get(start.name)?.set(round, timeStart(start, tree, join(workFolder, 'starts')));
    }
  }
  const bare = figures.get(BARE_NODE) ?? new Map<number, number>();
  return [...figures].flatMap(([name, byRound]) => {
    const cpuMs = spread([...byRound.values()]);
    const timesBareNode = pairedRatio(byRound, bare);
    return cpuMs && timesBareNode ? [{ name, cpuMs, timesBareNode }] : [];
  });
}

function startsOf(title: string, command: string): Start[] {
  const argv = [process.execPath, command];
  const onTree = [...argv, '--quiet', ...cacheOptionsOf(command)];
  return [
    { name: `${title} --version`, argv: [...argv, '--version'], onTree: false },
    { name: `${title} --help`, argv: [...argv, '--help'], onTree: false },
    { name: `${title}, ten small files`, argv: onTree, onTree: true },
  ];
}

/** Milliseconds of CPU time for one start. */
function timeStart({ argv, onTree }: Start, tree: string, folder: string): number {
  if (onTree) {
    for (let run = 1; run <= STARTS; run += 1) {
      cpSync(tree, join(folder, String(run)), { recursive: true });
    }
  }
  const { cpuMs } = timeTogether(argv, STARTS, onTree ? folder : '');
  rmSync(folder, { recursive: true, force: true });
  return cpuMs / STARTS;
}

/**
 * Runs a command several times, one after the other.
 *
 * @param folder - each time another folder in it, `1` to `count`, is its last word; none for ''
 * @returns the sum of all
 */
export function timeTogether(argv: readonly string[], count: number, folder = ''): Timing {
  return timeCommand(['sh', '-c', LOOP, 'sh', String(count), folder, ...argv]);
}
