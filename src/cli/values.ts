// Owns what the text of a value means: numbers, sizes, lists. Pure. Knows no limits, the library has
// them: what is no number becomes NaN, and that is refused there.

/** Bytes in each unit that a size may carry. A kilobyte is 1024 bytes, also without the "i". */
const BYTES_BY_UNIT: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A decimal number; `NaN` for anything else, the empty text and `0x10` included. */
export function readDecimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** A size in bytes: `500`, `2b`, `10kb`, `10KiB`, `1.5mb`; `NaN` for anything else. */
export function readBytes(text: string): number {
  const [, number, unit] = /^([+-]?(?:\d+\.?\d*|\.\d+))\s?(?:([kmg])i?)?b?$/i.exec(text) ?? [];
  if (number === undefined) return NaN;
  if (unit === undefined) return Number(number);
  // A part of a byte counts as a whole one: no size lies between the two.
  return Math.ceil(Number(number) * (BYTES_BY_UNIT[unit.toLowerCase()] ?? NaN));
}

/** Extensions between commas; the empty text is the empty list. */
export function splitExtensions(text: string): string[] {
  return text
    .split(',')
    .map((extension) => extension.trim())
    .filter((extension) => extension !== '');
}

/**
 * Globs between commas. A comma within braces, as in `*.{js,css}`, belongs to its glob, and so does
 * one behind a backslash. An empty text remains as one empty glob, which is refused: it is more
 * often an unset variable than a wish.
 */
export function splitGlobs(text: string): string[] {
  const globs = splitAtCommas(text, hasMatchingBraces(text)).filter((glob) => glob !== '');
  return globs.length === 0 ? [''] : globs;
}

function splitAtCommas(text: string, heedBraces: boolean): string[] {
  const globs: string[] = [];
  let depth = 0;
  let glob = '';
  for (const [token] of text.matchAll(/\\[^]|[^]/g)) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    if (token === ',' && (depth <= 0 || !heedBraces)) {
      globs.push(glob);
      glob = '';
    } else glob += token;
  }
  return [...globs, glob];
}

function hasMatchingBraces(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/\\[^]|[{}]/g)) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
