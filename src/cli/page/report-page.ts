// Owns the text of a report page: the page as it was built, with a report in it. Reads that page, which stands
// beside this file, and writes nothing.
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../../index.js';
import { folderOf } from '../report-folder.js';
import { readVersion } from '../version.js';
import { createPageData } from './create-page-data.js';

/** Where the data go in the page as it was built: see scripts/page.mjs. */
const PLACE = '<!--data-->';

/** What every page of ours holds near its beginning, so that it can be told from other files. */
export const MARK = 'name="generator" content="wn-compress"';

/** How a page of ours begins that a report is put into. */
export class PageTemplate {
  readonly #start: string;
  readonly #end: string;

  /** Reads it: before a run, because behind it there may be no file descriptor left. */
  constructor() {
    const text = readFileSync(new URL('page.html', import.meta.url), 'utf8');
    const place = text.indexOf(PLACE);
    this.#start = text.slice(0, place);
    this.#end = text.slice(place + PLACE.length);
  }

  /** The page of a report. */
  fill(report: Report, madeAt = new Date()): string {
    const data = createPageData(report, {
      sizeOf: sizesIn(report.root),
      madeAt,
      version: readVersion(),
    });
    return `${this.#start}${jsonInHtml(data)}${this.#end}`;
  }
}

/**
 * JSON as it may stand in a `<script>` of HTML: no `<`, so that nothing in it ends the element or opens
 * another, and none of the line ends that JavaScript knows and JSON does not.
 */
export function jsonInHtml(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Tells the sizes of regular files in a root, by which what was skipped is shown. */
function sizesIn(root: string | null): (relativePath: string) => number | undefined {
  const folder = folderOf(root);
  return (relativePath) => {
    try {
      const file = statSync(resolve(folder, relativePath));
      return file.isFile() ? file.size : undefined;
    } catch {
      return undefined;
    }
  };
}
