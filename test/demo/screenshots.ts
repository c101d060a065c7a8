// Owns the pictures of the report page in the documents: the demo's site, compressed by the built command, its
// page photographed in light and in dark. `npm run screenshots` builds, then starts this.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launchChromium } from '../support/chromium.js';
import { buildSite } from './site.js';

const COMMAND = fileURLToPath(new URL('../../bin/wn-compress.js', import.meta.url));
const PICTURES = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'wn-compress-screenshots-'));
try {
  buildSite(join(folder, 'public'));
  const words = [COMMAND, 'public', '--no-cache', '--report', 'report.html'];
  execFileSync(process.execPath, words, { cwd: folder, stdio: 'inherit' });
  mkdirSync(PICTURES, { recursive: true });
  const browser = await launchChromium();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme });
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    // One picture is to show what is said of a file as well.
    if (colorScheme === 'dark') await page.locator('#map').hover({ position: { x: 860, y: 90 } });
    // Half of what it would be as PNG, which is all that Playwright itself can write without loss.
    const devtools = await page.context().newCDPSession(page);
    const picture = { format: 'webp', quality: 88 } as const;
    const { data } = await devtools.send('Page.captureScreenshot', picture);
    writeFileSync(join(PICTURES, `report-${colorScheme}.webp`), data, 'base64');
  }
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
