// Owns how wide text stands in a terminal, and the cutting of it to a width. Takes text that is
// already sanitised: no control characters, no escape sequences.

/** Made when they are first needed, which most runs never do: together they take 7 ms. */
let segmenter: Intl.Segmenter | undefined;
let wide: RegExp | undefined;

function segmentsOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Whether it takes two columns: emoji, and the wide ranges of Unicode Standard Annex 11. */
function isWide(segment: string): boolean {
  wide ??= new RegExp(
    '\\p{Emoji_Presentation}|\\ufe0f|[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3' +
      '\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{20000}-\\u{3fffd}]',
    'u',
  );
  return wide.test(segment);
}

// eslint-disable-next-line no-control-regex -- the whole of ASCII, for the quick way
const ASCII = /^[\u0000-\u007f]*$/;

/** Columns that the text takes in a terminal. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const segment of segmentsOf(text)) width += segmentWidth(segment);
  return width;
}

/** The text cut in its middle, where a path says least, so that it takes at most `columns`. */
export function truncateMiddle(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const segments = segmentsOf(text);
  const head = take(segments, Math.floor((columns - 1) / 2));
  const tail = take(segments.reverse(), Math.ceil((columns - 1) / 2)).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

/** Words in lines of at most `columns`, as far as a single word allows. */
export function wrapWords(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line === '') line = word;
    else if (textWidth(line) + 1 + textWidth(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

function take(segments: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let width = 0;
  for (const segment of segments) {
    width += segmentWidth(segment);
    if (width > columns) break;
    taken.push(segment);
  }
  return taken;
}

function segmentWidth(segment: string): number {
  if (/^\p{Mark}+$|^[\u200b-\u200d]$/u.test(segment)) return 0;
  return isWide(segment) ? 2 : 1;
}
