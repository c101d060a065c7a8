// Owns the agreement between threads about writing: workers pass a gate to write, and whoever ends
// the run closes it and waits until the last writer has left. Knows nothing of what is written.
import { setTimeout as delay } from 'node:timers/promises';

/** Slots of the shared memory. */
const CLOSED = 0;
const WRITERS = 1;

/** How often a waiting thread looks again: short beside the half second that an interrupt may take. */
const POLL_MS = 10;

/** The gate of one run. Each thread makes its own over the same memory. */
export class WriteGate {
  readonly #state: Int32Array<SharedArrayBuffer>;

  /** @param memory - the run's shared memory; left out, the gate is new and open */
  constructor(readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.#state = new Int32Array(memory);
  }

  /** Whether the run has ended, so that nothing may be written any more. */
  get isClosed(): boolean {
    return Atomics.load(this.#state, CLOSED) === 1;
  }

  /**
   * Asks to write. The count goes up before the gate is looked at, and the closing thread looks at
   * the count after it has closed: so either it sees this writer, or this writer sees it closed.
   *
   * @throws RunEnded when the gate is closed; else the caller must `leave()`
   */
  enter(): void {
    Atomics.add(this.#state, WRITERS, 1);
    if (!this.isClosed) return;
    this.leave();
    throw new RunEnded();
  }

  /** Ends what `enter()` began: no temporary file of this writer is left. */
  leave(): void {
    Atomics.sub(this.#state, WRITERS, 1);
  }

  /** Lets nobody in any more. */
  close(): void {
    Atomics.store(this.#state, CLOSED, 1);
  }

  /**
   * Waits until no writer is inside.
   *
   * @returns whether that came true within `timeoutMs`; a worker that died inside never leaves
   */
  async waitForWriters(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (Atomics.load(this.#state, WRITERS) > 0) {
      if (performance.now() >= end) return false;
      await delay(POLL_MS);
    }
    return true;
  }

  /**
   * Awaits `work`, unless the gate closes first.
   *
   * @throws RunEnded when the gate closes, within about 10 ms
   */
  async unlessClosed<T>(work: Promise<T>): Promise<T> {
    const watch = new AbortController();
    const closed = async (): Promise<never> => {
      while (!this.isClosed) await delay(POLL_MS, undefined, { signal: watch.signal });
      throw new RunEnded();
    };
    try {
      return await Promise.race([work, closed()]);
    } finally {
      watch.abort();
    }
  }
}

/** Thrown in a worker when the run has ended; what the worker would have answered no one awaits. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}
