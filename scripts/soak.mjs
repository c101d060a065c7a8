// The soak: every test that tries random things tries them many more times, which takes about half an
// hour, and what was found goes into docs/RELIABILITY.md. `npm run test:soak -- 0.1 kill` is a tenth of
// it in the files whose path holds that word, and writes nothing there.
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
found.set('duration', `${Math.round(performance.now() / 60_000)} minutes`);
console.log();
for (const [name, text] of found) console.log(`${name}: ${text}`);

const isWhole = share === '1' && words.length === 0;
if (status === 0 && isWhole) process.exitCode = writeFigures();
else process.exitCode = status ?? 1;

/** Puts the figures into the document; 1 when a place has none, or a figure no place. */
function writeFigures() {
  const document = readFileSync(DOCUMENT, 'utf8');
  const places = [...document.matchAll(PLACE)].map(([, , name]) => name);
  const missing = places.filter((name) => !found.has(name));
  const homeless = [...found.keys()].filter((name) => !places.includes(name));
  const filled = document.replace(
    PLACE,
    (_, before, name, old, after) => before + (found.get(name) ?? old) + after,
  );
  writeFileSync(DOCUMENT, filled);
  if (missing.length > 0) console.error(`Without a figure: ${missing.join(', ')}`);
  if (homeless.length > 0) console.error(`Without a place: ${homeless.join(', ')}`);
  return missing.length + homeless.length > 0 ? 1 : 0;
}
