// Owns what is known of a run while it goes on, and what follows from that: how far it is and how long
// it will take. Pure: events and the time go in. An event costs little, as there may be 200,000.
import type { RunEvent } from '../index.js';
import { savedBytes } from './savings.js';

/** How far a run is. */
export interface ProgressView {
  readonly phase: 'scanning' | 'compressing' | 'finished';
  readonly sources: number;
  readonly settled: number;
  /** By bytes, with part of the credit for sources that are being encoded; 100 only when all is done. */
  readonly percent: number;
  readonly savedBytes: number;
  /** `undefined` while there is too little to judge by. */
  readonly timeLeftMs: number | undefined;
  /** The source that will take longest, once no other waits to be started. */
  readonly slowest: string | undefined;
}

interface Running {
  readonly sourceBytes: number;
  readonly startedAtMs: number;
}

/** Bytes per thread and millisecond that are assumed until a source has settled: brotli's quality 11. */
const ASSUMED_RATE = 600;
/** What must have been seen before a time left is told: of the run, and of work on settled sources. */
const MIN_ELAPSED_MS = 2000;
const MIN_WORK_MS = 500;

/** Follows a run by its events. Times are milliseconds of any one monotonic clock. */
export class ProgressState {
  #phase: ProgressView['phase'] = 'scanning';
  #sources = 0;
  #sourceBytes = 0;
  #threads = 1;
  #plannedAtMs = 0;
  #started = 0;
  #settled = 0;
  #settledBytes = 0;
  #savedBytes = 0;
  /** Work of which both bytes and time are known, for the rate. */
  #workBytes = 0;
  #workMs = 0;
  #percent = 0;
  readonly #running = new Map<string, Running>();

  update(event: RunEvent, nowMs: number): void {
    switch (event.type) {
      case 'scanned':
        break;
      case 'planned':
        this.#phase = 'compressing';
        this.#sources = event.sources;
        this.#sourceBytes = event.sourceBytes;
        this.#threads = Math.max(1, event.threads);
        this.#plannedAtMs = nowMs;
        break;
      case 'source-started':
        this.#started += 1;
        this.#running.set(event.relativePath, {
          sourceBytes: event.sourceBytes,
          startedAtMs: nowMs,
        });
        break;
      case 'source-settled':
        this.#running.delete(event.outcome.relativePath);
        this.#settled += 1;
        this.#settledBytes += event.sourceBytes;
        if (event.outcome.status === 'settled') {
          this.#savedBytes += savedBytes(event.outcome);
          this.#workBytes += event.sourceBytes;
          this.#workMs += event.outcome.durationMs;
        }
        break;
      case 'finished':
        this.#phase = 'finished';
        break;
    }
  }

  view(nowMs: number): ProgressView {
    const rate =
      this.#workMs > 0 && this.#workBytes > 0 ? this.#workBytes / this.#workMs : undefined;
    let partBytes = 0;
    let longestMs = 0;
    let slowest: string | undefined;
    for (const [relativePath, { sourceBytes, startedAtMs }] of this.#running) {
      const expectedMs = sourceBytes / (rate ?? ASSUMED_RATE);
      const credit = partOf(nowMs - startedAtMs, expectedMs);
      partBytes += credit * sourceBytes;
      const leftMs = (1 - credit) * expectedMs;
      if (leftMs > longestMs || slowest === undefined) slowest = relativePath;
      longestMs = Math.max(longestMs, leftMs);
    }
    this.#percent = Math.max(this.#percent, this.#percentAt(partBytes));
    const canJudge =
      nowMs - this.#plannedAtMs >= MIN_ELAPSED_MS &&
      this.#workMs >= MIN_WORK_MS &&
      this.#settled < this.#sources;
    const remainingBytes = this.#sourceBytes - this.#settledBytes - partBytes;
    return {
      phase: this.#phase,
      sources: this.#sources,
      settled: this.#settled,
      percent: this.#percent,
      savedBytes: this.#savedBytes,
      timeLeftMs:
        rate !== undefined && canJudge
          ? Math.max(remainingBytes / (rate * this.#threads), longestMs)
          : undefined,
      slowest: this.#started === this.#sources ? slowest : undefined,
    };
  }

  #percentAt(partBytes: number): number {
    if (this.#phase === 'scanning') return 0;
    if (this.#settled >= this.#sources) return 100;
    const share = (this.#settledBytes + partBytes) / Math.max(1, this.#sourceBytes);
    return Math.min(99, Math.floor(share * 100));
  }
}

/**
 * The part of a source that is probably done: the time spent over the time expected, up to nine
 * tenths; from there it only nears the whole, however long it takes.
 */
function partOf(elapsedMs: number, expectedMs: number): number {
  if (expectedMs <= 0) return 0;
  const part = elapsedMs / expectedMs;
  return part < 0.9 ? part : 1 - 0.1 * Math.exp((0.9 - part) / 0.1);
}
