// Shows that a source is read whole, and that whatever happens to it meanwhile is noticed, on real files.
// What a run does then is shown in disturbed.test.ts.
import assert from 'node:assert/strict';
import {
  appendFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { FileFailed } from '../src/failure.js';
import { OpenSource, SourceChanged } from '../src/source.js';
import { Tree } from './support/tree.js';

function failsWith(code: string, operation: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof FileFailed);
    assert.equal(error.failure.code, code);
    assert.equal(error.failure.operation, operation);
    return true;
  };
}

describe('open source', () => {
  it('reads the whole content at once and in chunks', () => {
    using tree = new Tree({ a: 'abcdefg' });
    using atOnce = new OpenSource(tree.join('a'));
    assert.equal(atOnce.readAll().toString(), 'abcdefg');
    using inChunks = new OpenSource(tree.join('a'));
    const chunks = [...inChunks.readChunks(3)].map(({ chunk, isLast }) => [
      chunk.toString(),
      isLast,
    ]);
    assert.deepEqual(chunks, [
      ['abc', false],
      ['def', false],
      ['g', true],
    ]);
    atOnce.assertUnchanged();
  });

  const changes: Readonly<Record<string, (path: string) => void>> = {
    grows: (path) => {
      appendFileSync(path, 'x');
    },
    'is truncated': (path) => {
      truncateSync(path, 3);
    },
    'is written anew with the same size': (path) => {
      writeFileSync(path, 'gfedcba');
    },
    'is written anew under its old time': (path) => {
      writeFileSync(path, 'gfedcba');
      utimesSync(path, 1, 1);
    },
    'is deleted': (path) => {
      unlinkSync(path);
    },
    'is replaced by another file': (path) => {
      writeFileSync(`${path}.new`, 'abcdefg');
      renameSync(`${path}.new`, path);
    },
  };
  /** Windows keeps the name of an open file from being taken over. */
  const IN_USE = process.platform === 'win32' && 'the file is in use';
  for (const [change, apply] of Object.entries(changes)) {
    const skip = change === 'is replaced by another file' && IN_USE;
    it(`notices that the source ${change}`, { skip }, async () => {
      using tree = new Tree({ a: 'abcdefg' });
      using source = new OpenSource(tree.join('a'));
      source.readAll();
      // One tick of the file system's clock, which is all that can be told apart.
      await new Promise((resolve) => setTimeout(resolve, 20));
      apply(tree.join('a'));
      assert.throws(() => {
        source.assertUnchanged();
      }, SourceChanged);
    });
  }

  it('notices that the source is shorter while it is read', () => {
    using tree = new Tree({ a: 'abcdefg' });
    using source = new OpenSource(tree.join('a'));
    truncateSync(tree.join('a'), 3);
    assert.throws(() => source.readAll(), SourceChanged);
  });

  it(
    'fails for what is missing or a folder, and does not wait for a FIFO',
    { skip: process.platform === 'win32' && 'no FIFOs' },
    () => {
      using tree = new Tree({ 'folder/a': '' });
      execFileSync('mkfifo', [tree.join('fifo')]);
      assert.throws(() => new OpenSource(tree.join('missing')), failsWith('ENOENT', 'open'));
      assert.throws(() => new OpenSource(tree.join('folder')), failsWith('ENOTREG', 'open'));
      assert.throws(() => new OpenSource(tree.join('fifo')), failsWith('ENOTREG', 'open'));
    },
  );
});
