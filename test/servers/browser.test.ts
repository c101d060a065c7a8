// Tests what a browser makes of it all: a page of the demo's site in headless Chromium, from sirv as
// docs/servers/sirv.js has it, and files encoded with zstd from Express.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { wnCompress } from '../cli/command.js';
import { buildSite } from '../demo/site.js';
import { NO_ZSTD } from '../support/capability.js';
import { CHROMIUM, complaintsOf, launchChromium } from '../support/chromium.js';
import { script } from '../support/sidecars.js';
import { figure } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { readFrameHeader } from '../support/zstd-frame.js';
import { missing } from './availability.js';
import { CONFIGURATIONS } from './documented.js';
import { startServer, type Running } from './running.js';

/** Set to keep a picture of the page there. */
const PICTURE = process.env['TEST_SCREENSHOT'];

/** What the page needs; to compress all of the site would take 9 s. */
const INCLUDED = '*.html,site.js,icons/0*.svg,vendor/*/**/*.min.{css,js},vendor/leaflet/leaflet.*';

function serve(tree: Tree, program = 'sirv.js'): Promise<Running> {
  return startServer((port) => ({
    words: [process.execPath, join(CONFIGURATIONS, program)],
    cwd: tree.path,
    env: { PORT: `${port}` },
  }));
}

const MIB = 1024 * 1024;

/** Of zstd.h; the types of Node 20 do not know it. */
const COMPRESSION_LEVEL = 100;

const { zstdCompressSync } = zlib as {
  readonly zstdCompressSync?: (source: Buffer, options: object) => Buffer;
};

/** Loads a page and tells all that came, and all that went wrong. */
async function visit(page: Page, url: string): Promise<{ responses: Response[]; wrong: string[] }> {
  const responses: Response[] = [];
  const wrong = complaintsOf(page);
  page.on('response', (response) => responses.push(response));
  await page.goto(url, { waitUntil: 'networkidle' });
  return { responses, wrong };
}

/** Asserts that a response was sent compressed if it has a sidecar; returns its content-coding. */
async function assertResponse(response: Response, tree: Tree): Promise<string | undefined> {
  const { pathname } = new URL(response.url());
  const file = tree.join(`public${pathname === '/' ? '/index.html' : pathname}`);
  assert.equal(response.status(), 200, pathname);
  const coding = response.headers()['content-encoding'];
  assert.equal(coding, existsSync(`${file}.br`) ? 'br' : undefined, pathname);
  assert.ok((await response.body()).equals(readFileSync(file)), pathname);
  return coding;
}

describe('Chromium', { skip: missing('chromium', CHROMIUM), timeout: 60_000 }, () => {
  it('shows a page of the demo with every asset sent compressed, and has nothing to complain', async () => {
    using tree = new Tree();
    buildSite(tree.join('public'));
    // Some versions ask for one of their own accord, and would complain of a 404.
    writeFileSync(tree.join('public/favicon.ico'), '');
    const words = ['public', '--include', INCLUDED, '--brotli-quality', '5'];
    const { code, stderr } = await wnCompress(words, { cwd: tree.path });
    assert.deepEqual([code, stderr], [0, '']);

    await using server = await serve(tree);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const { responses, wrong } = await visit(page, server.url);
      assert.deepEqual(wrong, []);
      const encoded = new Map<string, number>();
      for (const response of responses) {
        const coding = await assertResponse(response, tree);
        const { pathname } = new URL(response.url());
        const extension = /\.\w+$/.exec(pathname)?.[0] ?? pathname;
        if (coding === 'br') encoded.set(extension, (encoded.get(extension) ?? 0) + 1);
      }
      assert.deepEqual(Object.fromEntries(encoded), { '/': 1, '.css': 4, '.js': 4, '.svg': 1 });
      // The scripts ran: a formula, a map with a marker and its popup.
      assert.equal(await page.locator('.katex').count(), 1);
      assert.equal(await page.locator('.leaflet-popup-content').textContent(), 'Here');
      figure('browser', `${responses.length} responses decoded by Chromium ${browser.version()}`);
      if (PICTURE !== undefined) await page.screenshot({ path: PICTURE });
    } finally {
      await browser.close();
    }
  });

  it(
    'decodes zstd at the best level of what is larger than the window',
    { skip: NO_ZSTD },
    async () => {
      const large = Buffer.alloc(9 * MIB, script(200_000));
      using tree = new Tree({ 'public/index.html': '<!doctype html>', 'public/large.js': large });
      const words = ['public', '--no-gzip', '--no-brotli', '--zstd', '--zstd-level', '22'];
      const { code, stderr } = await wnCompress(words, { cwd: tree.path });
      assert.deepEqual([code, stderr], [0, '']);
      const encoded = tree.bytes('public/large.js.zst');
      assert.equal(readFrameHeader(encoded).windowBytes, 8 * MIB);
      // The same at level 22 as it comes: what the command must not make.
      const wide = zstdCompressSync?.(large, { params: { [COMPRESSION_LEVEL]: 22 } });
      assert.ok(wide && readFrameHeader(wide).windowBytes === 9 * MIB);
      tree.add({ 'public/wide.js': large, 'public/wide.js.zst': wide });

      await using server = await serve(tree, 'express.js');
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        await page.goto(server.url);
        assert.equal(await digestIn(page, 'large.js'), `zstd ${digestOf(large)}`);
        assert.match(await digestIn(page, 'wide.js'), /^TypeError: Failed to fetch/);
      } finally {
        await browser.close();
      }
    },
  );
});

/** What a page gets of a file: its content-coding and its SHA-256, or the error. */
function digestIn(page: Page, path: string): Promise<string> {
  return page.evaluate(async (url) => {
    try {
      const response = await fetch(url);
      const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
      const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
      return `${response.headers.get('content-encoding')} ${hex.join('')}`;
    } catch (error) {
      return String(error);
    }
  }, path);
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
