// Owns what befalls the runs of a case: the faults that are drawn. Every time is drawn with the case, so
// that it comes again with the seed.
import fc from 'fast-check';
import { content, type Content } from './tree-model.js';

/**
 * When something happens: so long after the start, so long after a thread has loaded and begins its work,
 * or in the middle of an event of the run.
 */
export type Moment =
  { readonly ms: number } | { readonly workMs: number } | { readonly event: number };

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
const CACHE_HARM = ['removed', 'damaged', 'cut', 'a file'] as const;

/** One of these. */
export type CacheHarm = (typeof CACHE_HARM)[number];

/** What befalls a run. The first group needs no process of its own. */
export type Fault =
  | { readonly type: 'none' | 'twice' }
  | { readonly type: 'abort' | 'thread dies'; readonly at: Moment }
  | { readonly type: 'edits'; readonly edits: readonly Edit[]; readonly isSlow: boolean }
  | { readonly type: 'cache'; readonly harm: CacheHarm; readonly at: Moment }
  | { readonly type: 'full disk'; readonly freeBytes: number }
  | { readonly type: 'command' | 'two commands' }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly afterMs: number }
  | {
      readonly type: 'limit';
      readonly resource: 'nofile' | 'fsize' | 'as';
      readonly value: number;
    };

const moment: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ ms: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ workMs: fc.integer({ min: 0, max: 40 }) }) },
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
    arbitrary: fc.record({
      type: fc.constant('edits' as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
      // What is edited is large, and takes as long to encode as the edits are apart.
      isSlow: fc.boolean(),
    }),
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
  {
    weight: 1,
    arbitrary: fc.constantFrom({ type: 'command' as const }, { type: 'two commands' as const }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('signal' as const),
      signal: fc.constantFrom<NodeJS.Signals[]>(
        'SIGKILL',
        'SIGKILL',
        'SIGINT',
        'SIGTERM',
        'SIGHUP',
      ),
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
