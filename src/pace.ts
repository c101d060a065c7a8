// Owns the rhythm of long synchronous work on the main thread: when to let the event loop turn, and
// when to stop because the run was aborted. Knows nothing of the work itself.
import { setImmediate } from 'node:timers/promises';
import { AbortError } from './errors.js';

/** The event loop is held no longer than this: progress and signals must come through. */
const SLICE_MS = 20;

/** Lets the event loop turn during long work, and ends the work when the signal says so. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #startedMs = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether it is time to rest. */
  isDue(): boolean {
    return performance.now() - this.#startedMs > SLICE_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.check();
    this.#startedMs = performance.now();
  }

  /** @throws AbortError when the signal says so */
  check(): void {
    if (this.#signal?.aborted === true) throw new AbortError(this.#signal.reason);
  }
}
