// Owns the reporter of `--quiet`: nothing but failures, on stderr.
import type { CheckReport, Report } from '../../index.js';
import { failureLines } from '../failures.js';
import { linesText } from '../output.js';
import type { Reporter, ReporterContext } from '../reporter.js';

export function createQuietReporter({ stderr, folder }: ReporterContext): Reporter {
  const showFailures = (report: Report | CheckReport) => {
    stderr.write(linesText(failureLines(report, false, folder)));
  };
  return { showReport: showFailures, showCheckReport: showFailures };
}
