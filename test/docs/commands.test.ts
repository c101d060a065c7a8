// Shows that the commands in the documents are understood, and that those of docs/MIGRATING.md do what
// stands there.
import assert from 'node:assert/strict';
import { devNull } from 'node:os';
import { describe, it } from 'node:test';
import { parseArguments } from '../../src/cli/parse.js';
import { wnCompress } from '../cli/command.js';
import { assertTree, script } from '../support/sidecars.js';
import { Tree } from '../support/tree.js';
import { blocksOf, codeSpansOf, commandsIn, DOCUMENTS, readDocument } from './documents.js';

const LANGUAGES = ['sh', 'console', 'yaml'];

function commandsOf(name: string): string[][] {
  const document = readDocument(name);
  const blocks = blocksOf(document).filter(({ language }) => LANGUAGES.includes(language));
  // Without an option, it is a form rather than a command: `wn-compress cache path|stats`.
  const spans = codeSpansOf(document).filter((code) => /^(npx )?wn-compress .*-\w/.test(code));
  return [...blocks.map(({ text }) => text), ...spans].flatMap(commandsIn);
}

describe('the commands in a document', () => {
  for (const name of DOCUMENTS) {
    const commands = commandsOf(name);
    if (commands.length === 0) continue;
    it(`are understood: ${name}`, async () => {
      for (const words of commands) {
        // Nothing is to be read from the stdin of the tests.
        const quiet = words.map((word) => (word === '-' ? devNull : word));
        await assert.doesNotReject(parseArguments(quiet), words.join(' '));
      }
    });
  }

  it('are found in blocks and in the text, with quotes, comments, pipes and variables', () => {
    const text = [
      '$ npx wn-compress ./public --exclude \'a b/**\' # as "it" is',
      'find . | wn-compress --files-from - -0 && wn-compress x \\\n  --json | jq .',
      '      - run: npx wn-compress . --shard ${{ matrix.shard }}/4',
      'wn-compress.config.js',
    ];
    assert.deepEqual(commandsIn(text.join('\n')), [
      ['./public', '--exclude', 'a b/**'],
      ['--files-from', '-', '-0'],
      ['x', '--json'],
      ['.', '--shard', '1/4'],
    ]);
    const names = DOCUMENTS.filter((name) => commandsOf(name).length > 0);
    for (const name of ['README.md', 'docs/CI.md', 'docs/MIGRATING.md', 'docs/PRE-COMMIT.md']) {
      assert.ok(names.includes(name), name);
    }
  });
});

describe('docs/MIGRATING.md', () => {
  const commands = blocksOf(readDocument('docs/MIGRATING.md'))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => commandsIn(text));

  it('has a command for each of the other tools', () => {
    assert.equal(commands.length, 4);
  });

  for (const words of commands) {
    it(`compresses with: wn-compress ${words.join(' ')}`, async () => {
      const [root = ''] = words;
      using tree = new Tree({
        [`${root}/a.js`]: script(3000),
        [`${root}/b/c.css`]: script(3000),
        [`${root}/d.png`]: 'png',
      });
      const { code, stderr } = await wnCompress(words, { cwd: tree.path });
      assert.deepEqual([code, stderr], [0, '']);
      const files = ['a.js', 'a.js.br', 'a.js.gz', 'b/c.css', 'b/c.css.br', 'b/c.css.gz', 'd.png'];
      const folder = root.replace('./', '');
      assertTree(
        tree,
        files.map((file) => `${folder}/${file}`),
      );
    });
  }
});
