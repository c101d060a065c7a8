// Tests how numbers, sizes and names are written and read.
// Where they stand in the output is shown in summary.test.ts and progress.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCounted,
  formatDuration,
  formatPercent,
  formatRatio,
  formatSavings,
  formatTimeLeft,
} from '../../src/cli/format.js';
import { sanitize } from '../../src/cli/sanitize.js';
import { textWidth, truncateMiddle, wrapWords } from '../../src/cli/text-width.js';
import { readBytes, readDecimal, splitExtensions, splitGlobs } from '../../src/cli/values.js';

function table<Input, Output>(
  run: (input: Input) => Output,
  rows: readonly (readonly [Input, Output])[],
) {
  for (const [input, expected] of rows) {
    assert.deepEqual(run(input), expected, `for ${JSON.stringify(input)}`);
  }
}

test('bytes are written in units of 1024 and never as 1024.0 of one', () => {
  table(formatBytes, [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_048_575, '1.0 MiB'],
    [10_000_000, '9.5 MiB'],
    [3 * 1024 ** 3, '3.0 GiB'],
    [1024 ** 6, '1024.0 PiB'],
  ]);
});

test('a percentage is rounded, but not into a claim', () => {
  table(formatPercent, [
    [0, '0.0%'],
    [0.00001, '0.1%'],
    [0.7345, '73.5%'],
    [0.99999, '99.9%'],
    [1, '100.0%'],
  ]);
  assert.equal(formatSavings(0, 0), '0.0%');
  assert.equal(formatSavings(1000, 250), '75.0%');
  assert.equal(formatRatio(100_000, 99_999), '0.999');
  assert.equal(formatRatio(480, 503), '1.048');
});

test('times are written in the unit that suits them', () => {
  table(formatDuration, [
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [3_599_600, '1 h 00 min'],
    [7_500_000, '2 h 05 min'],
  ]);
  table(formatTimeLeft, [
    [-5, '1 s'],
    [1200, '2 s'],
    [185_000, '3 min 05 s'],
  ]);
});

test('counts agree with their nouns', () => {
  assert.equal(formatCounted(1, 'file'), '1 file');
  assert.equal(formatCounted(3179, 'file'), '3,179 files');
});

test('what could move the cursor, forge a line or turn the text is shown as an escape', () => {
  table(sanitize, [
    ['plain name – ünïcode 件名.js', 'plain name – ünïcode 件名.js'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u001b[31m\u007f\u009b', '\\x1b[31m\\x7f\\x9b'],
    ['gpj\u202e.exe', 'gpj\\u202e.exe'],
    ['\u2066\u2069\u200e\u200f\u2028\u2029', '\\u2066\\u2069\\u200e\\u200f\\u2028\\u2029'],
    ['half \ud800 whole 😀', 'half \\ud800 whole 😀'],
  ]);
});

test('text is cut in its middle to the columns that it takes', () => {
  assert.equal(textWidth('件名.js'), 7);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(truncateMiddle('app.js', 6), 'app.js');
  assert.equal(truncateMiddle('vendor/bundle.js', 9), 'vend…e.js');
  assert.equal(truncateMiddle('app.js', 0), '');
  for (let columns = 1; columns < 20; columns += 1) {
    assert.ok(textWidth(truncateMiddle('件名/件名/件名/件名.js', columns)) <= columns);
  }
  assert.deepEqual(wrapWords(['aa', 'bb', 'cccccccc', 'd'], 5), ['aa bb', 'cccccccc', 'd']);
});

test('a number is decimal, anything else is none', () => {
  table(readDecimal, [
    ['9', 9],
    ['-1', -1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['', NaN],
    [' 9', NaN],
    ['0x10', NaN],
    ['Infinity', NaN],
    ['9a', NaN],
  ]);
});

test('a size may carry a unit, in any case', () => {
  table(readBytes, [
    ['500', 500],
    ['2b', 2],
    ['10kb', 10_240],
    ['10KiB', 10_240],
    ['10 K', 10_240],
    ['1.5MB', 1_572_864],
    ['0.0001kb', 1],
    ['1g', 1024 ** 3],
    ['1.5', 1.5],
    ['kb', NaN],
    ['10xb', NaN],
    ['', NaN],
  ]);
});

test('extensions are split at commas, and nothing means none', () => {
  table(splitExtensions, [
    ['', []],
    [' jpg, .png,', ['jpg', '.png']],
  ]);
});

test('globs are split at commas that stand outside of braces and are not escaped', () => {
  table(splitGlobs, [
    ['a/**,b', ['a/**', 'b']],
    ['**/*.{js,css},x', ['**/*.{js,css}', 'x']],
    ['{a,{b,c}},d', ['{a,{b,c}}', 'd']],
    ['a\\,b,c', ['a\\,b', 'c']],
    ['a{b,c', ['a{b', 'c']],
    ['a}b,{c', ['a}b', '{c']],
    ['\\{a,b}', ['\\{a', 'b}']],
    ['', ['']],
    [',', ['']],
  ]);
});
