// Owns the demonstration site: a real site put together from published packages, with text, source
// maps, fonts and images. Used by the demo and by tests; knows nothing of compression.
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What was built. */
export interface SiteSummary {
  readonly files: number;
  readonly bytes: number;
}

/** Folders of packages, and where in the site they go. */
const ASSETS = [
  { name: 'bootstrap', from: 'dist', to: 'vendor/bootstrap' },
  { name: 'bootstrap-icons', from: 'font', to: 'vendor/bootstrap-icons' },
  { name: 'katex', from: 'dist', to: 'vendor/katex' },
  { name: 'leaflet', from: 'dist', to: 'vendor/leaflet' },
  { name: 'reveal.js', from: 'dist', to: 'vendor/reveal' },
] as const;

/** Of some 2,000 icons every so-many-th is taken: enough small files to show what they cost. */
const ICON_STEP = 8;

/**
 * Builds the site in a folder, which is created if it is missing: about 450 files, 18 MB.
 *
 * @throws when a package is not installed
 */
export function buildSite(folder: string): SiteSummary {
  for (const { name, from, to } of ASSETS) {
    cpSync(join(packageFolder(name), from), join(folder, to), { recursive: true });
  }
  copyIcons(join(folder, 'icons'));
  for (const [relativePath, content] of Object.entries(PAGES)) {
    const path = join(folder, relativePath);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
  }
  return summarise(folder);
}

function copyIcons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const icons = join(packageFolder('bootstrap-icons'), 'icons');
  const names = readdirSync(icons).sort();
  for (const name of names.filter((_, index) => index % ICON_STEP === 0)) {
    cpSync(join(icons, name), join(folder, name));
  }
}

/** Where a package is installed; found by folder, since not every package exports its files. */
function packageFolder(name: string): string {
  const candidates = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const candidate of candidates) {
    const folder = join(candidate, name);
    if (existsSync(folder)) return folder;
  }
  throw new Error(`The package ${name} is not installed; run \`npm ci\` first.`);
}

function summarise(folder: string): SiteSummary {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

const INDEX_HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>A small site with large assets</title>
    <link rel="stylesheet" href="vendor/bootstrap/css/bootstrap.min.css" />
    <link rel="stylesheet" href="vendor/bootstrap-icons/bootstrap-icons.min.css" />
    <link rel="stylesheet" href="vendor/katex/katex.min.css" />
    <link rel="stylesheet" href="vendor/leaflet/leaflet.css" />
    <script defer src="vendor/bootstrap/js/bootstrap.bundle.min.js"></script>
    <script defer src="vendor/katex/katex.min.js"></script>
    <script defer src="vendor/leaflet/leaflet.js"></script>
    <script defer src="site.js"></script>
  </head>
  <body class="container py-5">
    <h1><i class="bi-compass"></i> A small site with large assets</h1>
    <p>A formula: <span id="formula"></span></p>
    <div id="map" style="height: 320px"></div>
    <p class="mt-3">
      <img src="icons/0-circle-fill.svg" alt="" width="24" height="24" />
      <a href="slides.html">The same as slides</a>
    </p>
  </body>
</html>
`;

const SLIDES_HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Slides</title>
    <link rel="stylesheet" href="vendor/reveal/reveal.css" />
    <link rel="stylesheet" href="vendor/reveal/theme/white.css" />
  </head>
  <body>
    <div class="reveal">
      <div class="slides">
        <section>First slide</section>
        <section>Second slide</section>
      </div>
    </div>
    <script src="vendor/reveal/reveal.js"></script>
    <script>
      Reveal.initialize();
    </script>
  </body>
</html>
`;

const SITE_JS = `katex.render('e^{i\\\\pi} + 1 = 0', document.getElementById('formula'));
const map = L.map('map', { crs: L.CRS.Simple }).setView([0, 0], 1);
L.marker([0, 0]).addTo(map).bindPopup('Here').openPopup();
`;

const SECURITY_TXT = `Contact: mailto:security@example.org
Expires: 2099-12-31T23:59:59Z
Preferred-Languages: en
Canonical: https://example.org/.well-known/security.txt
`;

/** The site's own pages, by path relative to the site. */
const PAGES: Readonly<Record<string, string>> = {
  'index.html': INDEX_HTML,
  'slides.html': SLIDES_HTML,
  'site.js': SITE_JS,
  'robots.txt': 'User-agent: *\nAllow: /\n',
  '.well-known/security.txt': SECURITY_TXT,
  // An empty file is common in real sites, and is never compressed.
  '.nojekyll': '',
};
