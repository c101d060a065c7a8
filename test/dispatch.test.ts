// Shows who is next within a budget of memory, by table and on random batches. Pure: no batch is run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Dispatch } from '../src/dispatch.js';

/** A batch, and the memory that it takes. */
interface Batch {
  readonly name: string;
  readonly bytes: number;
}

/** Batches by their memory, named by it and their place: `60a`, `50b`, … */
function batchesOf(...sizes: readonly number[]): Batch[] {
  return sizes.map((bytes, index) => ({
    name: `${bytes}${String.fromCharCode(97 + index)}`,
    bytes,
  }));
}

function dispatchOf(batches: readonly Batch[], budgetBytes: number): Dispatch<Batch> {
  return new Dispatch(batches, ({ bytes }) => bytes, budgetBytes);
}

/** A dispatch with takers that wait, and a note of all that was handed out, in order. */
class Desk {
  readonly handedOut: string[] = [];
  readonly #batches: readonly Batch[];
  readonly #dispatch: Dispatch<Batch>;

  constructor(budgetBytes: number, ...sizes: readonly number[]) {
    this.#batches = batchesOf(...sizes);
    this.#dispatch = dispatchOf(this.#batches, budgetBytes);
  }

  /** Takes as often as that; takers that have to wait note what they get when they get it. */
  take(times = 1): string[] {
    for (let time = 0; time < times; time += 1) {
      const next = this.#dispatch.take();
      if (next instanceof Promise) void next.then(this.#note);
      else this.#note(next);
    }
    return this.handedOut;
  }

  /** Gives back, and waits until whoever was woken by that has noted it. */
  async giveBack(name: string): Promise<string[]> {
    const batch = this.#batches.find((one) => one.name === name);
    assert.ok(batch !== undefined && this.handedOut.includes(name), name);
    this.#dispatch.giveBack(batch);
    await Promise.resolve();
    return this.handedOut;
  }

  readonly #note = (batch: Batch | undefined): void => {
    this.handedOut.push(batch?.name ?? 'end');
  };
}

describe('a dispatch', () => {
  it('hands out in order, at once, as long as the budget holds them all', () => {
    const batches = batchesOf(30, 10, 40, 20);
    const dispatch = dispatchOf(batches, 100);
    // Compared by identity: a promise would not be the batch.
    for (const batch of batches) assert.equal(dispatch.take(), batch);
    assert.equal(dispatch.take(), undefined);
  });

  it('of nothing is at its end at once', () => {
    assert.equal(dispatchOf([], 100).take(), undefined);
  });

  it('fills the budget to its last byte and no further', async () => {
    const desk = new Desk(100, 60, 40, 1);
    assert.deepEqual(desk.take(3), ['60a', '40b']);
    assert.deepEqual(await desk.giveBack('40b'), ['60a', '40b', '1c']);
  });

  it('makes a taker wait for memory, and wakes it when that is given back', async () => {
    const dispatch = dispatchOf(batchesOf(60, 60), 100);
    const first = dispatch.take();
    assert.ok(first !== undefined && !(first instanceof Promise));
    const second = dispatch.take();
    assert.ok(second instanceof Promise);
    dispatch.giveBack(first);
    assert.equal((await second)?.name, '60b');
  });

  it('wakes as many as there is memory for, in the order in which they came', async () => {
    const dispatch = dispatchOf(batchesOf(100, 30, 40, 50), 100);
    const first = dispatch.take();
    assert.ok(first !== undefined && !(first instanceof Promise));
    const woken: string[] = [];
    const waiting = ['one', 'two', 'three', 'four'].map(async (taker) => {
      woken.push(`${taker} ${(await dispatch.take())?.name ?? 'end'}`);
    });
    dispatch.giveBack(first);
    await Promise.all(waiting.slice(0, 2));
    assert.deepEqual(woken, ['one 30b', 'two 40c']);
  });

  it('tells all who wait that nothing is left, once the last batch is out and another back', async () => {
    const desk = new Desk(100, 60, 60);
    desk.take(4);
    assert.deepEqual(await desk.giveBack('60a'), ['60a', '60b', 'end', 'end']);
  });

  it('lets smaller ones go ahead of one that waits, the first that fits first', () => {
    const desk = new Desk(100, 70, 60, 50, 20, 30, 10);
    // 60b waits, and of the 100 it leaves 40; of these 30 are free.
    assert.deepEqual(desk.take(5), ['70a', '20d', '10f']);
  });

  it('lets nothing go ahead that the one that waits would then have to wait for', async () => {
    const desk = new Desk(100, 20, 90, 30, 10);
    // 80 are free, but beside 90b only 10 are.
    assert.deepEqual(desk.take(3), ['20a', '10d']);
    assert.deepEqual(await desk.giveBack('20a'), ['20a', '10d', '90b']);
  });

  it('counts together what went ahead, and no more once that is given back', async () => {
    const desk = new Desk(100, 50, 80, 10, 10, 10);
    assert.deepEqual(desk.take(4), ['50a', '10c', '10d']);
    // 10c has made its room free again, for the next to go ahead.
    assert.deepEqual(await desk.giveBack('10c'), ['50a', '10c', '10d', '10e']);
    assert.deepEqual(desk.take(), ['50a', '10c', '10d', '10e']);
    assert.deepEqual(await desk.giveBack('50a'), ['50a', '10c', '10d', '10e', '80b']);
  });

  it('hands out one that is larger than the budget alone, and lets nothing go ahead of it', async () => {
    const desk = new Desk(100, 10, 300, 1, 1);
    assert.deepEqual(desk.take(2), ['10a']);
    assert.deepEqual(await desk.giveBack('10a'), ['10a', '300b']);
    assert.deepEqual(desk.take(2), ['10a', '300b']);
    assert.deepEqual(await desk.giveBack('300b'), ['10a', '300b', '1c', '1d']);
  });

  it('hands out each batch once, and one after the other when each is larger than the budget', async () => {
    const desk = new Desk(0, 2, 2, 2);
    assert.deepEqual(desk.take(3), ['2a']);
    assert.deepEqual(await desk.giveBack('2a'), ['2a', '2b']);
    assert.deepEqual(await desk.giveBack('2b'), ['2a', '2b', '2c']);
  });
});

describe('every dispatch', () => {
  /** Takers that run whatever they are given, in a random order of endings. */
  const cases = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
    budget: fc.integer({ min: 0, max: 100 }),
    takers: fc.integer({ min: 1, max: 6 }),
    endings: fc.infiniteStream(fc.nat(1000)),
  });

  it('hands out each batch once, within the budget, and lets the first in line wait for none that came later', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, budget, takers, endings }) => {
        const batches = batchesOf(...sizes);
        const dispatch = dispatchOf(batches, budget);
        const handedOut = new Set<Batch>();
        const running: Batch[] = [];
        let idle = takers;
        /** The first in line, and those that were out when it became that: for these it may wait. */
        let head: Batch | undefined;
        let before: ReadonlySet<Batch> = new Set();
        const look = (): void => {
          const now = batches.find((batch) => !handedOut.has(batch));
          if (now !== head) before = new Set(running);
          head = now;
        };
        const start = (batch: Batch | undefined): void => {
          if (batch === undefined) return;
          assert.ok(!handedOut.has(batch), `${batch.name} was handed out twice`);
          handedOut.add(batch);
          running.push(batch);
          idle -= 1;
          const taken = running.reduce((sum, { bytes }) => sum + bytes, 0);
          assert.ok(taken <= budget || running.length === 1, `${taken} of ${budget}`);
          look();
        };
        look();
        for (let taker = 0; taker < takers; taker += 1) {
          const next = dispatch.take();
          if (next instanceof Promise) void next.then(start);
          else start(next);
        }
        while (running.length > 0) {
          const [batch] = running.splice((endings.next().value as number) % running.length, 1);
          assert.ok(batch !== undefined);
          idle += 1;
          dispatch.giveBack(batch);
          // Whoever was woken comes first, then the taker whose batch has ended.
          await Promise.resolve();
          const next = dispatch.take();
          if (next instanceof Promise) void next.then(start);
          else start(next);
          const mayWait =
            head === undefined || idle === 0 || running.some((one) => before.has(one));
          assert.ok(mayWait, `${head?.name ?? ''} waits for who came later`);
        }
        assert.deepEqual(handedOut, new Set(batches));
      }),
      { numRuns: 500 },
    );
  });
});
