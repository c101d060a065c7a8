// Owns the ending by a signal: the run is told to stop, and the process then ends by that very signal,
// so that the shell sees what it expects and no encode has to be waited for, which nothing interrupts.
import { EXIT_CODES, type StopSignal } from './exit-code.js';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** How long a run may take to remove its temporary files: a user waits for the prompt. */
const GRACE_MS = 400;

/** Watches for the signals that end a run. */
export interface StopWatch {
  /** Aborts when the first signal arrives. */
  readonly signal: AbortSignal;
  /**
   * Ends the process by the signal that arrived, if one did. What it returns counts only where the
   * system takes its time over that.
   */
  readonly endIfStopped: () => StopSignal | undefined;
  /** Gives the signals back to the system. */
  readonly close: () => void;
}

/** @param beforeEnd - what to do at once when a signal arrives: restore the screen, say a word */
export function watchStopSignals(beforeEnd: (signal: StopSignal) => void): StopWatch {
  const controller = new AbortController();
  let arrived: StopSignal | undefined;
  const close = () => {
    for (const signal of STOP_SIGNALS) process.removeListener(signal, onSignal);
  };
  const end = (signal: StopSignal) => {
    close();
    // On Windows a process cannot end by a signal; the code that a shell would show stands for it.
    if (process.platform === 'win32') process.exit(EXIT_CODES[signal]);
    process.kill(process.pid, signal);
  };
  function onSignal(signal: NodeJS.Signals) {
    const stop = signal as StopSignal;
    if (arrived !== undefined) {
      end(stop);
      return;
    }
    arrived = stop;
    beforeEnd(stop);
    controller.abort(new Error(`ended by ${signal}`));
    setTimeout(end, GRACE_MS, stop).unref();
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    endIfStopped: () => {
      if (arrived !== undefined) end(arrived);
      return arrived;
    },
    close,
  };
}
