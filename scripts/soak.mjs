// The soak: every test that tries random things tries them many more times, which takes about half an
// hour, and what was found goes into docs/RELIABILITY.md, with its date. `npm run test:soak -- 1 kill` is
// that of the files whose path holds the word; `npm run test:soak -- 0.1` is a tenth of all, and is not written.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where rounds are counted. */
const FILES = [
  'faults/',
  'hostile/',
  'fuzz/',
  'servers/',
  'properties',
  'cache-hostile',
  'cache-shared',
];

const DOCUMENT = fileURLToPath(new URL('../docs/RELIABILITY.md', import.meta.url));
const PLACE = /(<!-- figure: ([\w-]+) -->)(.*?)(<!-- \/ -->)/g;

const [share = '1', ...words] = process.argv.slice(2);
if (!(Number(share) > 0 && Number(share) <= 1)) {
  console.error(`'${share}' is no share of the soak: give a number above 0, at most 1.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'wn-compress-soak-'));
const figures = join(folder, 'figures');
const script = fileURLToPath(new URL('test.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [script, ...(words.length > 0 ? words : FILES)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_SOAK: share, TEST_FIGURES: figures },
});
const found = new Map(
  (existsSync(figures) ? readFileSync(figures, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ name, text }) => [name, text]),
);
rmSync(folder, { recursive: true });
console.log();
for (const [name, text] of found) console.log(`${name}: ${text}`);

process.exitCode = status ?? 1;
if (status === 0 && share === '1') process.exitCode = writeFigures(words.length === 0);

/**
 * Puts the figures into the document. A whole soak has one for each place.
 *
 * @returns the exit code: 1 when a place has none, or a figure no place
 */
function writeFigures(isWhole) {
  const document = readFileSync(DOCUMENT, 'utf8');
  const places = [...document.matchAll(PLACE)].map(([, , name]) => name);
  const date = new Date().toISOString().slice(0, 10);
  const dated = [...found].map(([name, text]) => [name, `${text} (${date})`]);
  const figures = new Map([...dated, ['node', process.versions.node]]);
  if (isWhole) figures.set('duration', `${Math.round(performance.now() / 60_000)} minutes`);
  const missing = isWhole ? places.filter((name) => !figures.has(name)) : [];
  const homeless = [...figures.keys()].filter((name) => !places.includes(name));
  if (missing.length > 0) console.error(`Without a figure: ${missing.join(', ')}`);
  if (homeless.length > 0) console.error(`Without a place: ${homeless.join(', ')}`);
  if (missing.length + homeless.length > 0) return 1;
  const fill = (_, before, name, old, after) => before + (figures.get(name) ?? old) + after;
  writeFileSync(DOCUMENT, document.replace(PLACE, fill));
  return 0;
}
