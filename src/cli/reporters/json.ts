// Owns the reporter of `--json`: the report as one JSON document on stdout, which is as safe in a terminal as
// any other rendering; warnings and failures on stderr.
import type { CheckReport, Report } from '../../index.js';
import { failureLines } from '../failures.js';
import { linesText } from '../output.js';
import type { Reporter, ReporterContext } from '../reporter.js';
import { sanitizeJson } from '../sanitize.js';
import { warningLines } from '../warnings.js';

export function createJsonReporter({ stdout, stderr, folder }: ReporterContext): Reporter {
  const show = (report: Report | CheckReport) => {
    stdout.write(`${sanitizeJson(JSON.stringify(report, null, 2))}\n`);
  };
  const showFailures = (report: Report | CheckReport) => {
    stderr.write(linesText(failureLines(report, false, folder)));
  };
  return {
    showReport: (report) => {
      show(report);
      stderr.write(linesText(warningLines(report)));
      showFailures(report);
    },
    showCheckReport: (report) => {
      show(report);
      showFailures(report);
    },
  };
}
