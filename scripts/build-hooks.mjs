// Builds a site with each tool that docs/LIBRARY.md has a hook for, with that very block as its
// configuration. Knows of each what else it needs.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, PROJECT } from './consumer.mjs';
import { verifySidecars } from './verify.mjs';

/**
 * The heading of the block, where it is to stand, what is to be installed and run for it, and where the site
 * is then, if not in `dist`. What takes long to install is tried only when it is named.
 */
export const BUILD_HOOKS = {
  vite: {
    heading: 'Vite and Rollup',
    file: 'vite.config.js',
    packages: ['vite@8'],
    command: 'npx vite build',
  },
  rollup: {
    heading: 'Vite and Rollup',
    file: 'rollup.config.js',
    packages: ['rollup@4'],
    command: 'npx rollup --config --input src/main.js --dir dist',
  },
  webpack: {
    heading: 'webpack',
    file: 'webpack.config.js',
    packages: ['webpack@5', 'webpack-cli@7'],
    command: 'npx webpack --mode production --entry ./src/main.js',
  },
  esbuild: {
    heading: 'esbuild',
    file: 'build.js',
    packages: ['esbuild@0.28'],
    command: 'node build.js',
  },
  eleventy: {
    heading: 'Eleventy',
    file: 'eleventy.config.js',
    packages: ['@11ty/eleventy@3.1.2'],
    command: 'npx eleventy --input=index.html',
    folder: '_site',
    isLarge: true,
  },
  // Wants Node.js 22.12.
  astro: {
    heading: 'Astro',
    file: 'astro.config.mjs',
    packages: ['astro@7'],
    command: 'npx astro build',
    isLarge: true,
  },
};

/** Builds with each of them, twice: the second time with what the first one left. */
export function tryBuildHooks(consumer, names) {
  const site = join(consumer.path, 'hooks');
  mkdirSync(join(site, 'src/pages'), { recursive: true });
  const [page, main] = ['index.html', 'src/main.js'].map((name) =>
    readFileSync(join(PROJECT, 'examples/vite', name), 'utf8'),
  );
  writeFileSync(join(site, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(site, 'index.html'), page);
  cpSync(join(site, 'index.html'), join(site, 'src/pages/index.astro'));
  // Not every tool takes a style sheet by itself.
  writeFileSync(join(site, 'src/main.js'), main.replace(/^import .*$/m, ''));
  const packages = names.flatMap((name) => BUILD_HOOKS[name].packages);
  consumer.shell(site, `npm install --silent ${[...packages, consumer.tarball].join(' ')}`);
  for (const name of names) {
    const { heading, file, command, folder = 'dist' } = BUILD_HOOKS[name];
    const built = join(site, folder);
    rmSync(built, { recursive: true, force: true });
    writeFileSync(join(site, file), block(heading));
    for (const build of ['first', 'second']) {
      consumer.shell(site, command);
      const compressed = verifySidecars(built);
      assert(compressed.length > 0, `${name}: the ${build} build left no sidecars`);
    }
  }
}

function block(heading) {
  const text = readFileSync(join(PROJECT, 'docs/LIBRARY.md'), 'utf8');
  const section = text.split('\n### ').find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const found = /^```js\n(.*?)^```$/ms.exec(section)?.[1];
  assert(found !== undefined, `docs/LIBRARY.md has no block for ${heading}`);
  return found;
}
