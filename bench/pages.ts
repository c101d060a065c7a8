// Owns the HTML pages of the corpus `site`: a reference of the kind that documentation tools make, one
// page for each module of a library. Knows nothing of where they are written.
import { Buffer } from 'node:buffer';
import { type CorpusFile, madeFile, packageFiles } from './corpus-file.js';

const KEYWORDS = /\b(import|export|default|function|return|var|if|else|for|while|new|null|true)\b/g;

/** A page for each of the first `count` modules of lodash-es that have a comment. */
export function referencePages(count: number): CorpusFile[] {
  const modules = packageFiles('lodash-es', '', (path) => path.endsWith('.js'))
    .map((file) => ({ name: file.relativePath.slice(1, -3), source: file.read().toString() }))
    .filter(({ source }) => source.includes('/**'))
    .slice(0, count);
  const names = modules.map(({ name }) => name);
  return modules.map(({ name, source }, index) =>
    madeFile(`docs/${name}.html`, Buffer.from(page(name, source, names, index))),
  );
}

/** The nearest pages are in the navigation, as in a reference with sections. */
const NEIGHBOURS = 12;

function page(name: string, source: string, names: readonly string[], index: number): string {
  const links = names
    .slice(Math.max(0, index - NEIGHBOURS), index + NEIGHBOURS)
    .map((other) => `<li><a href="${other}.html"${current(other, name)}>${other}</a></li>`);
  const lines = source
    .split('\n')
    .map((line, row) => `<span class="line" id="L${row + 1}">${highlight(line)}</span>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} | Reference</title>
<link rel="stylesheet" href="../vendor/bootstrap/css/bootstrap.min.css">
<script defer src="../vendor/bootstrap/js/bootstrap.bundle.min.js"></script>
</head>
<body class="container py-4">
<nav aria-label="Modules"><ul class="list-unstyled">
${links.join('\n')}
</ul></nav>
<main><h1><code>${name}</code></h1>
<pre class="source"><code>
${lines.join('\n')}
</code></pre></main>
</body>
</html>
`;
}

function current(other: string, name: string): string {
  return other === name ? ' aria-current="page"' : '';
}

function highlight(line: string): string {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (/^\s*(\/?\*|\/\/)/.test(line)) return `<span class="comment">${escaped}</span>`;
  return escaped.replace(KEYWORDS, '<span class="keyword">$1</span>');
}
