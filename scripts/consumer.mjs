// Owns a folder in which this package is used as others use it: packed, with this Node and its npm, and
// nothing of this project in the environment. Knows not what is done there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmProgram } from './npm.mjs';

/** Where this project is. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** What is of npm, of our cache, or would have the command say something else. */
const NOT_INHERITED =
  /^(npm_(?!config_)|npm_config_local_prefix$|WN_COMPRESS_|INIT_CWD$|FORCE_COLOR$|GITHUB_)/;

/** A temporary folder with the tarball of this package; gone when it is removed. */
export class Consumer {
  path = realpathSync(mkdtempSync(join(tmpdir(), 'wn-compress-consumer-')));

  /** @param programs - those that are to be found first, by their names */
  constructor(programs = {}) {
    const bin = join(this.path, 'bin');
    mkdirSync(bin);
    for (const [name, target] of Object.entries({ node: process.execPath, ...programs })) {
      symlinkSync(target, join(bin, name));
    }
    const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
    this.env = {
      ...Object.fromEntries(inherited),
      PATH: [bin, process.env.PATH].join(delimiter),
      CI: 'true',
      NO_COLOR: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_prefer_offline: 'true',
      npm_config_update_notifier: 'false',
    };
  }

  /** Packs what is built, and keeps where the tarball is. */
  pack() {
    const npm = npmProgram();
    if (npm === undefined) throw new Error('run this with npm');
    const words = ['pack', '--ignore-scripts', '--pack-destination', this.path];
    this.#run(PROJECT, process.execPath, [npm, ...words]);
    this.tarball = join(
      this.path,
      readdirSync(this.path).find((name) => name.endsWith('.tgz')),
    );
  }

  /** Shows a command, runs it in a folder of this one, and gives what it said on stdout. */
  shell(cwd, command) {
    console.log(`$ ${command}`);
    return this.#run(cwd, 'sh', ['-c', command]);
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true });
  }

  #run(cwd, command, argv) {
    const options = { cwd, env: this.env, encoding: 'utf8', maxBuffer: 2 ** 26 };
    const result = spawnSync(command, argv, options);
    if (result.error) throw result.error;
    if (result.status !== 0) {
      console.error(result.stdout + result.stderr);
      throw new Error(`${argv.at(-1)} ended with ${result.status ?? result.signal}`);
    }
    return result.stdout;
  }
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}
