// Asks the registry whether a package that comes with ours, or is bundled into it, has a known vulnerability, and
// fails when one has. A registry that keeps no such list (many mirrors) is passed over, with a word.
import { spawnSync } from 'node:child_process';

/** Of the packages that only build ours, those whose code is in it: in the page of a report. */
const BUNDLED = ['d3-hierarchy'];

const shipped = audit('--omit=dev');
const all = audit();

if (shipped.names === undefined || all.names === undefined) {
  console.log(`The registry was not asked, passed over: ${shipped.why ?? all.why}`);
} else {
  const found = [...shipped.names, ...all.names.filter((name) => BUNDLED.includes(name))];
  if (found.length === 0) console.log('No known vulnerability in what comes with the package.');
  else {
    console.error(`Known vulnerabilities in ${found.join(', ')}: \`npm audit\` tells of them.`);
    process.exitCode = 1;
  }
}

/** The packages of which the registry knows a vulnerability, or why it did not say. */
function audit(...words) {
  const { stdout, error } = spawnSync('npm', ['audit', '--audit-level=low', '--json', ...words], {
    encoding: 'utf8',
    timeout: 60_000,
    shell: process.platform === 'win32',
  });
  try {
    const { vulnerabilities, error: refusal, message } = JSON.parse(stdout ?? '');
    if (vulnerabilities === undefined) return { why: message ?? refusal?.summary ?? 'no answer' };
    return { names: Object.keys(vulnerabilities) };
  } catch {
    return { why: error?.message ?? 'it gave no answer that could be read' };
  }
}
