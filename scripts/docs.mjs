// Puts the configurations of docs/servers/, which the tests run, into the documents that show them:
// behind `<!-- file: docs/servers/nginx.conf -->` stands that file, up to `<!-- /file -->`. With --check
// it writes nothing, and ends with 1 when a document shows something else, names a test that is not there, or
// has a link within the project that leads nowhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = 'docs/servers';

const DOCUMENTS = ['README.md', 'docs/SERVERS.md'];

/** The names of languages, as Markdown's code blocks have them. */
const LANGUAGES = {
  'nginx.conf': 'nginx',
  Caddyfile: 'caddyfile',
  'apache.conf': 'apache',
  '.js': 'js',
  '.py': 'python',
};

const PLACE = /(<!-- file: (\S+) -->\n).*?(<!-- \/file -->)/gs;

const isCheck = process.argv.includes('--check');
const shown = new Set();
const outdated = [];

for (const name of DOCUMENTS) {
  const path = projectPath(name);
  const document = readFileSync(path, 'utf8');
  const filled = document.replace(PLACE, (_, before, file, after) => {
    shown.add(file);
    return `${before}\n${codeBlock(file)}\n${after}`;
  });
  if (filled === document) continue;
  outdated.push(name);
  if (!isCheck) writeFileSync(path, filled);
}

const configurations = readdirSync(projectPath(FOLDER)).map((name) => `${FOLDER}/${name}`);
const hidden = configurations.filter((file) => !shown.has(file));
if (hidden.length > 0) fail(`No document shows ${hidden.join(', ')}.`);
if (isCheck && outdated.length > 0) {
  fail(`${outdated.join(', ')}: not what stands in ${FOLDER}; run \`node scripts/docs.mjs\`.`);
}

for (const name of ['docs/RELIABILITY.md', 'SECURITY.md']) {
  const tests = readFileSync(projectPath(name), 'utf8').matchAll(/`(test\/[\w./-]+\.ts)`/g);
  for (const [, path] of tests) {
    if (!existsSync(projectPath(path))) fail(`${name} names ${path}, which is not there.`);
  }
}

for (const name of withLinks()) {
  for (const link of brokenLinks(name)) fail(`${name}: the link to ${link} leads nowhere.`);
}

/** Every document of the project. */
function withLinks() {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
    cwd: projectPath('.'),
    encoding: 'utf8',
  });
  const names = stdout?.split('\n').filter(Boolean) ?? [];
  return names.length > 0 ? names : DOCUMENTS;
}

/** The links of a document to a file, or a heading, that is not there. */
function brokenLinks(name) {
  const text = readFileSync(projectPath(name), 'utf8').replace(/^```.*?^```$/gms, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path, anchor] = link.split('#');
    const target = path === '' ? name : posix.join(dirname(name), path);
    if (!existsSync(projectPath(target))) return true;
    return anchor !== undefined && !anchorsOf(target).has(anchor);
  });
}

/** What headings are called in links, as GitHub and npm do it: of two that are alike, the second ends in -1. */
function anchorsOf(name) {
  const text = readFileSync(projectPath(name), 'utf8').replace(/^```.*?^```$/gms, '');
  const anchors = new Set();
  for (const [, heading] of text.matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

function codeBlock(file) {
  const name = file.slice(FOLDER.length + 1);
  const language = LANGUAGES[name] ?? LANGUAGES[extname(name)];
  if (language === undefined) throw new Error(`${file} has no language; name it in LANGUAGES.`);
  return `\`\`\`${language}\n${readFileSync(projectPath(file), 'utf8')}\`\`\`\n`;
}

function projectPath(relativePath) {
  return fileURLToPath(new URL(`../${relativePath}`, import.meta.url));
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
