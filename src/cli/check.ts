// Owns a check of the command: the library checks, and what it finds is listed, a line each.
import { check, checkFiles, type CheckOptions, type CheckReport, type RunEvent } from '../index.js';
import { attended } from './attended.js';
import type { Ending } from './exit-code.js';
import type { Outputs, Surroundings } from './main.js';
import type { Request, Target } from './parse.js';
import { createProgress } from './progress.js';
import { createReporter, reporterContext } from './reporter.js';

type Check = Extract<Request, { type: 'check' }>;

/** Checks what was asked for, and shows it. What nobody foresaw is thrown, and what the library throws. */
export async function runCheck(
  request: Check,
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  const { target, options, rendering } = request;
  const context = reporterContext(surroundings, outputs, rendering, {});
  const reporter = await createReporter(rendering.reporter, context);
  const progress = createProgress(rendering, true, surroundings);
  const onEvent = (event: RunEvent) => {
    progress.report(event);
  };
  const work = (signal: AbortSignal) => start(target, { ...options, onEvent, signal });
  const show = (report: CheckReport): Promise<Ending> => {
    reporter.showCheckReport(report);
    const isRight = report.findings.length === 0 && report.failures.length === 0;
    return Promise.resolve(isRight ? 'done' : 'failed');
  };
  return attended(progress, outputs, work, show);
}

function start({ root, files }: Target, options: CheckOptions): Promise<CheckReport> {
  if (files === undefined) return check(root, options);
  return checkFiles(files, root === undefined ? options : { ...options, root });
}
