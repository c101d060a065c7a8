// Owns what a row of the tables of flags says. Knows no flag.

/** The headings of `--help`, in order. */
export const GROUPS = [
  'Which files:',
  'How they are compressed:',
  'Sidecars that are there:',
  'The cache:',
  'The run:',
  'Configuration:',
  'What is shown:',
] as const;

interface FlagBase {
  readonly describe: string;
  readonly group: (typeof GROUPS)[number];
  readonly short?: string;
}

/** A flag that is on or off: `--follow`, `--no-follow`, `--follow=false`. */
export interface BooleanFlag extends FlagBase {
  readonly kind: 'boolean';
  /** `'off'` when the help shows the form that turns it off, because it is on by default. */
  readonly shown?: 'off';
  /** A third value, behind `=` only: `--prune=all`. */
  readonly third?: string;
}

/** What the text of a value names: shells complete it so. */
export type Named = 'file' | 'folder';

/** A flag with one value, of which the last counts, or a list, whose items add up. */
export interface ValueFlag<Value> extends FlagBase {
  readonly kind: 'value' | 'list';
  readonly placeholder: string;
  /** What is allowed, where the command line allows more than the library. */
  readonly allowed?: string;
  /** All that it can be, where that can be listed: shells complete it. */
  readonly choices?: readonly string[];
  /** What the text names, where it names something of this machine. */
  readonly names?: Named;
  /** What the text means; the library checks it, and refuses `NaN` and `''`. */
  readonly read: (text: string) => Value;
  /** A size: a configuration may write it as text as well as by number. */
  readonly isSize?: true;
  /** Whether there is an off form as well: `--no-config`. */
  readonly hasOff?: true;
}

/** A flag that has no off form, because it asks for something else than a run. */
export interface RequestFlag extends FlagBase {
  readonly kind: 'request';
}

/** Any flag. */
export type Flag = BooleanFlag | ValueFlag<unknown> | RequestFlag;
