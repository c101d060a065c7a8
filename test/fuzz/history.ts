// Owns the description of a case: a tree, several runs with their faults, and a last one that nothing
// disturbs. Plays nothing.
import fc from 'fast-check';
import type { ContentCoding } from '../../src/index.js';
import { NO_ZSTD } from '../support/capability.js';
import { faults, type Fault } from './faults.js';
import { options, type Chosen } from './options.js';
import type { Rendering } from './runs.js';
import { treeModels, type TreeModel } from './tree-model.js';

/** One run of a case. */
export interface Step {
  readonly chosen: Chosen;
  readonly dryRun: boolean;
  /** The ratio of the first plant's variant, so that the rule of keeping is asked at its very bound. */
  readonly exactRatio: ContentCoding | undefined;
  /** Whether its sidecars get other names before. */
  readonly isBackedUp: boolean;
  readonly fault: Fault;
  readonly rendering: Rendering;
}

/** A case. */
export interface History {
  readonly tree: TreeModel;
  /** One for all: what a run left where the next does not look is found by none. */
  readonly follow: boolean;
  /** Whether the processes are an ordinary user's, to whom the tree belongs. */
  readonly ordinary: boolean;
  readonly steps: readonly Step[];
  readonly last: Omit<Step, 'fault' | 'rendering' | 'dryRun'>;
}

const exactRatio = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  undefined,
  'gzip' as const,
  'br' as const,
  ...(NO_ZSTD === false ? ['zstd' as const] : []),
);

const isBackedUp = fc.constantFrom(false, false, false, true);

/** @param processIn - one step in so many has a process of its own */
export function histories(processIn: number, streamedIn: number): fc.Arbitrary<History> {
  return fc.record({
    tree: treeModels(streamedIn),
    follow: fc.constantFrom(false, false, true),
    ordinary: fc.constantFrom(false, true),
    steps: fc.array(
      fc.record({
        chosen: options,
        dryRun: fc.constantFrom(false, false, false, false, false, true),
        exactRatio,
        isBackedUp,
        fault: faults(processIn),
        rendering: fc.constantFrom<Rendering[]>(
          'json',
          'verbose',
          'verbose',
          'quiet',
          'no-progress',
        ),
      }),
      { minLength: 0, maxLength: 2 },
    ),
    last: fc.record({ chosen: options, exactRatio, isBackedUp }),
  });
}
