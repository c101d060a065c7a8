// Owns the shape of a configuration: what may stand in a file of the project, and is given to the command.
// Knows no file and no default.
import type { CompressOptions } from './options.js';

/** The options of the library that are no text: callers pass them, files cannot. */
type CallersOnly = 'onEvent' | 'signal';

/** Sizes may be written as on the command line. */
type Sizes = 'minSize' | 'cacheMaxSize';

/**
 * What may stand in `wn-compress.config.{js,mjs,json}`, or as `"wn-compress"` in a `package.json`. The
 * environment (`WN_COMPRESS_BROTLI_QUALITY`) and the command line win over it, option by option.
 */
export interface Config extends Omit<CompressOptions, CallersOnly | Sizes | 'cacheDir'> {
  /** What to compress when the command line names nothing, relative to the file. Default: none. */
  readonly root?: string;
  /** The folder of the cache, relative to the file. Default: see `CompressOptions`. */
  readonly cacheDir?: string;
  /** Sources smaller than this are skipped: bytes, or `'10kb'`. Default: 1. */
  readonly minSize?: number | string;
  /** What the cache may take: bytes, or `'500mb'`. Default: `'1gb'`. */
  readonly cacheMaxSize?: number | string;
  /**
   * How the command shows what it does: `default`, `verbose`, `quiet`, `json` or `github`. Default: `github` under
   * GitHub Actions, else `default`.
   */
  readonly reporter?: 'default' | 'verbose' | 'quiet' | 'json' | 'github';
  /** Whether the command may show progress on stderr. Default: true. */
  readonly progress?: boolean;
  /** Whether the command uses colours. Default: in a terminal that has them. */
  readonly color?: boolean;
}

/**
 * Gives a configuration its type, for editors to complete and check it. Does nothing else.
 *
 * ```js
 * import { defineConfig } from 'wn-compress';
 * export default defineConfig({ root: 'public', exclude: ['maps/**'] });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
