// Owns the reporter for GitHub Actions: what the default reporter shows, with warnings and failures as
// annotations, and a summary of the job in Markdown.
import { appendFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { CheckReport, Report } from '../../index.js';
import { checkText } from '../check-text.js';
import { failureLines } from '../failures.js';
import { checkMarkdown, runMarkdown } from '../github-summary.js';
import { linesText } from '../output.js';
import { pruneLines } from '../prune-lines.js';
import { folderOf } from '../report-folder.js';
import type { Reporter, ReporterContext } from '../reporter.js';
import { sanitize } from '../sanitize.js';
import { summaryText } from '../summary.js';
import { warningsOf } from '../warnings.js';
import { annotation, withoutCommands } from '../workflow-command.js';

/** Annotations of one level that GitHub shows of a step. */
const ANNOTATIONS = 10;

export function createGithubReporter(context: ReporterContext): Reporter {
  const { stdout, folder, env } = context;
  const workspace = env['GITHUB_WORKSPACE'] ?? folder;
  // All on one stream: on two the pause for names could come too late.
  const show = (text: string, annotations: readonly string[], markdown: string) => {
    const failure = addToSummary(env['GITHUB_STEP_SUMMARY'], markdown);
    const all = failure === undefined ? annotations : [...annotations, failure];
    stdout.write(withoutCommands(text) + linesText(all));
  };
  const failures = (report: Pick<Report, 'failures'>) =>
    report.failures.slice(0, ANNOTATIONS).map(({ path, message }) => {
      const file = fileIn(workspace, resolve(folder, path));
      const text = `${sanitize(file ?? path)}: ${sanitize(message)}`;
      return annotation('error', text, { file });
    });
  const otherFailures = (report: Pick<Report, 'failures'>) =>
    linesText(failureLines({ failures: report.failures.slice(ANNOTATIONS) }, false, folder));
  return {
    showReport: (report) => {
      const text = summaryText(report, context) + linesText(pruneLines(report, false));
      const warnings = warningsOf(report).map((warning) => annotation('warning', warning));
      show(text + otherFailures(report), [...warnings, ...failures(report)], runMarkdown(report));
    },
    showCheckReport: (report) => {
      const findings = findingAnnotations(report, workspace, folder);
      show(
        checkText(report, { ...context, all: false }) + otherFailures(report),
        [...failures(report), ...findings].slice(0, ANNOTATIONS),
        checkMarkdown(report),
      );
    },
  };
}

function findingAnnotations(
  { root, findings }: CheckReport,
  workspace: string,
  folder: string,
): string[] {
  const base = resolve(folder, folderOf(root));
  return findings.slice(0, ANNOTATIONS).map(({ relativePath, problem, remedy }) => {
    const file = fileIn(workspace, resolve(base, relativePath));
    return annotation('error', `${sanitize(file ?? relativePath)}: ${remedy}`, {
      file,
      title: `wn-compress: ${problem}`,
    });
  });
}

/** The path in the repository, with `/`; `undefined` outside of it. */
function fileIn(workspace: string, path: string): string | undefined {
  const inside = relative(workspace, path);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return undefined;
  }
  return sep === '/' ? inside : inside.replaceAll(sep, '/');
}

/**
 * Adds to the summary of the job, where there is one.
 *
 * @returns the annotation that says that it could not be done
 */
function addToSummary(path: string | undefined, markdown: string): string | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    appendFileSync(path, markdown);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return annotation('warning', `the summary of the job could not be written: ${sanitize(why)}`);
  }
}
