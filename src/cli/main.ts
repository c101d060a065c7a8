// Owns the composition of the command: the command line is read, the library runs, reporters show it,
// and the ending becomes an exit code. Everything it does is done by others.
import { type Report, type RunEvent } from '../index.js';
import { createStyle, wantsColor } from './color.js';
import { CommandError, fromUsageError } from './command-error.js';
import { type Ending, endingOf, EXIT_CODES } from './exit-code.js';
import { failureLines } from './failures.js';
import { type Output, watchOutput } from './output.js';
import { parseArguments, type Rendering, type Request } from './parse.js';
import { canSpin, NO_PROGRESS, plainProgress, type Progress, spinnerProgress } from './progress.js';
import { sanitize, sanitizeJson } from './sanitize.js';
import { watchStopSignals } from './stop-signals.js';
import { summaryText } from './summary.js';
import { largestSavingsLines, verboseLines } from './verbose.js';

/** What the command uses of its process. */
export interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Run = Extract<Request, { type: 'run' }>;

interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * Runs the command to its end.
 *
 * @param argv - the words behind the name of the command
 * @returns the exit code; what nobody foresaw is thrown
 */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const outputs = {
    stdout: watchOutput(surroundings.stdout),
    stderr: watchOutput(surroundings.stderr),
  };
  const ending = await answer(argv, surroundings, outputs);
  const failure = await outputs.stdout.flush();
  if (failure !== undefined) {
    outputs.stderr.write(`wn-compress: cannot write to stdout: ${sanitize(failure.message)}\n`);
  }
  return EXIT_CODES[failure !== undefined && ending === 'done' ? 'failed' : ending];
}

async function answer(
  argv: readonly string[],
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  try {
    const request = await parseArguments(argv);
    switch (request.type) {
      case 'help':
        outputs.stdout.write(await (await import('./help.js')).helpText());
        return 'done';
      case 'version':
        outputs.stdout.write(`${(await import('./version.js')).readVersion()}\n`);
        return 'done';
      case 'run':
        return await run(request, surroundings, outputs);
    }
  } catch (error) {
    const message = await expectedMessage(error);
    if (message === undefined) throw error;
    outputs.stderr.write(`wn-compress: ${message}\n`);
    return 'unusable';
  }
}

async function run(request: Run, surroundings: Surroundings, outputs: Outputs): Promise<Ending> {
  const { root, options, rendering } = request;
  const dryRun = options.dryRun === true;
  const progress = createProgress(rendering, dryRun, surroundings);
  const watch = watchStopSignals(() => {
    progress.stop();
    outputs.stderr.write('wn-compress: stopped; the sidecars made so far are whole\n');
  });
  const onEvent = (event: RunEvent) => {
    progress.report(event);
    if (rendering.mode !== 'verbose') return;
    const lines = verboseLines(event, dryRun);
    if (event.type === 'finished') progress.stop();
    outputs.stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  try {
    const { compress } = await import('../index.js');
    const report = await compress(root, { ...options, onEvent, signal: watch.signal });
    // A signal that arrives from here on ends the process at once: nothing is left to be tidied.
    const stopped = watch.endIfStopped();
    if (stopped !== undefined) return stopped;
    watch.close();
    progress.stop();
    showReport(report, request, surroundings, outputs);
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

function showReport(
  report: Report,
  { options, rendering: { mode, color } }: Run,
  { stdout, env }: Surroundings,
  outputs: Outputs,
): void {
  if (mode === 'json') outputs.stdout.write(`${sanitizeJson(JSON.stringify(report, null, 2))}\n`);
  if (mode === 'verbose') {
    const largest = largestSavingsLines(report);
    outputs.stdout.write(['', ...largest, largest.length > 0 ? '\n' : ''].join('\n'));
  }
  if (mode === 'summary' || mode === 'verbose') {
    const style = createStyle(wantsColor(stdout, env, color));
    const columns = stdout.columns || 80;
    outputs.stdout.write(summaryText(report, { style, columns, include: options.include ?? [] }));
  }
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

/** What to say of an error that a user can do something about; `undefined` for any other. */
async function expectedMessage(error: unknown): Promise<string | undefined> {
  if (error instanceof CommandError) return error.message;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    return 'the current directory is gone; change to one that exists and run again';
  }
  const { RootError, ThreadError, UsageError } = await import('../index.js');
  if (error instanceof RootError || error instanceof ThreadError) return sanitize(error.message);
  if (error instanceof UsageError) {
    return fromUsageError(error, undefined).message;
  }
  return undefined;
}
