// Shows by a table which paths a glob matches and which it does not, and the order of the rules of names.
// Pure: these paths do not exist.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../src/errors.js';
import { createSelector } from '../src/select.js';

const NONE = { skipExtensions: [], include: [], exclude: [] };

describe('a glob', () => {
  const rows: readonly [glob: string, matches: readonly string[], others: readonly string[]][] = [
    ['*.js', ['a.js', 'A.JS', '.a.js', 'a\n.js', '-a.js'], ['x/a.js', 'a.jsx', 'a.js/b.css']],
    ['**/*.js', ['a.js', 'x/a.js', '.x/y\n/.a.js', 'x\u2028/a.js'], ['a.css', 'a.js/b.css']],
    ['**', ['a', '.a', 'x/y', 'a\nb', '...', '..a', 'x\r/y\u2029'], []],
    ['map', ['map', 'map/a', 'MAP/x/.y', 'map/a\nb'], ['x/map', 'map2', 'xmap/a']],
    ['map/', ['map/a', 'map/x/y'], ['x/map/a', 'mapa']],
    ['map/**', ['map/a', 'map/x/.y\n'], ['x/map/a', 'mapa']],
    ['./map', ['map/a'], ['x/map/a']],
    ['/map', ['map/a'], ['x/map/a']],
    ['.//map//x', ['map/x/a'], ['map/y']],
    ['**/map', ['map/a', 'x/map/a', 'x/map'], ['mapa']],
    ['assets/*', ['assets/a', 'assets/.a'], ['assets/x/a']],
    ['build-*', ['build-1'], ['build-1/a']],
    ['build-*/', ['build-1/a', 'build-1/x/a'], ['build/a']],
    ['/', ['a', 'x/y'], []],
    ['.', ['a', 'x/y'], []],
    ['{map,css}', ['map/a', 'css/a'], ['js/a']],
    ['{*.js,map}', ['a.js', 'map/a'], ['x/a.js']],
    ['*.{js}', ['a.js', 'a.{js}'], ['a.css']],
    ['{1..10}.js', ['1.js', '10.js'], ['0.js', '11.js']],
    ['!(a|b).js', ['c.js'], ['a.js', 'b.js']],
    ['!x.js', ['!x.js'], ['x.js', 'y.js']],
    ['\\!x.js', ['!x.js'], ['x.js']],
    ['[slug].html', ['[slug].html', 's.html'], ['x.html']],
    ['[slug]', ['[slug]/a.html'], ['s/a.html']],
    ['\\[slug\\]/*', ['[slug]/a'], ['s/a']],
    ['a(b).js', ['a(b).js'], ['a(c).js']],
    ['"q".*', ['"q".js'], ['q.js']],
    ["it's.{js,css}", ["it's.js", "it's.css"], ['its.js']],
    ['a+b $c.js', ['a+b $c.js'], ['aab $c.js']],
    ['É.js', ['é.js'], ['e.js']],
    ['a\\\\b.*', ['a\\b.js'], ['a/b.js', 'ab.js']],
  ];
  for (const [glob, matches, others] of rows) {
    it(`${JSON.stringify(glob)} matches just what it says, for exclude and for include`, () => {
      const paths = [...matches, ...others];
      const exclude = createSelector({ ...NONE, exclude: [glob] });
      assert.deepEqual(
        paths.filter((path) => exclude(path) === 'excluded'),
        matches,
      );
      const include = createSelector({ ...NONE, include: [glob] });
      assert.deepEqual(
        paths.filter((path) => include(path) === undefined),
        matches,
      );
    });
  }

  it('that cannot be compiled is a usage error that names the option and the glob', () => {
    for (const glob of ['[z-a]', 'x{1..100000}']) {
      assert.throws(
        () => createSelector({ ...NONE, include: [glob] }),
        (error) =>
          error instanceof UsageError && error.option === 'include' && error.value === glob,
      );
    }
  });
});

describe('the rules of names', () => {
  it('are asked in the order extension, exclude, include', () => {
    const select = createSelector({
      skipExtensions: ['png'],
      exclude: ['map/**'],
      include: ['**/*.js'],
    });
    const reasons = ['map/a.png', 'map/a.js', 'a.css', 'x/a.js'].map((path) => select(path));
    assert.deepEqual(reasons, ['excluded-extension', 'excluded', 'not-included', undefined]);
  });

  it('leave nothing out when there are none', () => {
    assert.equal(createSelector(NONE)('any/thing.png'), undefined);
  });
});
