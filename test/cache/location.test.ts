// Shows where the cache is looked for, in the order of the places, in processes with environments and
// working directories of their own. Nothing is created on the way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { platform } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { cacheFolder } from '../../src/cache/location.js';
import { FOLDER, Tree } from '../support/tree.js';

const LINUX_ONLY =
  platform() !== 'linux' && 'only here the environment names the folder of the user';
const AS_ROOT =
  (process.getuid?.() === 0 && 'root may write everywhere') ||
  (platform() === 'win32' && 'Windows has no such permission bits');

const MODULE = new URL('../../src/cache/location.js', import.meta.url).href;

/** What a process finds in a folder. */
function folderIn(cwd: string, env: Readonly<Record<string, string>>, cacheDir?: string): string {
  const others = { ...process.env };
  delete others['WN_COMPRESS_CACHE_DIR'];
  const code = `
    import { cacheFolder } from ${JSON.stringify(MODULE)};
    process.stdout.write(cacheFolder(${cacheDir === undefined ? '' : JSON.stringify(cacheDir)}));`;
  const argv = ['--input-type=module', '--eval', code];
  return execFileSync(process.execPath, argv, {
    cwd,
    env: { ...others, ...env },
    encoding: 'utf8',
  });
}

describe('the folder of the cache', () => {
  it('is the one that is asked for, before all others, from the working directory', () => {
    using tree = new Tree({ 'node_modules/a': '', here: FOLDER });
    const env = { WN_COMPRESS_CACHE_DIR: tree.join('by-variable') };
    assert.equal(folderIn(tree.join('here'), env, 'mine/cache'), tree.join('here/mine/cache'));
    assert.equal(folderIn(tree.path, env, tree.join('x')), tree.join('x'));
    assert.equal(cacheFolder('a/../b'), resolve('b'));
  });

  it('else is what the variable names, if that names anything', () => {
    using tree = new Tree({ 'node_modules/a': '' });
    const modules = tree.join('node_modules/.cache/wn-compress');
    assert.equal(folderIn(tree.path, { WN_COMPRESS_CACHE_DIR: 'c' }), tree.join('c'));
    assert.equal(folderIn(tree.path, { WN_COMPRESS_CACHE_DIR: '' }), modules);
  });

  it('else is below the nearest node_modules that is a folder', () => {
    using tree = new Tree({
      'node_modules/a': '',
      'site/node_modules/a': '',
      'site/public/deep': FOLDER,
      'other/node_modules': 'a file',
    });
    const below = (folder: string): string =>
      join(tree.join(folder), 'node_modules/.cache/wn-compress');
    assert.equal(folderIn(tree.join('site/public/deep'), {}), below('site'));
    assert.equal(folderIn(tree.join('site'), {}), below('site'));
    assert.equal(folderIn(tree.join('other'), {}), below(''));
  });

  it('else is the one of the user', { skip: LINUX_ONLY }, () => {
    using tree = new Tree({ here: FOLDER });
    const env = { XDG_CACHE_HOME: tree.join('user') };
    assert.equal(folderIn(tree.join('here'), env), tree.join('user/wn-compress'));
  });

  it(
    'is the one of the user where node_modules may not be written to',
    { skip: LINUX_ONLY || AS_ROOT },
    () => {
      using tree = new Tree({ 'node_modules/a': '' });
      chmodSync(tree.join('node_modules'), 0o500);
      try {
        const env = { XDG_CACHE_HOME: tree.join('user') };
        assert.equal(folderIn(tree.path, env), tree.join('user/wn-compress'));
      } finally {
        chmodSync(tree.join('node_modules'), 0o700);
      }
    },
  );

  it('is found also when the working directory is gone', { skip: LINUX_ONLY }, () => {
    using tree = new Tree({ 'gone/a': '' });
    const env = { ...process.env, WN_COMPRESS_CACHE_DIR: '', XDG_CACHE_HOME: tree.join('user') };
    const code = `
      const { cacheFolder } = await import(${JSON.stringify(MODULE)});
      const { rmSync } = await import('node:fs');
      rmSync(process.cwd(), { recursive: true });
      process.stdout.write(cacheFolder(undefined));`;
    const argv = ['--input-type=module', '--eval', code];
    const options = { cwd: tree.join('gone'), env, encoding: 'utf8' } as const;
    assert.equal(execFileSync(process.execPath, argv, options), tree.join('user/wn-compress'));
  });

  it('is not created by the question', () => {
    using tree = new Tree({ 'node_modules/a': '' });
    folderIn(tree.path, {});
    folderIn(tree.path, { WN_COMPRESS_CACHE_DIR: 'c' });
    assert.deepEqual(tree.list(), ['node_modules/a']);
  });
});
