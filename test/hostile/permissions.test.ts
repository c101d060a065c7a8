// Shows what a user without rights comes to: what is closed fails by name, all else is done, and nothing
// of another user's is changed. As root it runs the command as `nobody`; as a user, as that user.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, lstatSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, it } from 'node:test';
import type { Report } from '../../src/index.js';
import { COMMAND, wnCompress } from '../cli/command.js';
import { ANY_NAMES } from '../support/capability.js';
import { assertSidecar, script } from '../support/sidecars.js';
import { FOLDER, Tree } from '../support/tree.js';

const CODE = script(900);
const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;
const UNDER = IS_ROOT
  ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
  : [];

/** The command may lie where others have no access. */
function cannotRun(): string | false {
  const argv = [...UNDER.slice(1), process.execPath, COMMAND, '--version'];
  const { status } = spawnSync(UNDER[0] ?? 'env', argv, { cwd: '/' });
  return status !== 0 && 'the command cannot be run by an ordinary user here';
}
const SKIP = ANY_NAMES || cannotRun();
const NOT_ROOT = !IS_ROOT && 'only root may make files of other users';

/** Gives all of a tree to the user that runs the command. */
function hand(tree: Tree): void {
  if (IS_ROOT) execFileSync('chown', ['-hR', `${NOBODY}:${NOBODY}`, tree.path]);
}

async function run(
  tree: Tree,
  words: readonly string[] = [],
): Promise<{ code: number | null; report: Report; stderr: string }> {
  const { code, stdout, stderr } = await wnCompress(['.', '--json', ...words], {
    cwd: tree.path,
    under: UNDER,
  });
  return { code, stderr, report: JSON.parse(stdout) as Report };
}

function failuresOf(tree: Tree, { failures }: Report): string[] {
  return failures.map(({ code, path }) => `${code} ${relative(tree.path, path)}`).sort();
}

describe('a user without rights', { skip: SKIP }, () => {
  it('is told each file and folder that is closed, and gets all others', async () => {
    using tree = new Tree({
      'open/a.js': CODE,
      'open/closed.js': CODE,
      'open/closed.js.gz': 'old',
      'shut/b.js': CODE,
      'unlisted/c.js': CODE,
      'unentered/d.js': CODE,
      'fixed/e.js': CODE,
      'fixed/e.js.gz': 'stale',
      'open/secret.js': CODE,
      'open/secret.js.br': 'unreadable',
      'open/empty': FOLDER,
    });
    hand(tree);
    const modes: readonly (readonly [string, number])[] = [
      ['open/closed.js', 0], ['open/secret.js.br', 0], ['open/empty', 0], ['shut', 0], ['unlisted', 0o300],
      ['unentered', 0o600], ['fixed', 0o555],
    ]; // prettier-ignore
    for (const [path, mode] of modes) chmodSync(tree.join(path), mode);
    try {
      const check = await wnCompress(['.', '--check'], { cwd: tree.path, under: UNDER });
      assert.equal(check.code, 1);
      for (const words of [['--prune=all'], [], ['--keep-valid']]) {
        const { code, report, stderr } = await run(tree, words);
        assert.equal(code, 1);
        assert.deepEqual(
          failuresOf(tree, report),
          [
            'EACCES fixed/e.js.br',
            'EACCES fixed/e.js.gz',
            'EACCES open/closed.js',
            'EACCES open/empty',
            'EACCES shut',
            'EACCES unentered/d.js',
            'EACCES unlisted',
          ],
          stderr,
        );
        for (const line of stderr.trimEnd().split('\n')) {
          assert.match(line, /^wn-compress: (warning: )?.+: .+(exclude|change)/);
        }
      }
    } finally {
      for (const [path] of modes.toReversed()) chmodSync(tree.join(path), 0o700);
    }
    assert.deepEqual(tree.list(), [
      'fixed/e.js', 'fixed/e.js.gz', 'open/a.js', 'open/a.js.br', 'open/a.js.gz', 'open/closed.js',
      'open/closed.js.gz', 'open/empty', 'open/secret.js', 'open/secret.js.br', 'open/secret.js.gz',
      'shut/b.js', 'unentered/d.js', 'unlisted/c.js',
    ]); // prettier-ignore
    assert.equal(tree.snapshot()['fixed/e.js.gz'], 'stale');
    assert.equal(tree.snapshot()['open/closed.js.gz'], 'old');
    // What nobody may read is replaced, which takes no right to read it.
    for (const path of ['a.js.gz', 'a.js.br', 'secret.js.gz', 'secret.js.br'])
      assertSidecar(tree, `open/${path}`);
  });

  it('ends with 2 where the root is closed, with 1 where it may not be written', async () => {
    using tree = new Tree({ 'closed/a.js': CODE, 'fixed/a.js': CODE, file: CODE });
    hand(tree);
    chmodSync(tree.join('closed'), 0);
    chmodSync(tree.join('file'), 0);
    chmodSync(tree.join('fixed'), 0o555);
    try {
      for (const [root, expected] of [
        ['closed', 2],
        ['closed/a.js', 2],
        ['fixed', 1],
        ['file', 1],
      ] as const) {
        const { code, stderr } = await wnCompress([root], { cwd: tree.path, under: UNDER });
        assert.equal(code, expected, `${root}: ${stderr}`);
        assert.match(stderr, /^wn-compress: .*(permission denied|not writable)/);
      }
    } finally {
      for (const path of ['closed', 'fixed', 'file']) chmodSync(tree.join(path), 0o700);
    }
    assert.deepEqual(tree.list(), ['closed/a.js', 'file', 'fixed/a.js']);
  });

  it('works in sticky and setgid folders, and no bit but the permissions is taken over', async () => {
    using tree = new Tree({ 'sticky/a.js': CODE, 'setgid/b.js': CODE, 'setgid/x/c.js': CODE });
    hand(tree);
    chmodSync(tree.join('sticky'), 0o1777);
    chmodSync(tree.join('setgid'), 0o2775);
    chmodSync(tree.join('sticky/a.js'), 0o1644);
    chmodSync(tree.join('setgid/b.js'), 0o6755);
    for (const status of ['written', 'unchanged']) {
      const { code, report } = await run(tree);
      assert.deepEqual([code, report.failures], [0, []]);
      const variants = report.sources.flatMap((source) => source.variants);
      assert.ok(variants.every((variant) => variant.status === status));
      for (const [source, mode] of [
        ['sticky/a.js', 0o644],
        ['setgid/b.js', 0o755],
      ] as const) {
        for (const suffix of ['gz', 'br']) {
          const sidecar = `${source}.${suffix}`;
          assertSidecar(tree, sidecar);
          assert.equal(lstatSync(tree.join(sidecar)).mode & 0o7777, mode, sidecar);
        }
      }
    }
  });
});

describe('files of other users', { skip: SKIP || NOT_ROOT }, () => {
  it('are replaced in one’s own folder, refused in a sticky one, and never changed in place', async () => {
    using outside = new Tree({ hostname: 'precious', hostname2: 'precious' });
    using tree = new Tree({
      'own/a.js': CODE,
      'own/a.js.gz': 'of root, stale',
      'own/a.js.br': { link: outside.join('hostname') },
      'sticky/b.js': CODE,
      'sticky/b.js.gz': 'of root, stale',
      'sticky/b.js.br': { link: outside.join('hostname2') },
      'sticky/secret.js': CODE,
      'sticky/roots.js': CODE,
    });
    hand(tree);
    for (const path of [
      'own/a.js.gz',
      'own/a.js.br',
      'sticky/b.js.gz',
      'sticky/b.js.br',
      'sticky/secret.js',
      'sticky/roots.js',
    ]) {
      lchownSync(tree.join(path), 0, 0);
    }
    chmodSync(tree.join('sticky/secret.js'), 0o600);
    chownSync(tree.join('sticky'), 0, 0);
    chmodSync(tree.join('sticky'), 0o1777);
    const { code, report, stderr } = await run(tree, ['--prune=all']);
    assert.equal(code, 1);
    assert.deepEqual(
      failuresOf(tree, report),
      ['EACCES sticky/secret.js', 'EPERM sticky/b.js.br', 'EPERM sticky/b.js.gz'],
      stderr,
    );
    const snapshot = tree.snapshot();
    assert.equal(snapshot['sticky/b.js.gz'], 'of root, stale');
    assert.equal(snapshot['sticky/b.js.br'], `→ ${outside.join('hostname2')}`);
    for (const path of ['own/a.js.gz', 'own/a.js.br', 'sticky/roots.js.gz', 'sticky/roots.js.br']) {
      assertSidecar(tree, path);
      // What cannot be given to the owner of the source stays with who made it.
      assert.equal(statSync(tree.join(path)).uid, NOBODY);
    }
    assert.deepEqual(outside.snapshot(), { hostname: 'precious', hostname2: 'precious' });
    assert.deepEqual(
      tree.list().filter((path) => path.endsWith('.tmp')),
      [],
    );
  });
});
