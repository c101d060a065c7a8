// The demo: builds a real site in a fresh temporary folder and runs the built command on it, just as
// a user would, with its output straight on this terminal. `npm run demo` builds, then starts this.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from './site.js';

const COMMAND = fileURLToPath(new URL('../../bin/wn-compress.js', import.meta.url));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wn-compress-demo-')));
const site = buildSite(join(folder, 'public'));
const megabytes = (site.bytes / 1e6).toFixed(1);
console.log(`A site of ${site.files} files, ${megabytes} MB, stands in ${folder}`);
console.log('\n$ wn-compress ./public --cache-dir ./cache');

// A cache of its own: one that remembers an earlier demo would not show what the work costs.
const words = [COMMAND, './public', '--cache-dir', './cache'];
const child = spawn(process.execPath, words, { cwd: folder, stdio: 'inherit' });
// Ctrl-C reaches the command too; this process waits for it and ends as it did.
const wait = (): void => undefined;
process.on('SIGINT', wait).on('SIGTERM', wait);
const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
process.off('SIGINT', wait).off('SIGTERM', wait);

if (status === 0) console.log(whatToLookAt(folder));
process.exitCode = status ?? 1;
if (signal !== null) process.kill(process.pid, signal);

function whatToLookAt(demoFolder: string): string {
  const css = 'public/vendor/bootstrap/css';
  return `
The folder is yours to look at, and to delete:
  cd ${demoFolder}
Each file with its .gz and .br beside it, small and hidden ones too where it pays:
  ls -lA ${css} public/icons public/.well-known
Decoded, they are their source:
  gzip -dc ${css}/bootstrap.css.gz | cmp - ${css}/bootstrap.css
  brotli -dc ${css}/bootstrap.css.br | cmp - ${css}/bootstrap.css
And once more, to see that nothing is written twice:
  node ${COMMAND} ./public --cache-dir ./cache`;
}
