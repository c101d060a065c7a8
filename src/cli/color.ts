// Owns the question whether a stream gets colours, and the few colours that there are. Knows nothing
// of what is coloured.
import { inspect } from 'node:util';

/** What of a stream decides about colours. */
export interface ColorTarget {
  readonly isTTY?: boolean | undefined;
}

/** Paints text, or leaves it as it is. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/**
 * Whether a stream gets colours. What was said on the command line decides; then `NO_COLOR` (when
 * not empty: no-color.org), then `FORCE_COLOR` (`0` and `false` mean off), then whether the stream is
 * a terminal that can show them.
 *
 * @param asked - `--color` or `--no-color`; `undefined` when neither was given
 */
export function wantsColor(
  stream: ColorTarget,
  env: Readonly<Record<string, string | undefined>>,
  asked: boolean | undefined,
): boolean {
  if (asked !== undefined) return asked;
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** The style for a stream that gets colours, or for one that does not. */
export function createStyle(enabled: boolean): Style {
  const paint = (name: keyof Style) => {
    const [open, close] = inspect.colors[name] ?? [0, 0];
    return (text: string) => (enabled ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  };
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    green: paint('green'),
    red: paint('red'),
    cyan: paint('cyan'),
  };
}
