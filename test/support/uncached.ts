// Owns the library as most tests want it: without a cache, so that what one test encodes is encoded by
// the next as well.
import * as library from '../../src/index.js';

/** As `compress`, without a cache unless one is asked for. */
export function compress(
  root: string,
  options: library.CompressOptions = {},
): Promise<library.Report> {
  return library.compress(root, withoutCache(options));
}

/** As `compressFiles`, likewise. */
export function compressFiles(
  paths: readonly string[],
  options: library.CompressOptions = {},
): Promise<library.Report> {
  return library.compressFiles(paths, withoutCache(options));
}

/** What is no object is handed on as it is: that is what some tests are about. */
function withoutCache(options: library.CompressOptions): library.CompressOptions {
  const isObject = typeof options === 'object' && (options as unknown) !== null;
  return isObject ? { cache: false, ...options } : options;
}
