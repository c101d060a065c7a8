// Shows what the package consists of and may reach: which packages come with it and what for, that nothing
// runs when it is installed, and which modules of Node.js its own code uses.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const ROOT = new URL('../../../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const SKIP = !existsSync(new URL('package-lock.json', ROOT)) && 'not in the repository';
const LOCKED: readonly (readonly [path: string, locked: Locked])[] = SKIP
  ? []
  : Object.entries(
      (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages,
    );
const PRODUCTION = LOCKED.filter(([path, { dev }]) => path !== '' && dev !== true);

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

describe('the dependencies', { skip: SKIP }, () => {
  it('are those that SECURITY.md lists, and no others', () => {
    const [, list = ''] = /## Dependencies([^]*?)\n## /.exec(read('SECURITY.md')) ?? [];
    const listed = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const own = ['package-lock.json', 'node_modules', '--include', '--exclude'];
    const names = listed.filter((name) => !own.includes(name)).sort();
    const installed = new Set(
      PRODUCTION.map(([path]) => nameOf(path).replace(/^@napi-rs\/nice-.*/, '@napi-rs/nice-*')),
    );
    assert.deepEqual(names, [...installed].sort());
    // Those that we ask for ourselves stand in front, each with what it is for.
    const rows = [...list.matchAll(/^\| `([^`]+)` +\| \S.*\|$/gm)].map(([, name]) => name);
    const asked = (JSON.parse(read('package.json')) as Locked).dependencies ?? {};
    assert.deepEqual(rows, Object.keys(asked).sort());
  });

  it('run nothing when they are installed, nor does this package', () => {
    // Of the development too: `npm ci` is what contributors and CI run.
    assert.deepEqual(
      LOCKED.filter(([, { hasInstallScript }]) => hasInstallScript === true),
      [],
    );
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    assert.deepEqual(
      hooks.filter((hook) => hook in scripts),
      [],
    );
    assert.ok(!existsSync(new URL('binding.gyp', ROOT)));
  });

  it('come from the registry, each with its digest', () => {
    for (const [path, { version, resolved, integrity }] of PRODUCTION) {
      assert.match(version ?? '', /^\d+\.\d+\.\d+/, path);
      assert.match(integrity ?? '', /^sha512-/, path);
      assert.doesNotMatch(resolved ?? '', /^(git|file|http:)/, path);
    }
  });

  it('are imported, each one that is asked for', () => {
    const imported = new Set(ownCode().flatMap(({ imports }) => imports));
    const asked = (JSON.parse(read('package.json')) as Locked).dependencies ?? {};
    const packages = [...imported].filter(
      (name) => !name.startsWith('node:') && !name.startsWith('.'),
    );
    assert.deepEqual(packages.sort(), Object.keys(asked).sort());
  });
});

/** The compiled files of the package, with what each imports. */
function ownCode(): { path: string; text: string; imports: string[] }[] {
  return ['bin', 'src', 'workers'].flatMap((folder) => {
    const files = readdirSync(new URL(`dist/${folder}/`, ROOT), { recursive: true }).map(String);
    return files
      .filter((file) => file.endsWith('.js'))
      .map((file) => {
        const path = `dist/${folder}/${file.replaceAll('\\', '/')}`;
        // Comments may show how the package is imported.
        const text = read(path).replaceAll(/\/\*[^]*?\*\//g, '');
        const found = text.matchAll(
          /(?:^|[\s;}])(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g,
        );
        return { path, text, imports: [...found].map(([, name = '']) => name) };
      });
  });
}

describe('the code of the package', () => {
  const MODULES = [
    'node:buffer', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:os', 'node:path', 'node:process',
    'node:stream', 'node:stream/consumers', 'node:stream/promises', 'node:timers/promises', 'node:url', 'node:util',
    'node:worker_threads', 'node:zlib',
  ]; // prettier-ignore

  /** What a file may do that no other may: start git when that is asked for, and load a configuration. */
  const EXCEPTIONS: Readonly<Record<string, string>> = {
    'dist/src/cli/git-add.js': 'node:child_process',
    'dist/src/cli/config-file.js': 'import(pathToFileURL(path)',
  };

  it('uses no module that starts programs, evaluates text or opens connections', () => {
    const files = ownCode();
    assert.ok(files.length > 80, `${files.length} files`);
    for (const { path, imports } of files) {
      const others = imports.filter(
        (name) => !name.startsWith('.') && ![...MODULES, EXCEPTIONS[path]].includes(name),
      );
      for (const name of others) assert.match(name, /^[a-z-]+$/, `${path} imports ${name}`);
      const builtin = [
        'child_process',
        'vm',
        'net',
        'http',
        'https',
        'dgram',
        'inspector',
        'cluster',
        'module',
      ];
      assert.deepEqual(
        others.filter((name) => builtin.includes(name)),
        [],
        path,
      );
    }
  });

  it('evaluates no text, and imports nothing but by a name that stands there', () => {
    for (const { path, text } of ownCode()) {
      assert.doesNotMatch(text, /\beval\s*\(|new Function\b|\bprocess\.(binding|dlopen)\b/, path);
      for (const [call] of text.matchAll(/\bimport\s*\([^)]*\)/g)) {
        if (call !== EXCEPTIONS[path]) assert.match(call, /^import\('[\w./-]+'\)$/, path);
      }
    }
  });
});
