// Owns a run of the command: the library runs, and reporters show it while it does and at its end.
import {
  compress,
  compressFiles,
  type CompressOptions,
  type Report,
  type RunEvent,
} from '../index.js';
import { attended } from './attended.js';
import { createStyle, wantsColor } from './color.js';
import { type Ending, endingOf } from './exit-code.js';
import type { Outputs, Surroundings } from './main.js';
import type { Rendering, Request, Target } from './parse.js';
import type { ReportFile } from './page/report-file.js';
import { canSpin, NO_PROGRESS, plainProgress, type Progress, spinnerProgress } from './progress.js';

type Run = Extract<Request, { type: 'run' }>;

/** Runs what was asked for, and shows it. What nobody foresaw is thrown, and what the library throws. */
export async function run(
  request: Run,
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  const { target, options, gitAdd, rendering } = request;
  const dryRun = options.dryRun === true;
  const page = await createReportFile(request);
  const verbose = rendering.mode === 'verbose' ? await import('./verbose.js') : undefined;
  const progress = createProgress(rendering, dryRun, surroundings);
  const onEvent = (event: RunEvent) => {
    progress.report(event);
    if (verbose === undefined) return;
    const lines = verbose.verboseLines(event, dryRun);
    if (event.type === 'finished') progress.stop();
    outputs.stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  const show = async (report: Report): Promise<Ending> => {
    if (verbose !== undefined) {
      const largest = verbose.largestSavingsLines(report);
      outputs.stdout.write(['', ...largest, largest.length > 0 ? '\n' : ''].join('\n'));
    }
    await showReport(report, request, surroundings, outputs);
    const unwritten = page?.write(report);
    if (page !== undefined && unwritten === undefined && isTalkative(rendering)) {
      outputs.stdout.write(`\nReport: ${page.shownPath}\n`);
    }
    const failures = [
      gitAdd && !dryRun ? await (await import('./git-add.js')).gitAdd(report) : undefined,
      unwritten,
    ].filter((failure) => failure !== undefined);
    for (const failure of failures) outputs.stderr.write(`wn-compress: ${failure}\n`);
    return failures.length > 0 ? 'failed' : endingOf(report);
  };
  const work = (signal: AbortSignal) => start(target, { ...options, onEvent, signal });
  return attended(progress, outputs, work, show);
}

/** The page of the report, where it may be written, if one is asked for. */
async function createReportFile({ report, target }: Run): Promise<ReportFile | undefined> {
  if (report === undefined) return undefined;
  return new (await import('./page/report-file.js')).ReportFile(report, target);
}

function start({ root, files }: Target, options: CompressOptions): Promise<Report> {
  if (files === undefined) return compress(root, options);
  return compressFiles(files, root === undefined ? options : { ...options, root });
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
  if (isTalkative({ mode })) {
    const { summaryText } = await import('./summary.js');
    const style = createStyle(wantsColor(stdout, env, color));
    const columns = stdout.columns || 80;
    outputs.stdout.write(summaryText(report, { style, columns, include: options.include ?? [] }));
  }
  if (isTalkative({ mode })) {
    const { pruneLines } = await import('./prune-lines.js');
    const lines = pruneLines(report, mode === 'verbose');
    outputs.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  const { warningLines } = await import('./warnings.js');
  if (mode !== 'quiet') for (const line of warningLines(report)) outputs.stderr.write(`${line}\n`);
  await showFailures(report, mode === 'verbose', outputs);
}

/** Whether stdout is for people, and not for programs or nobody. */
function isTalkative({ mode }: Pick<Rendering, 'mode'>): boolean {
  return mode === 'summary' || mode === 'verbose';
}

/** Says what failed, on stderr, if anything did. */
export async function showFailures(
  report: Pick<Report, 'failures'>,
  all: boolean,
  outputs: Outputs,
): Promise<void> {
  if (report.failures.length === 0) return;
  const { failureLines } = await import('./failures.js');
  for (const line of failureLines(report, all, process.cwd())) outputs.stderr.write(`${line}\n`);
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
