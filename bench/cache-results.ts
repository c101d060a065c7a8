// Owns the shape of the results of the benchmark of the cache, and what follows from raw figures: ratios
// of the same round, and whether targets are met. Pure: it knows no process and no file.
import type { Machine } from './machine.js';
import { median, pairedRatio, type Spread, spread } from './statistics.js';

/** What is run: each time of a round stands beside the others of the same round. */
export type CacheRunName =
  /** Everything is encoded, without a cache. */
  | 'cold-off'
  /** Everything is encoded, and added to an empty cache. */
  | 'cold-on'
  /** Once more on the same tree: nothing is written. */
  | 'second'
  /** As `second`, after a source was written anew with the same bytes. */
  | 'touched'
  /** As `touched`, but with other bytes. */
  | 'changed'
  /** Into a tree without sidecars. */
  | 'restore'
  | 'check'
  /** Reading and hashing of the same sources in a process of its own. */
  | 'reading'
  /** `node -e 0`. */
  | 'bare';

/** CPU times in milliseconds, by run and round. */
export type CacheFigures = ReadonlyMap<CacheRunName, ReadonlyMap<number, number>>;

/** The steps of a layout: adding all, making ready to read, reading all. */
export type LayoutStep = 'add' | 'load' | 'read';

/** What a step took, without the start of its process. */
export interface LayoutAnswer {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** What a layout needed; the medians of its rounds. */
export interface LayoutResult {
  readonly name: string;
  readonly diskBytes: number;
  readonly steps: Readonly<Record<LayoutStep, LayoutAnswer>>;
}

/** The file that is changed. */
export interface ChangedFile {
  readonly relativePath: string;
  readonly bytes: number;
  /** CPU time of its encode, all content-codings together, in a process that is warm. */
  readonly encodeMs: number;
}

/** All that was found. */
export interface CacheResults {
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly threads: number;
  readonly workPlace: 'memory' | 'disk';
  readonly quick: boolean;
  readonly corpus: { readonly name: string; readonly files: number; readonly bytes: number };
  /** How many of its files are sources. */
  readonly sources: number;
  readonly figures: CacheFigures;
  readonly changedFile: ChangedFile;
  /** Of the machine, 0 to 1, as far as it is known: what others used during each run. */
  readonly othersShares: readonly number[];
  readonly layout: {
    readonly entries: number;
    readonly payloadBytes: number;
    readonly rounds: number;
    readonly results: readonly LayoutResult[];
  };
}

/** A figure that has a target, or is of use beside one that has. */
export interface Finding {
  readonly title: string;
  readonly unit: 'ratio' | 'percent' | 'ms';
  readonly found: Spread | undefined;
  /** At most; `undefined`: there is no target. */
  readonly target: number | undefined;
}

/** What follows from the figures. */
export function findingsOf({
  figures,
  changedFile,
}: Pick<CacheResults, 'figures' | 'changedFile'>) {
  const of = (name: CacheRunName) => figures.get(name) ?? new Map<number, number>();
  // Cold runs are measured in fewer rounds than others, so that not each has one beside it.
  const coldMs = constantLike(of('second'), median([...of('cold-off').values()]));
  const bare = of('bare');
  const encodeMs = constantLike(of('changed'), changedFile.encodeMs);
  const extra = difference(of('changed'), of('touched'));
  return [
    finding(
      'cold with the cache on ÷ off',
      'ratio',
      pairedRatio(of('cold-on'), of('cold-off')),
      1.02,
    ),
    finding('second run, share of cold', 'percent', pairedRatio(of('second'), coldMs), 0.03),
    finding(
      'second run ÷ reading and hashing',
      'ratio',
      pairedRatio(of('second'), of('reading')),
      4,
    ),
    finding(
      'the same without the start of Node.js in both',
      'ratio',
      pairedRatio(difference(of('second'), bare), difference(of('reading'), bare)),
    ),
    finding('one file changed: CPU beside the second run', 'ms', spread([...extra.values()])),
    finding('the same ÷ the encode of that file', 'ratio', pairedRatio(extra, encodeMs)),
    finding(
      'everything restored ÷ second run',
      'ratio',
      pairedRatio(of('restore'), of('second')),
      2,
    ),
    finding('`--check` ÷ second run', 'ratio', pairedRatio(of('check'), of('second'))),
  ];
}

/** Whether a target is met by the median; `undefined` when there is none, or no figure. */
export function isMet({ found, target }: Finding): boolean | undefined {
  return found === undefined || target === undefined ? undefined : found.median <= target;
}

function finding(
  title: string,
  unit: Finding['unit'],
  found: Spread | undefined,
  target?: number,
): Finding {
  return { title, unit, found, target };
}

/** `a - b` of the same round. */
function difference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): Map<number, number> {
  const both = [...a].flatMap(([round, figure]) => {
    const other = b.get(round);
    return other === undefined ? [] : [[round, figure - other] as const];
  });
  return new Map(both);
}

/** The same figure for each round. */
function constantLike(rounds: ReadonlyMap<number, number>, figure: number): Map<number, number> {
  return new Map([...rounds.keys()].map((round) => [round, figure]));
}
