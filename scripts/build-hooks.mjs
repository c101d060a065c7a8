// Builds a site with each tool that docs/LIBRARY.md has a hook for, with that very block as its
// configuration. Knows of each what else it needs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, PROJECT } from './consumer.mjs';
import { verifySidecars } from './verify.mjs';

/**
 * The heading of the block, where it is to stand, what is to be installed and run for it, and where the site
 * is then. What is large, or wants another Node.js than ours, is tried only when it is named.
 */
export const BUILD_HOOKS = {
  vite: {
    heading: 'Vite and Rollup',
    file: 'vite.config.js',
    packages: 'vite@8',
    command: 'npx vite build',
  },
  rollup: {
    heading: 'Vite and Rollup',
    file: 'rollup.config.js',
    packages: 'rollup@4',
    command: 'npx rollup --config --input src/main.js --dir dist',
    script: true,
  },
  webpack: {
    heading: 'webpack',
    file: 'webpack.config.js',
    packages: 'webpack@5 webpack-cli@7',
    command: 'npx webpack --mode production --entry ./src/main.js',
    script: true,
  },
  esbuild: {
    heading: 'esbuild',
    file: 'build.js',
    packages: 'esbuild@0.28',
    command: 'node build.js',
    script: true,
  },
  eleventy: {
    heading: 'Eleventy',
    file: 'eleventy.config.js',
    packages: '@11ty/eleventy@3.1.2',
    command: 'npx eleventy --input=index.html',
    folder: '_site',
    isLarge: true,
  },
  astro: {
    heading: 'Astro',
    file: 'astro.config.mjs',
    packages: 'astro@7',
    command: 'npx astro build',
    isLarge: true,
  },
};

/** Builds with one of them, twice: the second build is to find everything again. */
export function tryBuildHook(consumer, name) {
  const { heading, file, packages, command, folder = 'dist', script = false } = BUILD_HOOKS[name];
  const site = join(consumer.path, `hook-${name}`);
  cpSync(join(PROJECT, 'examples/vite'), site, {
    recursive: true,
    filter: (path) => !/(node_modules|package-lock\.json|dist)$/.test(path),
  });
  writeFileSync(join(site, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(site, file), block(heading));
  // Not every tool takes a style sheet by itself.
  const main = readFileSync(join(site, 'src/main.js'), 'utf8');
  if (script) writeFileSync(join(site, 'src/main.js'), main.replace(/^import .*$/m, ''));
  mkdirSync(join(site, 'src/pages'));
  cpSync(join(site, 'index.html'), join(site, 'src/pages/index.astro'));

  consumer.shell(site, `npm install --silent ${packages} ${consumer.tarball}`);
  for (const build of ['first', 'second']) {
    consumer.shell(site, command);
    const compressed = verifySidecars(join(site, folder));
    assert(compressed.length > 0, `the ${build} build left no sidecars`);
  }
}

function block(heading) {
  const text = readFileSync(join(PROJECT, 'docs/LIBRARY.md'), 'utf8');
  const section = text.split('\n### ').find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const found = /^```js\n(.*?)^```$/ms.exec(section)?.[1];
  assert(found !== undefined, `docs/LIBRARY.md has no block for ${heading}`);
  return found;
}
