// Owns what a reporter is: the rendering of a run or a check, chosen by its name. Reporters show; they decide
// nothing, and the exit code is none of their business.
import type { CheckReport, CompressOptions, Report, RunEvent } from '../index.js';
import { createStyle, wantsColor, type Style } from './color.js';
import type { Outputs, Surroundings } from './main.js';
import type { ReporterName } from './reporter-name.js';

/** Shows a run or a check. */
export interface Reporter {
  /** While it goes on. */
  readonly onEvent?: (event: RunEvent) => void;
  readonly showReport: (report: Report) => void;
  readonly showCheckReport: (report: CheckReport) => void;
}

/** What a reporter may know. */
export interface ReporterContext extends Outputs {
  readonly env: Surroundings['env'];
  readonly style: Style;
  /** Columns that a line on stdout may take. */
  readonly columns: number;
  /** The working directory: paths in it are shown relative to it. */
  readonly folder: string;
  readonly dryRun: boolean;
  readonly include: NonNullable<CompressOptions['include']>;
}

/**
 * Loads a reporter. Before the run: where threads have taken all file descriptors, nothing can be loaded any
 * more.
 */
export async function createReporter(
  name: ReporterName,
  context: ReporterContext,
): Promise<Reporter> {
  switch (name) {
    case 'default':
      return (await import('./reporters/default.js')).createDefaultReporter(context);
    case 'verbose':
      return (await import('./reporters/verbose.js')).createVerboseReporter(context);
    case 'quiet':
      return (await import('./reporters/quiet.js')).createQuietReporter(context);
    case 'json':
      return (await import('./reporters/json.js')).createJsonReporter(context);
    case 'github':
      return (await import('./reporters/github.js')).createGithubReporter(context);
  }
}

/** What a reporter may know of a run with these options. */
export function reporterContext(
  { stdout, env }: Surroundings,
  outputs: Outputs,
  { color }: { readonly color: boolean | undefined },
  { dryRun = false, include = [] }: Pick<CompressOptions, 'dryRun' | 'include'>,
): ReporterContext {
  return {
    ...outputs,
    env,
    style: createStyle(wantsColor(stdout, env, color)),
    columns: stdout.columns || 80,
    folder: process.cwd(),
    dryRun,
    include,
  };
}
