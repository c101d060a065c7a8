// Owns the run of a plan from its first worker thread to its last, and its end when it is aborted: nothing
// half written is left, however that comes.
import { dirname } from 'node:path';
import { AbortError } from './errors.js';
import type { Failure } from './failure.js';
import type { CodecSettings, SourceOutcome, WorkerSettings } from './job.js';
import { removeTemporaryFiles } from './leftovers.js';
import { threadsWithinMemory } from './memory.js';
import { openableFiles, threadsWithinFiles } from './open-files.js';
import type { ResolvedOptions } from './options.js';
import type { Plan } from './plan.js';
import { Pool } from './pool.js';
import { temporaryPrefix } from './temporary-file.js';
import { usableMemoryBytes } from './usable-memory.js';
import { WriteGate } from './write-gate.js';

/**
 * How long the end of a run waits for those who are writing. A sidecar is written in milliseconds;
 * on a disk that takes longer, what is half written is removed behind the writer's back.
 */
const WRITERS_TIMEOUT_MS = 250;

/** What workers are told of a run, but for what only this run of them has. */
export type WorkSettings = Omit<WorkerSettings, 'temporaryPrefix' | 'gate'>;

/** What came of it. */
export interface PlanResult {
  readonly outcomes: readonly SourceOutcome[];
  /** Why not all was added to the cache, if so. */
  readonly cacheFailure: Failure | undefined;
}

/** As many threads as are wanted, and there are work, memory and open files for. */
export function threadsFor({ batches }: Plan, wanted: number): number {
  if (batches.length === 0) return 0;
  const threads = threadsWithinMemory(Math.min(wanted, batches.length), usableMemoryBytes());
  return threadsWithinFiles(threads, openableFiles());
}

/**
 * Runs a plan on a pool of its own.
 *
 * @throws AbortError when the signal says so; ThreadError; whatever `onEvent` throws
 */
export async function runPlan(
  { batches }: Plan,
  threads: number,
  settings: WorkSettings,
  { signal, onEvent }: Pick<ResolvedOptions, 'signal' | 'onEvent'>,
): Promise<PlanResult> {
  throwIfAborted(signal);
  if (threads === 0) return { outcomes: [], cacheFailure: undefined };
  const gate = new WriteGate();
  const prefix = temporaryPrefix();
  const pool = new Pool(threads, { ...settings, temporaryPrefix: prefix, gate: gate.memory });
  const outcomes: SourceOutcome[] = [];
  const running = pool.run(batches, {
    onStarted: (batch) => {
      for (const { relativePath, size } of batch) {
        onEvent?.({ type: 'source-started', relativePath, sourceBytes: size });
      }
    },
    onSettled: (source, outcome) => {
      outcomes.push(outcome);
      onEvent?.({ type: 'source-settled', outcome, sourceBytes: source.size });
    },
  });
  using abortion = new Abortion(signal);
  try {
    await Promise.race([running, abortion.promise]);
    await removeTemporaryFiles(pool.abandoned.map(folderOf), prefix);
    await pool.destroy();
    return { outcomes, cacheFailure: pool.cacheFailure };
  } catch (error) {
    pool.stop();
    gate.close();
    const haveLeft = await gate.waitForWriters(WRITERS_TIMEOUT_MS);
    if (!haveLeft) await removeTemporaryFiles(pool.abandoned.map(folderOf), prefix);
    // Not awaited: a thread in the middle of an encode cannot be ended before that is done.
    void Promise.allSettled([running, pool.destroy()]);
    throw error;
  }
}

/** The codec settings of the content-codings that are on. */
export function codecsOf(options: ResolvedOptions): CodecSettings[] {
  const codecs: CodecSettings[] = [];
  if (options.gzip) codecs.push({ contentCoding: 'gzip', level: options.gzipLevel });
  if (options.brotli) codecs.push({ contentCoding: 'br', quality: options.brotliQuality });
  if (options.zstd) codecs.push({ contentCoding: 'zstd', level: options.zstdLevel });
  return codecs;
}

function folderOf({ path }: { readonly path: string }): string {
  return dirname(path);
}

/** @throws AbortError when the signal was aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

/** A promise that rejects with an AbortError when a signal is aborted, and never settles else. */
class Abortion implements Disposable {
  readonly promise: Promise<never>;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.promise = new Promise((_resolve, reject) => {
      this.#onAbort = () => {
        reject(new AbortError(signal?.reason));
      };
      if (signal?.aborted === true) this.#onAbort();
      signal?.addEventListener('abort', this.#onAbort);
    });
  }

  [Symbol.dispose](): void {
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
