// Builds the page of a report, which the command puts data into: its script, bundled with the layout library, and
// its style, in one file, with a policy that lets nothing else run. Runs behind the compiler.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild-wasm';

const CLIENT = new URL('../src/cli/page/client/', import.meta.url);
const OUTPUT = new URL('../dist/src/cli/page/page.html', import.meta.url);

/** More than this is no longer what a page of one report should weigh. */
const MOST_BYTES = 60_000;

const script = `${licences()}\n${await bundle()}`;
const style = read('page.css')
  .replaceAll(/\/\*.*?\*\//gs, '')
  .replaceAll(/\s+/g, ' ')
  .trim();
const policy = [
  "default-src 'none'",
  `script-src '${digest(script)}'`,
  `style-src '${digest(style)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

let page = read('page.html').replaceAll(/>\s+</g, '><').replaceAll(/\s+/g, ' ');
for (const [name, text] of Object.entries({ policy, style, script })) {
  // A function: in a text, `$` would have a meaning.
  page = page.replace(`<!--${name}-->`, () => text);
}
if (!page.includes('<!--data-->')) throw new Error('the page has no place for data');
if (/<\/(script|style)/i.test(script + style)) throw new Error('the page would end within itself');
if (page.length > MOST_BYTES) throw new Error(`the page has ${page.length} bytes`);
mkdirSync(new URL('.', OUTPUT), { recursive: true });
writeFileSync(OUTPUT, page);

async function bundle() {
  const { outputFiles, warnings } = await build({
    entryPoints: [fileURLToPath(new URL('main.ts', CLIENT))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  for (const { text } of warnings) throw new Error(text);
  return outputFiles[0].text.trim();
}

/** What the licence of a bundled package asks for: its notice, in every copy. */
function licences() {
  const text = readFileSync(
    new URL('../node_modules/d3-hierarchy/LICENSE', import.meta.url),
    'utf8',
  );
  return `/*! d3-hierarchy\n${text.trim()}\n*/`;
}

/** As a policy names what may run or style the page (CSP 3, section 2.3.1). */
function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function read(name) {
  return readFileSync(new URL(name, CLIENT), 'utf8');
}
