// Asks the registry whether a package that comes with ours has a known vulnerability, and fails when one
// has. A registry that keeps no such list (many mirrors) is passed over, with a word.
import { spawnSync } from 'node:child_process';

const argv = ['audit', '--omit=dev', '--audit-level=low', '--json'];
const { stdout, error } = spawnSync('npm', argv, {
  encoding: 'utf8',
  timeout: 60_000,
  shell: process.platform === 'win32',
});
const { counts, why } = read(stdout ?? '');

if (counts === undefined) {
  console.log(`The registry was not asked, passed over: ${error?.message ?? why}`);
} else if (counts.total === 0) {
  console.log(`No known vulnerability in ${counts.dependencies} packages.`);
} else {
  console.error(stdout);
  console.error(`${counts.total} known vulnerabilities: \`npm audit --omit=dev\` tells of them.`);
  process.exitCode = 1;
}

/** What the registry counted, or why it did not. */
function read(text) {
  try {
    const { metadata, error, message } = JSON.parse(text);
    if (metadata === undefined) return { why: message ?? error?.summary ?? 'no answer' };
    const { vulnerabilities, dependencies } = metadata;
    return { counts: { total: vulnerabilities.total, dependencies: dependencies.prod } };
  } catch {
    return { why: 'it gave no answer that could be read' };
  }
}
