// Owns a run of the command: the library runs, and reporters show it while it does and at its end.
import {
  compress,
  compressFiles,
  type CompressOptions,
  type Report,
  type RunEvent,
} from '../index.js';
import { attended } from './attended.js';
import { type Ending, endingOf } from './exit-code.js';
import { errorLine } from './expected-error.js';
import type { Outputs, Surroundings } from './main.js';
import type { ReportFile } from './page/report-file.js';
import type { Request, Target } from './parse.js';
import { createProgress } from './progress.js';
import type { Rendering } from './rendering.js';
import { createReporter, reporterContext } from './reporter.js';

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
  const context = reporterContext(surroundings, outputs, rendering, options);
  const reporter = await createReporter(rendering.reporter, context);
  const progress = createProgress(rendering, dryRun, surroundings);
  const onEvent = (event: RunEvent) => {
    progress.report(event);
    if (event.type === 'finished') progress.stop();
    reporter.onEvent?.(event);
  };
  const show = async (report: Report): Promise<Ending> => {
    reporter.showReport(report);
    const unwritten = page?.write(report);
    if (page !== undefined && unwritten === undefined && isForPeople(rendering)) {
      outputs.stdout.write(`\nReport: ${page.shownPath}\n`);
    }
    const failures = [
      gitAdd && !dryRun ? await (await import('./git-add.js')).gitAdd(report) : undefined,
      unwritten,
    ].filter((failure) => failure !== undefined);
    const { env } = surroundings;
    for (const failure of failures) outputs.stderr.write(`${errorLine(failure, env)}\n`);
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

/** Whether stdout is for people, and not for programs or nobody. */
function isForPeople({ reporter }: Rendering): boolean {
  return reporter !== 'json' && reporter !== 'quiet';
}
