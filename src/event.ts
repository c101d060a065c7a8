// Owns the events by which a run tells what it is doing. Reporters are functions of these alone, so
// that nothing in the library prints.
import type { SourceOutcome } from './job.js';
import type { Report } from './report.js';

/** What a run tells its `onEvent` listener, in this order: `source-started` and `source-settled` once for each source. */
export type RunEvent =
  | {
      /** The tree was listed. */
      readonly type: 'scanned';
      /** Files that may be compressed, before the rules of size. */
      readonly sources: number;
      readonly durationMs: number;
    }
  | {
      /** The work is known: what follows is this many sources and bytes. */
      readonly type: 'planned';
      readonly sources: number;
      readonly sourceBytes: number;
      /** Worker threads that will be used; fewer than asked for when there is less to do. */
      readonly threads: number;
    }
  | {
      /** A source was handed to a worker thread, alone or in a batch of small ones. */
      readonly type: 'source-started';
      readonly relativePath: string;
      readonly sourceBytes: number;
    }
  | {
      readonly type: 'source-settled';
      readonly outcome: SourceOutcome;
      /** The size that the plan counted for this source. */
      readonly sourceBytes: number;
    }
  | {
      readonly type: 'finished';
      readonly report: Report;
    };
