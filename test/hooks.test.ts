// Shows the hooks of docs/PRE-COMMIT.md at work, just as they stand there: lint-staged and husky, pre-commit
// and a hook of one's own, in real repositories of git.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertTree, script } from './support/sidecars.js';
import { Tree } from './support/tree.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENT = readFileSync(join(PROJECT, 'docs/PRE-COMMIT.md'), 'utf8');
const COMMAND = join(PROJECT, 'dist/bin/wn-compress.js');

const runs = (...words: readonly [string, ...string[]]): boolean =>
  spawnSync(words[0], words.slice(1)).status === 0;

const NO_GIT = !runs('git', '--version') && 'git is not installed';
const NO_PRE_COMMIT = !runs('pre-commit', '--version') && 'pre-commit is not installed';

/** The block of the document behind a heading, by its language. */
function block(heading: string, language: string): string {
  const section = DOCUMENT.split('\n## ').find((one) => one.startsWith(heading));
  const found = section?.split(`\`\`\`${language}\n`)[1]?.split('```')[0];
  assert.ok(found, `${heading}: no block of ${language}`);
  return found;
}

/** A repository of a site, with the command where `npx` and a path find it. */
class Repository extends Tree {
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    super({
      'public/a.js': script(3000),
      'src/b.js': script(3000),
      '.gitignore': 'node_modules\n',
    });
    const packages = join(PROJECT, 'node_modules');
    for (const [name, target] of [
      ['wn-compress', COMMAND],
      ['lint-staged', join(packages, 'lint-staged/bin/lint-staged.js')],
    ] as const) {
      const path = `node_modules/.bin/${name}`;
      this.add({ [path]: `#!/bin/sh\nexec "${process.execPath}" "${target}" "$@"\n` });
      chmodSync(this.join(path), 0o755);
    }
    const path = [this.join('node_modules/.bin'), dirname(process.execPath), process.env['PATH']];
    this.#env = {
      ...process.env,
      PATH: path.join(':'),
      HOME: this.join('node_modules'),
      PRE_COMMIT_HOME: this.join('node_modules/.pre-commit'),
      GIT_CONFIG_NOSYSTEM: '1',
      npm_config_update_notifier: 'false',
    };
    Reflect.deleteProperty(this.#env, 'NODE_TEST_CONTEXT');
    this.run('git', 'init', '--quiet');
    this.run('git', 'config', 'user.email', 'a@example.org');
    this.run('git', 'config', 'user.name', 'A');
  }

  run(command: string, ...words: readonly string[]): string {
    const options = { cwd: this.path, encoding: 'utf8', env: this.#env } as const;
    return execFileSync(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Commits what is in the index, and gives the status and all that was said. */
  commit(): readonly [number | null, string] {
    const { status, stdout, stderr } = spawnSync('git', ['commit', '-m', 'x'], {
      cwd: this.path,
      encoding: 'utf8',
      env: this.#env,
    });
    return [status, stdout + stderr];
  }

  /** The paths of the last commit. */
  committed(): string[] {
    return this.run('git', 'ls-tree', '-r', '--name-only', 'HEAD').trim().split('\n');
  }

  /** Asserts that the work tree holds just what was committed, but for these. */
  assertClean(...others: readonly string[]): void {
    assert.equal(
      this.run('git', 'status', '--short'),
      others.map((path) => `?? ${path}\n`).join(''),
    );
  }
}

const WITH_SIDECARS = ['public/a.js', 'public/a.js.br', 'public/a.js.gz'];

describe(
  'hooks',
  { skip: NO_GIT || (process.platform === 'win32' && 'they are shell scripts') },
  () => {
    it('of lint-staged and husky commit the sidecars with their source', () => {
      using repository = new Repository();
      repository.add({
        'package.json': block('lint-staged and husky', 'json'),
        '.husky/pre-commit': block('lint-staged and husky', 'sh'),
      });
      repository.run(process.execPath, join(PROJECT, 'node_modules/husky/bin.js'));
      repository.run('git', 'add', 'public', 'src');
      const [status, said] = repository.commit();
      assert.equal(status, 0, said);
      assert.deepEqual(repository.committed(), [...WITH_SIDECARS, 'src/b.js']);
      repository.assertClean('.gitignore', '.husky/', 'package.json');
    });

    it('of one’s own do', () => {
      using repository = new Repository();
      repository.add({ '.git/hooks/pre-commit': block('A hook of your own', 'sh') });
      repository.run('chmod', '+x', '.git/hooks/pre-commit');
      repository.run('git', 'add', '.');
      const [status, said] = repository.commit();
      assert.equal(status, 0, said);
      assert.deepEqual(repository.committed(), ['.gitignore', ...WITH_SIDECARS, 'src/b.js']);
      repository.assertClean();
      repository.run('git', 'rm', '--quiet', '-r', 'public');
      const [deleted, saidThen] = repository.commit();
      assert.equal(deleted, 0, saidThen);
      assert.deepEqual(repository.committed(), ['.gitignore', 'src/b.js']);
    });

    it('stage what stands behind a linked folder', () => {
      using repository = new Repository();
      symlinkSync('public', repository.join('linked'));
      repository.run('wn-compress', 'linked', '--git-add', '--no-cache');
      repository.run('wn-compress', '--files', 'linked/a.js', '--git-add', '--no-cache');
      const staged = repository.run('git', 'diff', '--cached', '--name-only').trim().split('\n');
      assert.deepEqual(staged, ['public/a.js.br', 'public/a.js.gz']);
    });

    it('of pre-commit make, stage and check', { skip: NO_PRE_COMMIT }, () => {
      using hooks = new Repository();
      // That it installs the package is pre-commit's own; here it takes the command that is there.
      const definition = readFileSync(join(PROJECT, '.pre-commit-hooks.yaml'), 'utf8');
      hooks.add({
        '.pre-commit-hooks.yaml': definition.replaceAll('language: node', 'language: system'),
      });
      hooks.run('git', 'add', '.pre-commit-hooks.yaml');
      hooks.run('git', 'commit', '--quiet', '-m', 'hooks');
      hooks.run('git', 'tag', 'v0.1.0');

      using repository = new Repository();
      const configuration = block('pre-commit', 'yaml').replace('https://…', hooks.path);
      assert.ok(configuration.includes(hooks.path));
      const [making = '', checking = ''] = ['wn-compress-check', 'wn-compress'].map((other) =>
        configuration.replace(new RegExp(`      - id: ${other}\\n.*\\n`), ''),
      );
      repository.add({ '.pre-commit-config.yaml': making });
      repository.run('pre-commit', 'install');
      repository.run('git', 'add', '.');
      const [status, said] = repository.commit();
      assert.equal(status, 0, said);
      const others = ['.gitignore', '.pre-commit-config.yaml'];
      assert.deepEqual(repository.committed(), [...others, ...WITH_SIDECARS, 'src/b.js']);
      repository.assertClean();

      repository.add({ '.pre-commit-config.yaml': checking, 'public/a.js': script(4000) });
      repository.run('git', 'add', '.');
      const [refused, why] = repository.commit();
      assert.equal(refused, 1, why);
      assert.match(why, /stale {6}public\/a\.js\.gz/);
      repository.run('wn-compress', 'public', '--quiet');
      // The work tree is right now, but what would be committed is not.
      const [again, whyAgain] = repository.commit();
      assert.equal(again, 1, whyAgain);
      repository.run('git', 'add', '.');
      const [taken, saidThen] = repository.commit();
      assert.equal(taken, 0, saidThen);
      repository.assertClean();
      assertTree(repository, repository.list());
    });
  },
);
