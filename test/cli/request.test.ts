// Shows which words of a command line ask for an answer in place of a run, by table. That the command then
// gives it is shown in main.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../src/cli/parse.js';
import { findRequest } from '../../src/cli/request.js';

test('help and version are found wherever they stand before a --, help first', () => {
  const rows: readonly (readonly [readonly string[], 'help' | 'version' | undefined])[] = [
    [[], undefined],
    [['p'], undefined],
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['p', 'jpg', '--help'], 'help'],
    [['--bogus', '--version'], 'version'],
    [['--version', '--help'], 'help'],
    [['--version', '-h'], 'help'],
    [['--threads', '--version', 'p'], 'version'],
    [['--', '--help'], undefined],
    [['p', '--', '-h', '--version'], undefined],
    [['--version', '--', '--help'], 'version'],
    [['-v'], undefined],
    [['-V'], undefined],
    [['help'], undefined],
    [['version'], undefined],
    [['--helpful'], undefined],
    [['--no-help'], undefined],
    [['--include=--help'], undefined],
    [['---help'], undefined],
    [['--Help'], undefined],
    [[''], undefined],
  ];
  for (const [words, type] of rows) {
    const expected = type === undefined ? undefined : { type };
    assert.deepEqual(findRequest(words), expected, words.join(' '));
  }
});

test('what is found at once is what the whole reading of the command line would have found', async () => {
  for (const words of [['-h'], ['--help', 'p'], ['--version'], ['p', '-q', '--version', '-t2']]) {
    assert.deepEqual(await parseArguments(words), findRequest(words), words.join(' '));
  }
});
