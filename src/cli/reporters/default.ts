// Owns the default reporter: one screen on stdout at the end, warnings and failures on stderr.
import type { Report } from '../../index.js';
import { checkText } from '../check-text.js';
import { failureLines } from '../failures.js';
import { linesText } from '../output.js';
import { pruneLines } from '../prune-lines.js';
import type { Reporter, ReporterContext } from '../reporter.js';
import { summaryText } from '../summary.js';
import { warningLines } from '../warnings.js';

/**
 * @param all - whether lists are shown to their ends
 */
export function createDefaultReporter(context: ReporterContext, all = false): Reporter {
  const { stdout, stderr, folder } = context;
  const showFailures = (report: Pick<Report, 'failures'>) => {
    stderr.write(linesText(failureLines(report, all, folder)));
  };
  return {
    showReport: (report) => {
      stdout.write(summaryText(report, context) + linesText(pruneLines(report, all)));
      stderr.write(linesText(warningLines(report)));
      showFailures(report);
    },
    showCheckReport: (report) => {
      stdout.write(checkText(report, { ...context, all }));
      showFailures(report);
    },
  };
}
