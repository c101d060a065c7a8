// Runs the compiled test files: all of them, or those whose path holds one of the words given
// (`npm test -- scan`). Node 20's `--test` knows no globs, and its folder search takes every file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../dist/test', import.meta.url));
const words = process.argv.slice(2);

const files = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
  .map((file) => join(folder, file));

if (files.length === 0) {
  console.error(`No compiled test file${words.length > 0 ? ` matches ${words.join(', ')}` : ''}.`);
  process.exit(1);
}
// Left to itself it leaves one core idle, and many tests wait more than they work.
const concurrency = `--test-concurrency=${availableParallelism()}`;
// Without the word, Node 20 writes TAP into a pipe, several lines for each test.
const argv = ['--test', '--test-reporter=spec', concurrency, ...files];
// No test is to find what another has encoded, nor to leave anything in the cache of whoever runs it.
const WN_COMPRESS_CACHE_DIR = mkdtempSync(join(tmpdir(), 'wn-compress-test-cache-'));
const env = { ...process.env, WN_COMPRESS_CACHE_DIR };
// Where GitHub runs the tests, the command would talk to it, and add to the summary of that job.
delete env.GITHUB_ACTIONS;
delete env.GITHUB_STEP_SUMMARY;
const { status, signal } = spawnSync(process.execPath, argv, { stdio: 'inherit', env });
rmSync(WN_COMPRESS_CACHE_DIR, { recursive: true, force: true });
if (signal !== null) console.error(`The tests were ended by ${signal}.`);
process.exit(status ?? 1);
