// Owns names that someone chose to do harm: to terminals, to globs, to objects used as maps, to shells.
// Knows nothing of what is done with them.
import fc from 'fast-check';

/** What a terminal would obey, and what makes a line look like another one. */
export const TERMINAL_NAMES: readonly string[] = [
  'line\nbreak',
  'line\r\nbreak',
  'return\rto the left',
  'tab\there',
  'bell\u0007',
  'back\b\b\bspace',
  'delete\u007f',
  'clear\u001b[2J\u001b[H',
  'colour\u001b[5;31;47mred',
  'title\u001b]0;owned\u0007',
  'clipboard\u001b]52;c;b3duZWQ=\u0007',
  'link\u001b]8;;http:x\u001b\\click\u001b]8;;\u001b\\'.replaceAll('/', ''),
  'keyboard\u001bP+q544e\u001b\\',
  'c1-csi\u009b31m',
  'c1-osc\u009d0;owned\u009c',
  'c1-nel\u0085x',
  'bidi\u202egpj.exe',
  'isolate\u2066abc\u2069',
  'marks\u200e\u200f\u061c',
  'separators\u2028\u2029',
  'bom\ufeff',
  'nulls\u0001\u0002\u001f',
  '\nwn-compress: all files were deleted',
  '\u001b[1A\u001b[2K',
];

/** Names of what every object has, and other words with a meaning somewhere. */
const MEANINGFUL_NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'length',
  'undefined',
  'null',
  'NaN',
  '0',
  '-0',
  'cache',
  'CON',
  '~',
  '~root',
  '%00',
  '%2e%2e',
  '$HOME',
  '$(touch owned)',
  '`touch owned`',
  '; touch owned',
  '| touch owned',
  '&& touch owned #',
  '> owned',
  "it's",
  '"quoted"',
  '\\',
  'back\\slash',
  'c:\\x',
];

/** Names that a glob, an option or a path might be mistaken for. */
export const SYNTAX_NAMES: readonly string[] = [
  '*',
  '**',
  '?',
  '[a-z]',
  '[',
  ']',
  '{a,b}',
  '{',
  '(a|b)',
  '+(a)',
  '@(a|b)',
  '!(a)',
  '!a',
  '|',
  ',',
  'a,b',
  '-',
  '--',
  '-rf',
  '--prune=all',
  '--',
  '...',
  '..a',
  '.a',
  'dot.',
  'dots...',
  ' ',
  ' lead',
  'trail ',
  'a b',
  '\u00a0',
  '\u3000',
];

/** All of them, each once. */
export const HOSTILE_NAMES: readonly string[] = [
  ...new Set([...TERMINAL_NAMES, ...MEANINGFUL_NAMES, ...SYNTAX_NAMES]),
];

/** Bytes that are no UTF-8: a lone byte, an overlong slash, a surrogate, a character cut short. */
export const NO_TEXT_NAMES: readonly Buffer[] = [
  Buffer.from('ff2e6a73', 'hex'),
  Buffer.from('c0af2e6a73', 'hex'),
  Buffer.from('eda0802e6a73', 'hex'),
  Buffer.from('1b5b324ae228', 'hex'),
  Buffer.from('f0909f0a07', 'hex'),
];

const PIECES = [
  ...TERMINAL_NAMES,
  ...MEANINGFUL_NAMES,
  ...SYNTAX_NAMES,
  '.gz',
  '.br',
  'é',
  'e\u0301',
];

/** Random names of at most 255 bytes: pieces of these, and any character that a name may hold. */
export const anyName: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.integer({ min: 1, max: 0x9f }).map((code) => String.fromCharCode(code)),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((pieces) => pieces.join('').replace(/[/\0]|\p{Surrogate}/gu, '_'))
  .filter((name) => !['', '.', '..'].includes(name) && Buffer.byteLength(name) <= 252);
