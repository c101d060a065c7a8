// Owns what a setting is: a value that was given for an option, and where, so that whatever is wrong with it
// can be said in the words of that place. Pure.

/** A value for an option, as given in one place. */
export interface Setting {
  /** What was given; `NaN` or `null` for what the library has to refuse. */
  readonly value: unknown;
  /** How the option is called there: `--gzip-level`, `WN_COMPRESS_GZIP_LEVEL`, `site.json: gzipLevel`. */
  readonly spelling: string;
  /** What was given, as it is to be shown; `nothing` when that was nothing. */
  readonly got: string;
  /** The place, for `--print-config`: `command line`, a variable, a file. */
  readonly from: string;
}

/** The settings of one place, or of all, by option. */
export type Settings = ReadonlyMap<string, Setting>;

/** Puts settings together: of those for one option, the last counts. */
export function mergeSettings(...all: readonly Settings[]): Settings {
  return new Map(all.flatMap((settings) => [...settings]));
}

/** The values alone. */
export function valuesOf(settings: Settings): Record<string, unknown> {
  return Object.fromEntries([...settings].map(([option, { value }]) => [option, value]));
}
