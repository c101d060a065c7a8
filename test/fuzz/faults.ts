// Owns what befalls the runs of a case: the faults that are drawn, and the changes that others make to a
// tree while a run reads it. Every time is drawn with the case, so that it comes again with the seed.
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { codeOf } from '../../src/failure.js';
import type { Bounds } from './bounds.js';
import type { Sandbox } from './sandbox.js';
import { lookAt } from './snapshot.js';
import { bytesOf, content, type Content, type TreeModel } from './tree-model.js';

/** When something happens: so long after the start, or in the middle of an event of the run. */
export type Moment = { readonly ms: number } | { readonly event: number };

/** What is done to a source. */
const SOURCE_EDITS = [
  'append',
  'overwrite',
  'replace',
  'truncate',
  'delete',
  'become a link',
  'become a folder',
  'touch',
  'forbid',
] as const;

/** What is done at the name of a sidecar. */
const SIDECAR_EDITS = ['plant', 'plant a link', 'remove'] as const;

/** A change by another program while a run is under way. */
export interface Edit {
  readonly at: Moment;
  readonly what: (typeof SOURCE_EDITS)[number] | (typeof SIDECAR_EDITS)[number];
  /** The number of a plant. */
  readonly plant: number;
  readonly suffix: string;
  readonly content: Content;
}

/** What becomes of the cache. */
export const CACHE_HARM = ['removed', 'damaged', 'cut', 'a file'] as const;

/** What befalls a run. The first group needs no process of its own. */
export type Fault =
  | { readonly type: 'none' | 'twice' }
  | { readonly type: 'abort' | 'thread dies'; readonly at: Moment }
  | { readonly type: 'edits'; readonly edits: readonly Edit[] }
  | { readonly type: 'cache'; readonly harm: (typeof CACHE_HARM)[number]; readonly at: Moment }
  | { readonly type: 'full disk'; readonly freeBytes: number }
  | { readonly type: 'command' | 'two commands' }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly afterMs: number }
  | { readonly type: 'limit'; readonly resource: 'nofile' | 'fsize' | 'as'; readonly value: number };

const moment: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ ms: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ event: fc.nat(8) }) },
);

const edit: fc.Arbitrary<Edit> = fc.record({
  at: moment,
  what: fc.constantFrom(...SOURCE_EDITS, ...SIDECAR_EDITS),
  plant: fc.nat(7),
  suffix: fc.constantFrom('.gz', '.br'),
  content,
});

const withoutProcess: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'none' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'twice' as const }) },
  {
    weight: 4,
    arbitrary: fc
      .array(edit, { minLength: 1, maxLength: 4 })
      .map((edits) => ({ type: 'edits' as const, edits })),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('abort' as const, 'thread dies' as const),
      at: moment,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('cache' as const),
      harm: fc.constantFrom(...CACHE_HARM),
      at: moment,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('full disk' as const),
      freeBytes: fc.constantFrom(0, 4096, 8192, 20_480),
    }),
  },
);

const withProcess: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom({ type: 'command' as const }, { type: 'two commands' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('signal' as const),
      signal: fc.constantFrom<NodeJS.Signals[]>('SIGKILL', 'SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'),
      afterMs: fc.integer({ min: 30, max: 220 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      ...(
        [
          // With fewer than 40, Node cannot load the command.
          ['nofile', [40, 42, 46, 52, 64]],
          ['fsize', [0, 100, 1000, 4096]],
          ['as', [700, 1000, 1500, 2000, 3000].map((mebibytes) => mebibytes * 2 ** 20)],
        ] as const
      ).map(([resource, values]) =>
        fc.record({
          type: fc.constant('limit' as const),
          resource: fc.constant(resource),
          value: fc.constantFrom<number[]>(...values),
        }),
      ),
    ),
  },
);

/** @param processIn - one fault in so many needs a process, which takes several times as long */
export function faults(processIn: number): fc.Arbitrary<Fault> {
  return fc.oneof(
    { weight: processIn - 1, arbitrary: withoutProcess },
    { weight: 1, arbitrary: withProcess },
  );
}

/** Does what another program would do, and tells the bounds of it. What is not possible is left. */
export function apply(one: Edit, model: TreeModel, sandbox: Sandbox, bounds: Bounds): void {
  const plant = model.plants[one.plant % model.plants.length];
  if (plant === undefined) return;
  const path = sandbox.pathOf(plant);
  // What is called like a sidecar may be about to be written by the run.
  if (!lstatOf(path)?.isFile() || lstatOf(path)?.nlink !== 1 || /\.(gz|br|zst)$/.test(path)) return;
  try {
    if (one.what === 'plant' || one.what === 'plant a link' || one.what === 'remove') {
      editSidecar(one, path + one.suffix, sandbox, bounds);
    } else {
      editSource(one, path, sandbox);
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  bounds.expect(path);
}

function editSource({ what, content: drawn }: Edit, path: string, sandbox: Sandbox): void {
  const bytes = bytesOf(drawn);
  const { size } = lstatSync(path);
  // A change that keeps the size is seen by its time alone, which has the grain of the system's clock.
  const other = bytes.length === size ? Buffer.concat([bytes, Buffer.from('.')]) : bytes;
  switch (what) {
    case 'append':
      appendFileSync(path, 'one more line\n');
      break;
    case 'overwrite':
      writeFileSync(path, other);
      break;
    case 'replace': {
      const beside = join(sandbox.path, 'beside');
      writeFileSync(beside, other);
      renameSync(beside, path);
      break;
    }
    case 'truncate':
      truncateSync(path, size >> 1);
      break;
    case 'touch':
      utimesSync(path, 1e9, 1e9);
      break;
    case 'forbid':
      chmodSync(path, 0o600);
      break;
    default:
      rmSync(path);
      if (what === 'become a link') symlinkSync(join(sandbox.outside, 'file.js'), path);
      if (what === 'become a folder') mkdirSync(path);
  }
}

function editSidecar(
  { what, content: drawn }: Edit,
  path: string,
  sandbox: Sandbox,
  bounds: Bounds,
): void {
  const stats = lstatOf(path);
  if (stats !== undefined && !stats.isFile() && !stats.isSymbolicLink()) return;
  if (what === 'remove') {
    bounds.loosen(path, undefined);
    rmSync(path, { force: true });
    return;
  }
  // Made elsewhere and moved, so that it is whole when a run comes upon it.
  const beside = join(sandbox.path, 'beside');
  rmSync(beside, { force: true });
  if (what === 'plant') writeFileSync(beside, bytesOf(drawn));
  else symlinkSync(join(sandbox.outside, 'file.js'), beside);
  const look = lookAt(beside);
  bounds.loosen(path, look);
  if (basename(path).length < 250 && lstatOf(dirname(path)) !== undefined) renameSync(beside, path);
  else rmSync(beside);
}

/** Harms a cache in a way that no run does. */
export function harmCache(folder: string, harm: (typeof CACHE_HARM)[number]): void {
  if (harm === 'removed' || harm === 'a file') rmSync(folder, { recursive: true, force: true });
  if (harm === 'a file') writeFileSync(folder, 'no folder');
  if (harm === 'removed' || harm === 'a file') return;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    try {
      if (!lstatSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      if (harm === 'cut') truncateSync(path, bytes.length >> 1);
      else writeFileSync(path, bytes.map((byte, at) => (at % 97 === 13 ? byte ^ 0x41 : byte)));
    } catch (error) {
      // A run that ends tidies up.
      if (codeOf(error) === undefined) throw error;
    }
  }
}

function lstatOf(path: string): ReturnType<typeof lstatSync> | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
