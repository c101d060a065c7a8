// Owns the reporter of `--verbose`: a line on stdout for each sidecar and each skipped file while they are
// settled, the largest savings, and then what the default reporter shows.
import { linesText } from '../output.js';
import type { Reporter, ReporterContext } from '../reporter.js';
import { largestSavingsLines, verboseLines } from '../verbose.js';
import { createDefaultReporter } from './default.js';

export function createVerboseReporter(context: ReporterContext): Reporter {
  const { stdout, dryRun } = context;
  const { showReport, showCheckReport } = createDefaultReporter(context, true);
  return {
    onEvent: (event) => {
      stdout.write(linesText(verboseLines(event, dryRun)));
    },
    showReport: (report) => {
      const largest = largestSavingsLines(report);
      stdout.write(linesText(['', ...largest, ...(largest.length > 0 ? [''] : [])]));
      showReport(report);
    },
    showCheckReport,
  };
}
