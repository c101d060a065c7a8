// Owns what a report page holds, read as a browser would: its data, and the paths in their columns. Knows
// nothing of how they are shown.
import type { PageData } from '../../../src/cli/page/page-data.js';

/** The data in the text of a page. */
export function dataIn(page: string): PageData {
  const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page) ?? [];
  if (json === undefined) throw new Error('the page holds no data');
  return JSON.parse(json) as PageData;
}

/** The paths of all files, put together again. */
export function pathsOf({ files: { shared, rest } }: PageData): string[] {
  let path = '';
  return rest.map((text, index) => (path = path.slice(0, shared[index]) + text));
}
