// Owns the site that the servers are asked for: which files, of which type, and which of them the built
// command gives sidecars. Knows no server.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, utimesSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { SUFFIXES, type ContentCoding } from '../../src/index.js';
import { wnCompress } from '../cli/command.js';
import { script } from '../support/sidecars.js';
import { Tree, type Entry } from '../support/tree.js';

/** A file of the site, as it is asked for. */
export interface Page {
  /** Its path relative to the site. */
  readonly file: string;
  /** The path of its URL. */
  readonly path: string;
  /** What its Content-Type has to match. */
  readonly type: RegExp;
  /** The content-codings of its sidecars, before the sources change and behind it. Default: both. */
  readonly kept?: readonly [before: readonly string[], behind: readonly string[]];
}

const ALL = ['gzip', 'br'];
const BOTH = [ALL, ALL] as const;

const JAVASCRIPT = /^(text|application)\/javascript\b/;
const HTML = /^text\/html\b/;
const TEXT = /^text\/plain\b/;

/**
 * What is asked for. `home` is a folder of the root too, for which a rewriting server might take it;
 * `few.txt` is so small that only brotli's variant of it is kept, `tiny.txt` that none is.
 */
export const PAGES: readonly Page[] = [
  { file: 'index.html', path: '/', type: HTML },
  { file: 'style.css', path: '/style.css', type: /^text\/css\b/ },
  { file: 'app.js', path: '/app.js', type: JAVASCRIPT },
  { file: 'icon.svg', path: '/icon.svg', type: /^image\/svg\+xml\b/ },
  { file: 'data.json', path: '/data.json', type: /^application\/json\b/ },
  { file: 'notes.txt', path: '/notes.txt', type: TEXT },
  { file: 'few.txt', path: '/few.txt', type: TEXT, kept: [['br'], []] },
  { file: 'tiny.txt', path: '/tiny.txt', type: TEXT, kept: [[], ALL] },
  { file: 'photo.png', path: '/photo.png', type: /^image\/png$/, kept: [[], []] },
  { file: 'zwölf Größen.js', path: '/zw%C3%B6lf%20Gr%C3%B6%C3%9Fen.js', type: JAVASCRIPT },
  { file: 'home/index.html', path: '/home/', type: HTML },
  { file: 'home/page.html', path: '/home/page.html?version=2', type: HTML },
];

const LONG_AGO = new Date('2020-02-02');

/** A folder `public` of files and their sidecars, in a folder that servers may use as their own. */
export class Site extends Tree {
  /** How many answers were found to be right. */
  answers = 0;
  private edition = 0;

  constructor() {
    super(contents(0));
    // Servers that root starts read it as another user.
    chmodSync(this.path, 0o755);
    // Some make an ETag of the size and the second: a file must not change within one, or it may stay.
    for (const name of this.list()) utimesSync(this.join(name), LONG_AGO, LONG_AGO);
  }

  /** The folder that is served. */
  get root(): string {
    return this.join('public');
  }

  /** Runs the built command on it, and makes sure that it holds the sidecars that the tests are about. */
  async compress(words: readonly string[] = []): Promise<void> {
    const { code, stderr } = await wnCompress(['public', ...words], { cwd: this.path });
    assert.deepEqual([code, stderr], [0, '']);
    for (const { file, kept = BOTH } of PAGES) {
      const found = ['gzip', 'br'].filter((coding) => this.sidecar(file, coding) !== undefined);
      assert.deepEqual(found, kept[this.edition], file);
    }
  }

  /** Changes what every file holds, and of some which sidecars they are worth. */
  change(): void {
    this.edition += 1;
    this.add(contents(this.edition));
  }

  /** The content of a file of the site. */
  source(file: string): Buffer {
    return this.bytes(`public/${file}`);
  }

  /** The sidecar of a file in that content-coding, or `undefined` if there is none. */
  sidecar(file: string, contentCoding: string): Buffer | undefined {
    const name = `public/${file}${SUFFIXES[contentCoding as ContentCoding]}`;
    return existsSync(this.join(name)) ? this.bytes(name) : undefined;
  }
}

function html(title: string): string {
  return `<!doctype html><title>${title}</title>${`<p>A paragraph of ${title}</p>\n`.repeat(60)}`;
}

function svg(id: string): string {
  const path = `<path id="${id}" d="M1 1"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg">${path.repeat(40)}</svg>`;
}

function contents(edition: number): Record<string, Entry> {
  const name = `edition-${edition}`;
  const short = 'A short text.\n';
  return {
    'public/index.html': html(name),
    'public/style.css': `.${name} { color: teal }\n`.repeat(50 + edition),
    'public/app.js': script(40_000, 1 + edition),
    'public/icon.svg': svg(name),
    'public/data.json': JSON.stringify(Array.from({ length: 300 }, (_, index) => index + edition)),
    'public/notes.txt': `${name}\n`.repeat(100),
    'public/few.txt': edition === 0 ? 'abcabcabcabcabcabcabc\n' : short,
    'public/tiny.txt': edition === 0 ? short : short.repeat(50),
    'public/photo.png': randomBytes(3_000),
    'public/download.tar.gz': gzipSync(script(2_000, 1 + edition)),
    'public/zwölf Größen.js': script(3_000, 5 + edition),
    'public/home/index.html': html(`home of ${name}`),
    'public/home/page.html': html(`page of ${name}`),
  };
}
