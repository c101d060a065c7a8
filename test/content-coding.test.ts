// Shows where sidecars stand and which names are sidecars, on names alone: no file exists here. What a
// scan makes of that is shown in scan.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSidecar, sidecarPath, sourcePathOf, SUFFIXES } from '../src/content-coding.js';

it('a sidecar stands beside its source, under its name and a suffix', () => {
  assert.deepEqual(
    [sidecarPath('a/app.js', 'gzip'), sidecarPath('a/app.js', 'br'), sidecarPath('app.js', 'zstd')],
    ['a/app.js.gz', 'a/app.js.br', 'app.js.zst'],
  );
  assert.deepEqual(SUFFIXES, { gzip: '.gz', br: '.br', zstd: '.zst' });
});

describe('the source of a sidecar', () => {
  const rows: readonly [path: string, source: string | undefined][] = [
    ['app.js.gz', 'app.js'],
    ['/x/app.js.br', '/x/app.js'],
    ['app.zst', 'app'],
    ['app.js.gz.br', 'app.js.gz'],
    ['a\nb.gz', 'a\nb'],
    ['app.js', undefined],
    ['app.js.GZ', undefined],
    ['app.js.gzip', undefined],
    ['appgz', undefined],
    ['.gz', undefined],
    ['x/.br', undefined],
    ['x\\.zst', 'x\\'],
    ['x/\\.zst', 'x/\\'],
    ['', undefined],
  ];
  for (const [path, source] of rows) {
    it(`${JSON.stringify(path)} is ${source === undefined ? 'none' : JSON.stringify(source)}`, () => {
      assert.equal(sourcePathOf(path), source);
      const asked: string[] = [];
      const exists = (candidate: string) => asked.push(candidate) > 0;
      assert.equal(isSidecar(path, exists), source !== undefined);
      assert.deepEqual(asked, source === undefined ? [] : [source]);
      assert.equal(
        isSidecar(path, () => false),
        false,
      );
    });
  }
});
