// Owns what the command answers to the shell: one number for each way that a run can end. Pure; who
// ends the process is elsewhere.
import type { Report } from '../index.js';

/** The ways that a run can end. */
export type Ending = 'done' | 'failed' | 'unusable' | StopSignal;

/** The signals that end a run tidily. */
export type StopSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/**
 * The exit code of each ending; a signal's is the one that a shell shows, 128 + its number. `done`
 * also when there was nothing to do; `failed`: something failed, everything else was still done;
 * `unusable`: it could not run at all.
 */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  unusable: 2,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const satisfies Record<Ending, number>;

/** How a run ended that ran to its end. */
export function endingOf(report: Report): Ending {
  return report.failures.length > 0 ? 'failed' : 'done';
}
