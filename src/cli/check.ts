// Owns a check of the command: the library checks, and what it finds is listed, a line each.
import { check, checkFiles, type CheckOptions, type CheckReport, type RunEvent } from '../index.js';
import { attended } from './attended.js';
import { createStyle, wantsColor } from './color.js';
import type { Ending } from './exit-code.js';
import type { Outputs, Surroundings } from './main.js';
import type { Request, Target } from './parse.js';
import { createProgress, showFailures } from './run.js';

type Check = Extract<Request, { type: 'check' }>;

/** Checks what was asked for, and shows it. What nobody foresaw is thrown, and what the library throws. */
export async function runCheck(
  request: Check,
  surroundings: Surroundings,
  outputs: Outputs,
): Promise<Ending> {
  const { target, options, rendering } = request;
  const progress = createProgress(rendering, true, surroundings);
  const onEvent = (event: RunEvent) => {
    progress.report(event);
  };
  const work = (signal: AbortSignal) => start(target, { ...options, onEvent, signal });
  const show = async (report: CheckReport): Promise<Ending> => {
    if (rendering.mode === 'json') {
      const { sanitizeJson } = await import('./sanitize.js');
      outputs.stdout.write(`${sanitizeJson(JSON.stringify(report, null, 2))}\n`);
    } else if (rendering.mode !== 'quiet') {
      const { checkText } = await import('./check-text.js');
      const style = createStyle(wantsColor(surroundings.stdout, surroundings.env, rendering.color));
      outputs.stdout.write(checkText(report, style));
    }
    await showFailures(report, rendering.mode === 'verbose', outputs);
    return report.findings.length > 0 || report.failures.length > 0 ? 'failed' : 'done';
  };
  return attended(progress, outputs, work, show);
}

function start({ root, files }: Target, options: CheckOptions): Promise<CheckReport> {
  if (files === undefined) return check(root, options);
  return checkFiles(files, root === undefined ? options : { ...options, root });
}
