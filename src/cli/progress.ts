// Owns the showing of progress on stderr: which way, and when. Keeps no process alive, and leaves
// nothing behind once it is stopped.
import type { Ora } from 'ora';
import type { RunEvent } from '../index.js';
import { createStyle, type Style, wantsColor } from './color.js';
import type { Surroundings } from './main.js';
import { plainLine, terminalLine } from './progress-line.js';
import { ProgressState } from './progress-state.js';
import type { Rendering } from './rendering.js';

/** Shows a run while it goes on. */
export interface Progress {
  readonly report: (event: RunEvent) => void;
  /** Takes the progress off the screen. May be called more than once. */
  readonly stop: () => void;
}

/** Where progress goes and how. */
export interface ProgressContext {
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  readonly dryRun: boolean;
}

/** Runs that end before this show no spinner, and do not pay for loading it. */
const SPINNER_DELAY_MS = 150;
const SPINNER_INTERVAL_MS = 100;
/** How often a pipe or a CI log gets a line. */
const PLAIN_INTERVAL_MS = 5000;
/** Columns of the spinner before its text, and of the `^C` that a terminal may put behind it. */
const SPINNER_COLUMNS = 4;

/** Shows nothing. */
const NO_PROGRESS: Progress = { report: () => undefined, stop: () => undefined };

/** Whether a spinner can turn there: in a terminal that can move its cursor, and not in CI. */
export function canSpin(
  stream: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  // A terminal without a size says 0 columns, and ora would clear an infinite number of lines.
  const hasSize = (stream.columns ?? 0) > 0;
  return stream.isTTY === true && hasSize && env['TERM'] !== 'dumb' && env['CI'] === undefined;
}

/** The progress that is asked for, where there is a place for it. */
export function createProgress(
  { progress, color }: Rendering,
  dryRun: boolean,
  { stderr, env }: Surroundings,
): Progress {
  if (!progress) return NO_PROGRESS;
  const style = createStyle(wantsColor(stderr, env, color));
  const show = canSpin(stderr, env) ? spinnerProgress : plainProgress;
  return show({ stream: stderr, style, dryRun });
}

/** A line on stderr every few seconds, for a pipe or CI: none in a short run. */
export function plainProgress({ stream, dryRun }: ProgressContext): Progress {
  const state = new ProgressState();
  const timer = setInterval(() => {
    stream.write(`${plainLine(state.view(performance.now()), dryRun)}\n`);
  }, PLAIN_INTERVAL_MS).unref();
  return {
    report: (event) => {
      state.update(event, performance.now());
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** An ora spinner, for a terminal. */
export function spinnerProgress(context: ProgressContext): Progress {
  const { stream, dryRun } = context;
  const state = new ProgressState();
  const text = () =>
    terminalLine(state.view(performance.now()), (stream.columns || 80) - SPINNER_COLUMNS, dryRun);
  let isStopped = false;
  let spinner: Ora | undefined;
  let refresh: NodeJS.Timeout | undefined;
  const delay = setTimeout(() => {
    void createSpinner(context).then((created) => {
      // The run may have ended while ora was loading.
      if (isStopped) return;
      spinner = created.start(text());
      refresh = setInterval(() => {
        created.text = text();
      }, SPINNER_INTERVAL_MS).unref();
    });
  }, SPINNER_DELAY_MS).unref();
  return {
    report: (event) => {
      state.update(event, performance.now());
    },
    stop: () => {
      isStopped = true;
      clearTimeout(delay);
      clearInterval(refresh);
      spinner?.stop();
      spinner = undefined;
    },
  };
}

async function createSpinner({ stream, style }: ProgressContext): Promise<Ora> {
  const { default: ora } = await import('ora');
  const spinner = ora({
    stream,
    isEnabled: true,
    // The default takes Ctrl-C away from the terminal.
    discardStdin: false,
    // ora would ask chalk, which looks at stdout; the frames are painted by our own rule instead.
    color: false,
  });
  spinner.spinner = {
    interval: SPINNER_INTERVAL_MS,
    frames: spinner.spinner.frames.map(style.cyan),
  };
  return spinner;
}
