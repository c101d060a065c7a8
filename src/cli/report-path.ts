// Owns what --report means beside the other options. Whether a page can be there is found out elsewhere.
import { badSetting, CommandError } from './command-error.js';
import type { Settings } from './setting.js';

/**
 * The path of a report page; `undefined` when none is asked for.
 *
 * @throws CommandError when it is no path, or there is no run that the page could be about
 */
export function readReportPath(settings: Settings): string | undefined {
  const report = settings.get('report');
  if (report === undefined) return undefined;
  if (typeof report.value !== 'string') throw badSetting(report, 'the path of a file');
  for (const other of [settings.get('check'), settings.get('printConfig')]) {
    if (other?.value !== true) continue;
    throw new CommandError(
      `--report is about what a run compresses, and ${other.spelling} compresses nothing; drop one`,
    );
  }
  return report.value;
}
