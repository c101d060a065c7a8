// Owns who is next: batches go out in the order of the plan, but a large one waits while the memory of
// the run is taken, and smaller ones go before it as long as that does not keep it waiting. Pure.

/** Hands out batches within a budget of memory. */
export class Dispatch<T> {
  readonly #batches: readonly T[];
  readonly #bytes: ReadonlyMap<T, number>;
  readonly #budgetBytes: number;
  readonly #isOut: boolean[];
  readonly #waiting: ((batch: T | undefined) => void)[] = [];
  /** Index of the first batch that was not handed out. */
  #first = 0;
  /** Memory of the batches that are out. */
  #takenBytes = 0;
  /** Of these, what went before the batch that waits. */
  readonly #ahead = new Set<T>();
  #aheadBytes = 0;

  /**
   * @param batches - in the order in which they are to go out
   * @param memoryOf - bytes that a batch takes while it is out
   * @param budgetBytes - what may be taken at once. A batch that needs more goes out alone.
   */
  constructor(batches: readonly T[], memoryOf: (batch: T) => number, budgetBytes: number) {
    this.#batches = batches;
    this.#bytes = new Map(batches.map((batch) => [batch, memoryOf(batch)]));
    this.#budgetBytes = budgetBytes;
    this.#isOut = new Array<boolean>(batches.length).fill(false);
  }

  /** The next batch; a promise of it when there is no memory for one yet; `undefined` at the end. */
  take(): T | undefined | Promise<T | undefined> {
    const batch = this.#next();
    if (batch !== undefined || this.#isEmpty) return batch;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes back the memory of a batch that was handed out. */
  giveBack(batch: T): void {
    this.#takenBytes -= this.#memoryOf(batch);
    if (this.#ahead.delete(batch)) this.#aheadBytes -= this.#memoryOf(batch);
    while (this.#waiting.length > 0) {
      const next = this.#next();
      if (next === undefined && !this.#isEmpty) return;
      this.#waiting.shift()?.(next);
    }
  }

  #memoryOf(batch: T): number {
    return this.#bytes.get(batch) ?? 0;
  }

  get #isEmpty(): boolean {
    return this.#first >= this.#batches.length;
  }

  #next(): T | undefined {
    if (this.#isEmpty) return undefined;
    const head = this.#batches[this.#first];
    if (head === undefined) return undefined;
    const headBytes = this.#memoryOf(head);
    if (this.#takenBytes === 0 || this.#takenBytes + headBytes <= this.#budgetBytes) {
      return this.#handOut(this.#first, head);
    }
    // What goes ahead leaves room for the head, so that it waits for nobody who came later.
    const room = Math.min(
      this.#budgetBytes - this.#takenBytes,
      this.#budgetBytes - headBytes - this.#aheadBytes,
    );
    for (let index = this.#first + 1; index < this.#batches.length; index += 1) {
      const batch = this.#batches[index];
      if (batch === undefined || this.#isOut[index] === true || this.#memoryOf(batch) > room) {
        continue;
      }
      this.#ahead.add(batch);
      this.#aheadBytes += this.#memoryOf(batch);
      return this.#handOut(index, batch);
    }
    return undefined;
  }

  #handOut(index: number, batch: T): T {
    this.#isOut[index] = true;
    if (index === this.#first) {
      // Whoever is first now waits for all that is out, and for nobody else.
      this.#ahead.clear();
      this.#aheadBytes = 0;
    }
    while (this.#isOut[this.#first] === true) this.#first += 1;
    this.#takenBytes += this.#memoryOf(batch);
    return batch;
  }
}
