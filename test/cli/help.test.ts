// Shows that the text of --help that was built says what the flags are now.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAGS } from '../../src/cli/flags.js';
import { helpText } from '../../src/cli/help-text.js';
import { readHelp } from '../../src/cli/help.js';

test('the built help is the one that the flags make', async () => {
  assert.equal(readHelp(), await helpText());
});

test('the help names every flag, ends with a line feed, and fits into 80 columns', () => {
  const help = readHelp();
  for (const { name, flag } of FLAGS) {
    const shown = flag.kind === 'boolean' && flag.shown === 'off' ? `--no-${name}` : `--${name}`;
    assert.match(help, new RegExp(`(^|\\s)${shown}\\s`, 'm'));
  }
  assert.match(help, /^ {2}1 {9}something failed[^\n]*\n {12}\w/m);
  assert.match(help, /^Usage: wn-compress .*[^\n]\n$/s);
  const tooWide = help.split('\n').filter((line) => line.length > 80);
  assert.deepEqual(tooWide, []);
});
