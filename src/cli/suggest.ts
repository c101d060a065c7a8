// Owns the guess what a mistyped option was meant to be. Pure: a word in, the nearest spelling out, or
// none when nothing is near.
import { closestMatch } from 'leven';
import { FLAGS, type NamedFlag } from './flags.js';

/**
 * The option that was probably meant, as it is to be typed, or `undefined` when none is near.
 *
 * @param spelling - what was typed, with its dashes and without a value
 */
export function suggestOption(spelling: string): string | undefined {
  const name = spelling.replace(/^-+/, '');
  if (name.length === 1) {
    const meant = FLAGS.find(({ flag }) => flag.short === name.toLowerCase());
    return meant && `-${meant.flag.short ?? ''}`;
  }
  const names = FLAGS.flatMap(({ name, flag }) =>
    flag.kind === 'boolean' ? [name, `no-${name}`] : [name],
  );
  const nearest = closest(name.toLowerCase(), names);
  return nearest === undefined ? undefined : `--${nearest}`;
}

/** The nearest of some names, or `undefined` when none is near. */
function closest(name: string, names: readonly string[]): string | undefined {
  // One slip in three letters is a typo; more is another word.
  const maxDistance = Math.max(1, Math.floor(name.length / 3));
  return closestMatch(name, names, { maxDistance });
}

/**
 * What to say behind a name that is unknown: the nearest one, or all of them.
 *
 * @param prefix - what is to be put in front of a name, and is no part of the guess
 */
export function hintFor(name: string, known: readonly string[], prefix = ''): string {
  const nearest = closest(name, known);
  return nearest === undefined
    ? `known are ${known.map((one) => prefix + one).join(', ')}`
    : `did you mean ${prefix}${nearest}?`;
}

/** What to say where a flag stands that a configuration and the environment do not have. */
export function typedOnly({ name }: NamedFlag): string {
  return `it is for the command line only, as --${name}`;
}
