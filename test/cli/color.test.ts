// Tests who decides about colours, and how the ending of a run becomes an exit code.
// No terminal is needed: see terminal.test.ts for a real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle, wantsColor } from '../../src/cli/color.js';
import { endingOf, EXIT_CODES } from '../../src/cli/exit-code.js';
import { canSpin } from '../../src/cli/progress.js';
import { NOTHING, REPORT } from './example.js';

const TERMINAL = { isTTY: true };
const PIPE = {};

test('the command line decides on colours, then NO_COLOR, FORCE_COLOR and the terminal', () => {
  const rows: readonly (readonly [
    stream: typeof TERMINAL | typeof PIPE,
    env: Record<string, string>,
    asked: boolean | undefined,
    expected: boolean,
  ])[] = [
    [TERMINAL, {}, undefined, true],
    [TERMINAL, { TERM: 'dumb' }, undefined, false],
    [PIPE, {}, undefined, false],
    [TERMINAL, { NO_COLOR: '1' }, undefined, false],
    [TERMINAL, { NO_COLOR: '' }, undefined, true],
    [PIPE, { FORCE_COLOR: '1' }, undefined, true],
    [PIPE, { FORCE_COLOR: '' }, undefined, true],
    [TERMINAL, { FORCE_COLOR: '0' }, undefined, false],
    [TERMINAL, { FORCE_COLOR: 'false' }, undefined, false],
    [PIPE, { FORCE_COLOR: '1', NO_COLOR: '1' }, undefined, false],
    [PIPE, { NO_COLOR: '1' }, true, true],
    [TERMINAL, { FORCE_COLOR: '1' }, false, false],
  ];
  for (const [stream, env, asked, expected] of rows) {
    assert.equal(wantsColor(stream, env, asked), expected, JSON.stringify({ stream, env, asked }));
  }
});

test('a style paints, or leaves text as it is', () => {
  assert.equal(createStyle(true).green('x'), '\u001b[32mx\u001b[39m');
  assert.equal(createStyle(false).green('x'), 'x');
});

test('a spinner turns in a terminal only that has a size, and not in CI', () => {
  const sized = { ...TERMINAL, columns: 80 };
  assert.equal(canSpin(sized, {}), true);
  assert.equal(canSpin(sized, { CI: 'true' }), false);
  assert.equal(canSpin(sized, { TERM: 'dumb' }), false);
  assert.equal(canSpin({ ...TERMINAL, columns: 0 }, {}), false);
  assert.equal(canSpin(TERMINAL, {}), false);
  assert.equal(canSpin(PIPE, {}), false);
});

test('a failure makes the exit code 1, having nothing to do does not', () => {
  assert.equal(EXIT_CODES[endingOf(REPORT)], 1);
  assert.equal(EXIT_CODES[endingOf(NOTHING)], 0);
  assert.deepEqual(EXIT_CODES, {
    done: 0,
    failed: 1,
    unusable: 2,
    SIGHUP: 129,
    SIGINT: 130,
    SIGTERM: 143,
  });
});
