// Owns the worker threads: hands them the batches of a plan in order, never more at once than there
// are threads, and survives a thread that dies. The only user of piscina.
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { unpackOutcomes } from './batch-answer.js';
import { Dispatch } from './dispatch.js';
import { ThreadError } from './errors.js';
import { codeOf, createFailure, type Failure } from './failure.js';
import type { BatchAnswer, Job, SourceOutcome, WorkerSettings } from './job.js';
import { encodeMemoryBytes, memoryBudgetBytes } from './memory.js';
import { usableMemoryBytes } from './usable-memory.js';

/** What a pool tells while it runs. */
export interface PoolListener<T extends SizedJob> {
  /** A batch was handed to a thread. */
  readonly onStarted: (batch: readonly T[]) => void;
  /** One source of it has its outcome. */
  readonly onSettled: (source: T, outcome: SourceOutcome) => void;
}

/** A job, and how large its source is. */
export type SizedJob = Job & { readonly size: number };

/** The built worker: this module is compiled to dist/src/, the worker to dist/workers/. */
const WORKER_URL = new URL('../workers/compress.js', import.meta.url);

/**
 * What V8 may use for new objects in each thread, in MB. A worker's garbage is small, since buffers lie
 * elsewhere: with this in place of the default, a run on 100,000 files took 20 MB less for each thread.
 */
const YOUNG_GENERATION_MB = 8;

/** How long threads may take to end by themselves, when a run is ended before its time. */
const ANSWERS_TIMEOUT_MS = 1000;

/** The worker threads of one run. */
export class Pool {
  readonly #piscina: Piscina<readonly Job[], BatchAnswer>;
  readonly #threads: number;
  readonly #budgetBytes: number;
  readonly #codecs: WorkerSettings['codecs'];
  readonly #running = new Set<readonly Job[]>();
  #isStopped = false;
  /** Batches whose thread died: temporary files of theirs may be left. */
  readonly #deserted: (readonly Job[])[] = [];
  #cacheFailure: Failure | undefined;
  /** What gives up each batch that waits for its answer. */
  readonly #giveUps = new Set<(error: ThreadError) => void>();
  /** What threads are at, their answers to come. */
  readonly #answers = new Set<Promise<BatchAnswer>>();
  /** Threads that have said nothing yet. */
  readonly #loading = new Set<Worker>();

  /**
   * Starts `threads` threads, each of which is given the settings once.
   *
   * @param budgetBytes - of memory, for all encodes together
   * @throws ThreadError when that many cannot be started
   */
  constructor(
    threads: number,
    settings: WorkerSettings,
    budgetBytes = memoryBudgetBytes(threads, usableMemoryBytes()),
  ) {
    this.#threads = threads;
    this.#budgetBytes = budgetBytes;
    this.#codecs = settings.codecs;
    try {
      this.#piscina = new Piscina<readonly Job[], BatchAnswer>({
        filename: WORKER_URL.href,
        minThreads: threads,
        maxThreads: threads,
        workerData: settings,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
        recordTiming: false,
      });
    } catch (error) {
      throw new ThreadError(threads, error);
    }
    // A thread that dies while it has no work is replaced; without a listener it would end the process.
    this.#piscina.on('error', () => undefined);
    // Told of before piscina has put another in its place, or has decided not to.
    this.#piscina.on('workerDestroy', () => setImmediate(this.#endWithoutThreads));
    for (const thread of this.#piscina.threads) this.#watchLoading(thread);
  }

  /**
   * Runs all batches, in order as far as memory allows (see dispatch.ts), and settles when each source
   * has its outcome. A source whose thread died comes out as failed (`EWORKER`); the others of its
   * batch are tried again one by one.
   */
  async run<T extends SizedJob>(
    batches: readonly (readonly T[])[],
    listener: PoolListener<T>,
  ): Promise<void> {
    // The first of a batch is its largest, and one is encoded after the other.
    const memoryOf = (batch: readonly T[]): number =>
      encodeMemoryBytes(batch[0]?.size ?? 0, this.#codecs);
    const dispatch = new Dispatch(batches, memoryOf, this.#budgetBytes);
    const lane = async (): Promise<void> => {
      for (;;) {
        const next = dispatch.take();
        const batch = next instanceof Promise ? await next : next;
        if (batch === undefined) return;
        try {
          if (this.#isStopped) return;
          listener.onStarted(batch);
          await this.#runBatch(batch, listener);
        } catch (error) {
          // The run has failed: what others hand out from here on would be work for nothing.
          this.stop();
          throw error;
        } finally {
          // Whatever happened, others may wait for its memory, and are to end as well.
          dispatch.giveBack(batch);
        }
      }
    };
    await Promise.all(Array.from({ length: this.#threads }, lane));
  }

  /** The sources that were being worked on when the pool was stopped or their thread died. */
  get abandoned(): readonly Job[] {
    return [...this.#deserted, ...this.#running].flat();
  }

  /** Why a thread has stopped to add to the cache, if one has. */
  get cacheFailure(): Failure | undefined {
    return this.#cacheFailure;
  }

  /** Hands out no more batches. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Ends all threads. One that is in the middle of an encode ends when that does, not before. */
  async destroy(): Promise<void> {
    this.stop();
    // Node 20 may abort the whole process when a thread is ended while it loads its modules: "FATAL ERROR:
    // v8::Module::IsGraphAsync must be used on an instantiated module".
    await Promise.all(Array.from(this.#loading, firstWord));
    // Likewise when it is just making an encoder: "Assertion failed: init_done_ && close before init". What is
    // small ends by itself, since nothing may be written any more; what is not is within its encoder.
    const answers = Promise.allSettled(this.#answers);
    await Promise.race([answers, delay(ANSWERS_TIMEOUT_MS, undefined, { ref: false })]);
    await this.#piscina.destroy();
  }

  #watchLoading(thread: Worker): void {
    this.#loading.add(thread);
    const done = (): void => {
      this.#loading.delete(thread);
    };
    thread.once('message', done).once('exit', done);
  }

  async #runBatch<T extends SizedJob>(
    batch: readonly T[],
    listener: PoolListener<T>,
  ): Promise<void> {
    const jobs = batch.map(toJob);
    this.#running.add(jobs);
    let answer: BatchAnswer;
    try {
      answer = await this.#answerTo(jobs);
    } catch (error) {
      if (this.#isStopped) return;
      if (error instanceof ThreadError) throw error;
      if (codeOf(error) === 'ERR_WORKER_INIT_FAILED') throw new ThreadError(this.#threads, error);
      this.#deserted.push(jobs);
      // piscina starts no new thread in place of one that could not even load the worker.
      if (this.#piscina.threads.length === 0) {
        throw new ThreadError(this.#threads, error);
      }
      await this.#runSurvivors(batch, listener);
      return;
    } finally {
      this.#running.delete(jobs);
    }
    if ('defect' in answer) throw answer.defect;
    this.#cacheFailure ??= answer.cacheFailure;
    if (this.#isStopped) return;
    const paths = jobs.map(({ relativePath }) => relativePath);
    const codings = this.#codecs.map(({ contentCoding }) => contentCoding);
    for (const [index, outcome] of unpackOutcomes(answer, paths, codings).entries()) {
      const source = batch[index];
      if (source !== undefined) listener.onSettled(source, outcome);
    }
  }

  /** @throws ThreadError when no thread is left that could answer */
  async #answerTo(jobs: readonly Job[]): Promise<BatchAnswer> {
    let giveUp: (error: ThreadError) => void = () => undefined;
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = reject;
    });
    this.#giveUps.add(giveUp);
    const answer = this.#piscina.run(jobs);
    this.#answers.add(answer);
    try {
      return await Promise.race([answer, givenUp]);
    } finally {
      this.#giveUps.delete(giveUp);
      this.#answers.delete(answer);
    }
  }

  /**
   * piscina starts no new thread in place of one that ended while it was loading, and what waits for a thread
   * then waits for ever.
   */
  readonly #endWithoutThreads = (): void => {
    if (this.#isStopped || this.#piscina.threads.length > 0) return;
    const error = new ThreadError(this.#threads, new Error('they end while they are loading'));
    for (const giveUp of this.#giveUps) giveUp(error);
  };

  async #runSurvivors<T extends SizedJob>(
    batch: readonly T[],
    listener: PoolListener<T>,
  ): Promise<void> {
    const [first, ...others] = batch;
    if (first === undefined) return;
    if (others.length === 0) {
      const { path, relativePath } = first;
      const failure = createFailure('EWORKER', 'encode', path);
      listener.onSettled(first, { status: 'failed', relativePath, failure });
      return;
    }
    for (const source of batch) {
      if (!this.#isStopped) await this.#runBatch([source], listener);
    }
  }
}

/** Settles when a thread has loaded, which it says by its first message, or has ended. */
function firstWord(thread: Worker): Promise<void> {
  // An idle one does not keep the process, which would end before this settles.
  thread.ref();
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    thread.once('message', done).once('exit', done);
  });
}

/** Just what a worker is told: sources carry more, and most of them none of what may be missing. */
function toJob(source: Job): Job {
  const { path, relativePath, sidecars, excludedSidecars = [], isLeftOut = false } = source;
  const job = { path, relativePath, sidecars };
  if (excludedSidecars.length === 0 && !isLeftOut) return job;
  return { ...job, excludedSidecars, isLeftOut };
}
