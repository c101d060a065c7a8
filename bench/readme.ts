// Owns the place in the README where results stand, so that nobody copies figures by hand. Pure.
import { BenchError } from './errors.js';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/**
 * Puts text between the markers, in place of what stands there.
 *
 * @throws BenchError when the markers are not both there, each once, in their order
 */
export function replaceBetweenMarkers(document: string, text: string): string {
  const [before, inside, ...others] = document.split(BEGIN);
  const [, after, ...more] = (inside ?? '').split(END);
  if (before === undefined || after === undefined || others.length + more.length > 0) {
    throw new BenchError(`README.md wants ${BEGIN} and behind it ${END}, each once.`);
  }
  return `${before}${BEGIN}\n\n${text.trim()}\n\n${END}${after}`;
}
