// Shows which temporary files are removed and which stay: those of dead runs, of live ones, of this one.
// Who is dead is the business of temporary-file.test.ts; whole runs that are killed, of disturbed.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { removeLeftovers, removeTemporaryFiles } from '../src/leftovers.js';
import { temporaryName, temporaryPrefix } from '../src/temporary-file.js';
import { Tree } from './support/tree.js';

/** A name as a run made it whose process is dead and waited for. */
function nameOfDeadRun(): string {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return temporaryName(temporaryPrefix(pid));
}

describe('leftovers', () => {
  it('of dead runs are removed, and all else stays', async () => {
    const [dead, deadToo] = [nameOfDeadRun(), nameOfDeadRun()];
    const alive = temporaryName(temporaryPrefix(process.pid));
    const others = ['.wn-compress-x.tmp', 'a.js', 'a.js.gz', alive];
    const entries = Object.fromEntries(others.map((name) => [name, name]));
    using tree = new Tree({ ...entries, [dead]: '', [`x/${deadToo}`]: 'half' });
    const paths = tree.list().map((path) => tree.join(path));
    assert.equal(await removeLeftovers(paths, false), 2);
    assert.deepEqual(tree.snapshot(), { ...entries, x: 'folder/' });
  });

  it('are only counted in a dry run', async () => {
    const alive = temporaryName(temporaryPrefix(process.pid));
    using tree = new Tree({ [nameOfDeadRun()]: '', [nameOfDeadRun()]: 'half', [alive]: '' });
    const before = tree.snapshot();
    const paths = tree.list().map((path) => tree.join(path));
    assert.equal(await removeLeftovers(paths, true), 2);
    assert.deepEqual(tree.snapshot(), before);
  });

  it('that vanish, or cannot be removed, are neither counted nor an error', async () => {
    const [missing, folder] = [nameOfDeadRun(), nameOfDeadRun()];
    using tree = new Tree({ [`${folder}/keep`]: 'kept' });
    assert.equal(await removeLeftovers([tree.join(missing), tree.join(folder)], false), 0);
    assert.deepEqual(tree.snapshot(), { [`${folder}/keep`]: 'kept' });
  });
});

describe('the temporary files of one run', () => {
  it('are removed from the folders that are named, those of other runs never', async () => {
    const [own, other] = [temporaryPrefix(process.pid), temporaryPrefix(process.pid)];
    const kept = {
      'a/a.js': 'a',
      [`a/${temporaryName(other)}`]: '',
      [`b/${temporaryName(own)}`]: '',
    };
    using tree = new Tree({
      ...kept,
      [`a/${temporaryName(own)}`]: '1',
      [`a/${temporaryName(own)}`]: '2',
      [`a/c/${temporaryName(own)}`]: '3',
    });
    const folders = ['a', 'a', 'a/c', 'missing'].map((folder) => tree.join(folder));
    await removeTemporaryFiles(folders, own);
    assert.deepEqual(tree.snapshot(), { ...kept, 'a/c': 'folder/' });
  });
});
