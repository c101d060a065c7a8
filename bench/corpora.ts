// Owns which corpora there are and what each is made of: published packages of exact versions, and
// bytes made from seeds. Knows nothing of building, nor of what is done with them.
import { createHash } from 'node:crypto';
import { type CorpusFile, madeFile, packageFiles } from './corpus-file.js';
import { referencePages } from './pages.js';
import { createDice, patternlessBytes } from './random.js';
import { tinyFiles } from './tiny-files.js';

/** A set of files that is the same on every machine. */
export interface Corpus {
  readonly name: CorpusName;
  /** What it stands for, in one line. */
  readonly title: string;
  /** What `--quick` takes of it: every so-many-th of the files that are not too large. */
  readonly quick: { readonly every: number; readonly largestBytes: number } | undefined;
  /** How many files a process of `find | xargs` gets: the best of what was tried. */
  readonly xargsBatch: number;
  /** Its files, in any order. */
  readonly files: () => CorpusFile[];
}

/** The names of the corpora, in the order in which they are shown. */
export const CORPUS_NAMES = ['small', 'site', 'large', 'dull', 'twice', 'wide'] as const;

/** One of the names. */
export type CorpusName = (typeof CORPUS_NAMES)[number];

const KIB = 1024;

/** The corpora, by name. */
export const CORPORA: Readonly<Record<CorpusName, Corpus>> = {
  small: {
    name: 'small',
    title: 'about 3,100 icons and modules',
    quick: { every: 4, largestBytes: 64 * KIB },
    xargsBatch: 16,
    files: () => [
      ...packageFiles('bootstrap-icons/icons', 'icons', (path) => path.endsWith('.svg')),
      ...packageFiles('flag-icons/flags/4x3', 'flags', (path) => path.endsWith('.svg')),
      ...packageFiles('lodash-es', 'lodash', (path) => path.endsWith('.js')),
      ...packageFiles('zrender/lib', 'zrender', (path) => path.endsWith('.js')),
    ],
  },
  site: {
    name: 'site',
    title: 'a site of everything: pages, scripts, styles, source maps, fonts, WebAssembly, images',
    quick: { every: 8, largestBytes: 400 * KIB },
    xargsBatch: 4,
    files: siteFiles,
  },
  large: {
    name: 'large',
    title: 'four files of 5 to 9 MB: two bundles, two source maps',
    quick: undefined,
    xargsBatch: 1,
    files: () => [
      ...packageFiles('typescript/lib', 'large', (path) => path === 'typescript.js'),
      ...packageFiles('@babel/standalone', 'large', (path) =>
        ['babel.js', 'babel.min.js.map'].includes(path),
      ),
      ...packageFiles('pdfjs-dist/build', 'large', (path) => path === 'pdf.worker.mjs.map'),
    ],
  },
  dull: {
    name: 'dull',
    title: 'bytes that do not compress, under names that do not say so',
    quick: { every: 4, largestBytes: KIB * KIB },
    xargsBatch: 1,
    files: dullFiles,
  },
  twice: {
    name: 'twice',
    title: 'a site as collectstatic leaves it: every file also under a hashed name',
    quick: { every: 5, largestBytes: 300 * KIB },
    xargsBatch: 4,
    files: () => onceFiles().flatMap((file) => [file, underHashedName(file)]),
  },
  wide: {
    name: 'wide',
    title: '100,000 files of 30 to 600 bytes in 2,000 folders',
    quick: { every: 41, largestBytes: KIB },
    xargsBatch: 500,
    files: () => tinyFiles(100_000, 2000),
  },
};

function siteFiles(): CorpusFile[] {
  return [
    ...packageFiles('bootstrap/dist', 'vendor/bootstrap', (path) => !/\.rtl|\.esm/.test(path)),
    ...packageFiles('bootstrap-icons/font', 'vendor/bootstrap-icons'),
    ...everyNth(packageFiles('bootstrap-icons/icons', 'icons'), 5),
    ...packageFiles('katex/dist', 'vendor/katex', (path) => !path.startsWith('contrib/')),
    ...packageFiles('leaflet/dist', 'vendor/leaflet', (path) => !path.includes('esm')),
    ...packageFiles('swagger-ui-dist', 'api', isPartOfApiSite),
    ...packageFiles('pdfjs-dist/build', 'vendor/pdf', (path) => path.endsWith('.min.mjs')),
    ...packageFiles('pdfjs-dist/cmaps', 'vendor/pdf/cmaps', (path) => path.endsWith('.bcmap')),
    ...packageFiles('pdfjs-dist/standard_fonts', 'vendor/pdf/fonts'),
    ...packageFiles('pdfjs-dist/wasm', 'vendor/pdf/wasm'),
    ...packageFiles('pdfjs-dist/web', 'vendor/pdf/web', (path) => !path.endsWith('.map')),
    ...packageFiles('sql.js/dist', 'vendor/sql', (path) => /^(worker\.)?sql-wasm\.\w+$/.test(path)),
    ...packageFiles('dejavu-fonts-ttf/ttf', 'fonts', (path) =>
      /Sans(-Bold|Mono)?\.ttf$/.test(path),
    ),
    ...packageFiles('source-sans/OTF', 'fonts', (path) => /-(Regular|Bold|It)\.otf$/.test(path)),
    ...packageFiles('source-sans/WOFF2/OTF', 'fonts'),
    ...packageFiles('world-atlas', 'data', (path) => /-(50|110)m\.json$/.test(path)),
    ...referencePages(500),
    ...photographs(60),
  ];
}

function isPartOfApiSite(path: string): boolean {
  return !/^(swagger-ui-es-|swagger-ui\.js|package\.json|README|log\.)/.test(path);
}

/**
 * What stands in for photographs and screenshots, a quarter of a site's bytes: every subject leaves
 * them out by their names, so that only their names and sizes count.
 */
function photographs(count: number): CorpusFile[] {
  const dice = createDice(7);
  return Array.from({ length: count }, (_, index) => {
    const extension = ['jpg', 'webp', 'png'][index % 3] ?? '';
    const bytes = Math.floor((40 + dice() * 320) * KIB);
    return madeFile(`images/photo-${index}.${extension}`, patternlessBytes(1000 + index, bytes));
  });
}

/** Sizes of files without any pattern, in KiB: 100 KB to 8 MB. */
const DULL_KIB = [100, 150, 220, 330, 500, 700, 1000, 1400, 2000, 3000, 5000, 8000, 6400];

function dullFiles(): CorpusFile[] {
  return [
    ...DULL_KIB.map((kib, index) => {
      const extension = ['bin', 'dat', 'pack'][index % 3] ?? '';
      return madeFile(`data/part-${index}.${extension}`, patternlessBytes(index, kib * KIB));
    }),
    // Formats that are compressed already, whose names do not show it.
    ...packageFiles('source-sans/WOFF2/OTF', 'fonts').map(renamed),
  ];
}

function renamed(file: CorpusFile): CorpusFile {
  return { ...file, relativePath: file.relativePath.replace(/\.\w+$/, '.pack') };
}

function onceFiles(): CorpusFile[] {
  return [
    ...packageFiles('bootstrap/dist', 'bootstrap', (path) =>
      /^\w+\/bootstrap\.(min\.)?(css|js)/.test(path),
    ),
    ...everyNth(packageFiles('bootstrap-icons/icons', 'icons'), 8),
    ...packageFiles('katex/dist', 'katex', (path) => !/^contrib|mjs$/.test(path)),
    ...packageFiles('leaflet/dist', 'leaflet', (path) => !/esm|src/.test(path)),
    ...packageFiles('swagger-ui-dist', 'api', (path) => /(ui-bundle\.js|ui\.css|html)$/.test(path)),
    ...everyNth(
      packageFiles('lodash-es', 'lodash', (path) => path.endsWith('.js')),
      4,
    ),
  ];
}

/** As Django names them: the first twelve digits of the MD5 in front of the extension. */
function underHashedName(file: CorpusFile): CorpusFile {
  const hash = createHash('md5').update(file.read()).digest('hex').slice(0, 12);
  return { ...file, relativePath: file.relativePath.replace(/(\.\w+)$/, `.${hash}$1`) };
}

function everyNth(files: readonly CorpusFile[], step: number): CorpusFile[] {
  return files.filter((_, index) => index % step === 0);
}
