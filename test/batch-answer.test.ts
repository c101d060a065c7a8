// Shows that outcomes are the same after their way between threads as numbers, each with the source that
// it belongs to, and that an answer which does not come out even is a defect and no outcome.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { packOutcomes, unpackOutcomes } from '../src/batch-answer.js';
import type { ContentCoding } from '../src/content-coding.js';
import { createFailure } from '../src/failure.js';
import type { SourceOutcome, VariantOutcome } from '../src/job.js';

const BOTH: readonly ContentCoding[] = ['gzip', 'br'];

/** What the main thread makes of what a worker sends. */
function sent(
  outcomes: readonly SourceOutcome[],
  contentCodings = BOTH,
  paths = outcomes.map(({ relativePath }) => relativePath),
): SourceOutcome[] {
  return unpackOutcomes(structuredClone(packOutcomes(outcomes)), paths, contentCodings);
}

function settled(relativePath: string, variants: readonly VariantOutcome[]): SourceOutcome {
  const numbers = { sourceBytes: 5000, durationMs: 1.25, savedMs: 40.5 };
  return { status: 'settled', relativePath, ...numbers, variants, stale: [] };
}

const br: ContentCoding = 'br';
const EVERY_FATE: readonly VariantOutcome[] = [
  { status: 'written', contentCoding: br, encodedBytes: 10, replaced: false },
  { status: 'written', contentCoding: br, encodedBytes: 10, replaced: true },
  { status: 'restored', contentCoding: br, encodedBytes: 10, replaced: false },
  { status: 'restored', contentCoding: br, encodedBytes: 10, replaced: true },
  { status: 'unchanged', contentCoding: br, encodedBytes: 10 },
  { status: 'discarded', contentCoding: br, encodedBytes: 5001, removed: false },
  { status: 'discarded', contentCoding: br, encodedBytes: 5001, removed: true },
  { status: 'failed', contentCoding: br, failure: createFailure('EISDIR', 'rename', '/a.br') },
];

describe('outcomes on their way between threads', () => {
  for (const variant of EVERY_FATE) {
    const { status, contentCoding, ...rest } = variant;
    it(`stay what they were: ${status} ${contentCoding} ${JSON.stringify(rest)}`, () => {
      assert.deepEqual(sent([settled('a', [variant])], [br]), [settled('a', [variant])]);
    });
  }

  it('are no numbers where a source failed', () => {
    const failure = createFailure('ENOENT', 'open', '/b');
    const outcomes: SourceOutcome[] = [
      settled('a', EVERY_FATE.slice(0, 1)),
      { status: 'failed', relativePath: 'b', failure },
      settled('c', EVERY_FATE.slice(5)),
      settled('d', EVERY_FATE.slice(2, 3)),
    ];
    assert.deepEqual(sent(outcomes, [br]), outcomes);
    assert.equal(packOutcomes(outcomes).inFull.length, 2);
  });

  it('are no numbers where a sidecar is stale, a source left out, or just checked', () => {
    const stale = [{ contentCoding: br, removed: true, failure: undefined }];
    const numbers = { sourceBytes: 5000, durationMs: 1, savedMs: 0 };
    const variants = EVERY_FATE.slice(2, 3);
    const outcomes: SourceOutcome[] = [
      settled('a', variants),
      { status: 'settled', relativePath: 'b', ...numbers, variants, stale },
      settled('c', variants),
      { status: 'left-out', relativePath: 'd', stale: [] },
      { status: 'left-out', relativePath: 'e', stale },
      {
        status: 'checked',
        relativePath: 'f',
        sourceBytes: 0,
        sidecars: [{ contentCoding: br, verdict: 'stale', isOn: true }],
      },
      settled('g', variants),
    ];
    assert.deepEqual(sent(outcomes, [br]), outcomes);
    assert.equal(packOutcomes(outcomes).inFull.length, 4);
  });

  it('may be fewer than the jobs of the batch, when the run has ended in the middle of it', () => {
    const outcomes = [settled('a', []), settled('b', [])];
    assert.deepEqual(sent(outcomes, [], ['a', 'b', 'c', 'd']), outcomes);
    assert.deepEqual(sent([], BOTH, ['a']), []);
  });

  it('hold sizes beyond 2^32, and times of nothing', () => {
    const outcome: SourceOutcome = {
      ...{ status: 'settled', relativePath: 'a', sourceBytes: 2 ** 52 + 1 },
      ...{ durationMs: 0, savedMs: 0, stale: [] },
      variants: [{ status: 'unchanged', contentCoding: br, encodedBytes: 2 ** 52 - 1 }],
    };
    assert.deepEqual(sent([outcome], [br]), [outcome]);
  });

  it('are the same for any batch, with one content-coding or two', () => {
    const arbitraryVariant = (contentCoding: ContentCoding): fc.Arbitrary<VariantOutcome> =>
      fc.constantFrom(...EVERY_FATE).map((variant) => ({ ...variant, contentCoding }));
    fc.assert(
      fc.property(fc.subarray([...BOTH], { minLength: 1 }), fc.gen(), (contentCodings, gen) => {
        const batch = gen(() =>
          fc.array(
            fc.record({
              relativePath: fc.string(),
              isFailed: fc.boolean(),
              variants: fc.tuple(...contentCodings.map(arbitraryVariant)),
            }),
          ),
        );
        const outcomes = batch.map(({ relativePath, isFailed, variants }): SourceOutcome =>
          isFailed
            ? { status: 'failed', relativePath, failure: createFailure('EIO', 'read', '/x') }
            : settled(relativePath, variants),
        );
        assert.deepEqual(sent(outcomes, contentCodings), outcomes);
      }),
    );
  });

  it('that do not come out even are a defect', () => {
    const { numbers, inFull } = packOutcomes([settled('a', EVERY_FATE.slice(0, 1))]);
    const uneven = [
      { numbers: numbers.slice(0, -1), inFull },
      { numbers: Float64Array.of(-1), inFull },
    ];
    for (const answer of uneven) {
      assert.throws(() => unpackOutcomes(answer, ['a'], [br]), RangeError);
    }
    assert.throws(() => unpackOutcomes({ numbers, inFull }, [], [br]), RangeError);
    assert.throws(() => unpackOutcomes({ numbers, inFull }, ['a'], BOTH), RangeError);
  });
});
