// Owns a run of the command: the library runs, reporters show it while it does and at its end, and a
// signal ends it tidily.
import { compress, type Report, type RunEvent } from '../index.js';
import { createStyle, wantsColor } from './color.js';
import { type Ending, endingOf } from './exit-code.js';
import type { Outputs, Surroundings } from './main.js';
import type { Rendering, Request } from './parse.js';
import { canSpin, NO_PROGRESS, plainProgress, type Progress, spinnerProgress } from './progress.js';
import { watchStopSignals } from './stop-signals.js';

type Run = Extract<Request, { type: 'run' }>;

/** Runs what was asked for, and shows it. What nobody foresaw is thrown, and what the library throws. */
export async function run(
  request: Run,
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  const { root, options, rendering } = request;
  const dryRun = options.dryRun === true;
  const verbose = rendering.mode === 'verbose' ? await import('./verbose.js') : undefined;
  const progress = createProgress(rendering, dryRun, surroundings);
  const watch = watchStopSignals(() => {
    progress.stop();
    outputs.stderr.write('wn-compress: stopped; the sidecars made so far are whole\n');
  });
  const onEvent = (event: RunEvent) => {
    progress.report(event);
    if (verbose === undefined) return;
    const lines = verbose.verboseLines(event, dryRun);
    if (event.type === 'finished') progress.stop();
    outputs.stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  try {
    const report = await compress(root, { ...options, onEvent, signal: watch.signal });
    // A signal that arrives from here on ends the process at once: nothing is left to be tidied.
    const stopped = watch.endIfStopped();
    if (stopped !== undefined) return stopped;
    watch.close();
    progress.stop();
    if (verbose !== undefined) {
      const largest = verbose.largestSavingsLines(report);
      outputs.stdout.write(['', ...largest, largest.length > 0 ? '\n' : ''].join('\n'));
    }
    await showReport(report, request, surroundings, outputs);
    return endingOf(report);
  } catch (error) {
    const stopped = watch.endIfStopped();
    if (stopped === undefined) throw error;
    return stopped;
  } finally {
    progress.stop();
    watch.close();
  }
}

async function showReport(
  report: Report,
  { options, rendering: { mode, color } }: Run,
  { stdout, env }: Surroundings,
  outputs: Outputs,
): Promise<void> {
  if (mode === 'json') {
    const { sanitizeJson } = await import('./sanitize.js');
    outputs.stdout.write(`${sanitizeJson(JSON.stringify(report, null, 2))}\n`);
  }
  if (mode === 'summary' || mode === 'verbose') {
    const { summaryText } = await import('./summary.js');
    const style = createStyle(wantsColor(stdout, env, color));
    const columns = stdout.columns || 80;
    outputs.stdout.write(summaryText(report, { style, columns, include: options.include ?? [] }));
  }
  if (report.failures.length === 0) return;
  const { failureLines } = await import('./failures.js');
  for (const line of failureLines(report, mode === 'verbose', process.cwd())) {
    outputs.stderr.write(`${line}\n`);
  }
}

function createProgress(
  { progress, color }: Rendering,
  dryRun: boolean,
  { stderr, env }: Surroundings,
): Progress {
  if (!progress) return NO_PROGRESS;
  const style = createStyle(wantsColor(stderr, env, color));
  const show = canSpin(stderr, env) ? spinnerProgress : plainProgress;
  return show({ stream: stderr, style, dryRun });
}
