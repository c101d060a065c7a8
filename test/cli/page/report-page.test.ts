// Tests the page of a report in headless Chromium, opened as a file: what it shows, and what
// pointer and keyboard do. That no name in it does anything is shown in hostile-page.test.ts.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PageTemplate } from '../../../src/cli/page/report-page.js';
import type { Report } from '../../../src/index.js';
import { missing } from '../../servers/availability.js';
import { CHROMIUM, complaintsOf, launchChromium } from '../../support/chromium.js';
import { Tree } from '../../support/tree.js';
import { wnCompress } from '../command.js';
import { NOTHING } from '../example.js';
import { large, SITE } from './example-reports.js';

/** What a page asked for and complained of. */
interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly wrong: string[];
  readonly requested: string[];
}

let browser: Browser;

/** Opens a file in a browser that waits for nothing, with motion off unless it is wanted. */
async function visit(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const wrong = complaintsOf(page);
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  return { page, wrong, requested, [Symbol.asyncDispose]: () => context.close() };
}

/** The page of a report, in a file of its own. */
async function visitReport(tree: Tree, report: Report, options?: BrowserContextOptions) {
  const path = tree.join('report.html');
  writeFileSync(path, new PageTemplate().fill(report, new Date('2026-01-02T03:04:05Z')));
  return visit(path, options);
}

/** How many colours stand on the treemap, of every tenth pixel: 1 is an empty one. */
function colours(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('#map canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set();
    for (let at = 0; at < data.length; at += 40) found.add(data.slice(at, at + 4).join());
    return found.size;
  })()`);
}

/** The digest of the picture on the treemap, to be compared. */
async function picture(page: Page): Promise<string> {
  const url = await page.evaluate<string>("document.querySelector('#map canvas').toDataURL()");
  return createHash('sha256').update(url).digest('hex');
}

/** Waits until the picture is the wanted one, or for some seconds; what it is then. */
async function pictureThat(page: Page, isWanted: (now: string) => boolean): Promise<string> {
  for (let looks = 0; ; looks += 1) {
    const now = await picture(page);
    if (isWanted(now) || looks === 200) return now;
    await page.waitForTimeout(50);
  }
}

/** What elements say, with a space where there is any. */
async function texts(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).allInnerTexts();
  return all.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

describe('a report page', { skip: missing('chromium', CHROMIUM), timeout: 120_000 }, () => {
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  it('says what the report says, asks for nothing, and has nothing to complain of', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE);
    const { page } = shown;
    assert.equal(await page.title(), 'public · wn-compress');
    assert.deepEqual(await texts(page, '#codings label'), [
      'as it is 508.0 KiB sent',
      'gzip 185.0 KiB 63.6% saved',
      'brotli 156.0 KiB 69.3% saved',
    ]);
    assert.deepEqual(await texts(page, '#facts div'), [
      'Compressed 5 of 6 files',
      'Sources 508.0 KiB 10 written, 2 discarded',
      'Time 2.5 s 2 threads, no cache',
      'Skipped 2 files',
      'Failed 1 see below',
    ]);
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public']);
    assert.deepEqual(await texts(page, '#folder-table tbody tr'), [
      'js/ 450.0 KiB 170.0 KiB 37.8% 145.0 KiB 32.2% 3 files',
      'css/ 50.0 KiB 13.0 KiB 26.0% 10.0 KiB 20.0% 2 files',
      'index.html 8.0 KiB 2.0 KiB 25.0% 1.0 KiB 12.5% written',
      '.nojekyll unknown – – skipped: empty',
      'locked.js unknown – – failed',
    ]);
    assert.deepEqual((await texts(page, '#largest li')).slice(0, 3), [
      'js/lib/map.js 70.0 KiB 23.3%',
      'js/noise.bin 50.0 KiB 100.0%',
      'js/main.js 25.0 KiB 25.0%',
    ]);
    assert.deepEqual(await texts(page, '#poorest li'), ['js/noise.bin 50.0 KiB as it is']);
    assert.deepEqual(await texts(page, '#skipped > *'), ['1 sidecar', '1 empty']);
    assert.deepEqual(await texts(page, '#failures li'), [
      'locked.js permission denied; make it accessible to this user, or exclude it',
    ]);
    assert.deepEqual(await texts(page, '#stale li'), ['old.css.gz still there']);
    assert.deepEqual(await texts(page, '#orphans li'), ['gone.js.br removed']);
    assert.deepEqual(await texts(page, '#hints code'), ['--prune']);
    assert.ok(await page.locator('#hints-note').isVisible());
    assert.ok((await colours(page)) > 5);
    assertQuiet(shown);
  });

  it('switches between content-codings, and moves there when motion is wanted', async () => {
    using tree = new Tree();
    await using still = await visitReport(tree, SITE);
    const brotli = await picture(still.page);
    // What does not compress takes more of the room than it does as it is.
    const there = { position: { x: 660, y: 300 } };
    await still.page.locator('#map').hover(there);
    assert.match((await texts(still.page, '#tip'))[0] ?? '', /^js\/noise\.bin /);
    await still.page.getByRole('radio', { name: /as it is/ }).check();
    await still.page.locator('#map').hover(there);
    assert.match((await texts(still.page, '#tip'))[0] ?? '', /^js\/lib\/map\.js /);
    await still.page.getByRole('radio', { name: /gzip/ }).check();
    const gzip = await picture(still.page);
    assert.notEqual(gzip, brotli);
    assert.match((await texts(still.page, '#legend-text'))[0] ?? '', /size with gzip/);
    assert.deepEqual((await texts(still.page, '#largest li')).slice(0, 1), [
      'js/lib/map.js 90.0 KiB 30.0%',
    ]);
    await still.page.keyboard.press('ArrowLeft');
    assert.equal(await still.page.getByRole('radio', { name: /as it is/ }).isChecked(), true);
    assert.notEqual(await picture(still.page), gzip);

    await using moving = await visitReport(tree, SITE, { reducedMotion: 'no-preference' });
    await moving.page.getByRole('radio', { name: /gzip/ }).check();
    assert.equal(await pictureThat(moving.page, (now) => now === gzip), gzip);
    assertQuiet(still);
    assertQuiet(moving);
  });

  it('opens folders by mouse, and tells of what the pointer is on', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE);
    const { page } = shown;
    const map = page.locator('#map');
    await map.hover({ position: { x: 120, y: 200 } });
    assert.deepEqual(await texts(page, '#tip'), [
      'js/lib/map.js source 300.0 KiB gzip 90.0 KiB 30.0%, written brotli 70.0 KiB 23.3%, written',
    ]);
    await map.hover({ position: { x: 120, y: 8 } });
    assert.match((await texts(page, '#tip'))[0] ?? '', /^js files 3 files 450\.0 KiB gzip 170/);
    const whole = await picture(page);
    await map.click({ position: { x: 120, y: 200 } });
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public', 'js']);
    assert.deepEqual(await texts(page, '#folder-table tbody th'), ['lib/', 'noise.bin', 'main.js']);
    assert.notEqual(await picture(page), whole);
    await page.locator('#breadcrumb button', { hasText: 'public' }).click();
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public']);
    assert.equal(await picture(page), whole);
    // A name in a list leads to where it stands.
    await page.locator('#largest button').first().click();
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public', 'js', 'lib']);
    assertQuiet(shown);
  });

  it('is walked through by the keyboard alone, and says where one is', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE);
    const { page } = shown;
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.locator('#map:focus').count()) break;
    }
    assert.equal(await page.locator('#map:focus').count(), 1);
    const said = async (): Promise<string> => (await texts(page, '#live'))[0] ?? '';
    await page.keyboard.press('Home');
    assert.equal(
      await said(),
      'js/lib/map.js; source 300.0 KiB; gzip 90.0 KiB 30.0%, written; brotli 70.0 KiB 23.3%, written',
    );
    await page.keyboard.press('ArrowRight');
    const right = await said();
    assert.match(right, /^(js\/noise\.bin|js\/main\.js|css\/)/);
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await said(), right);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public', 'js']);
    await page.keyboard.press('Enter');
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public', 'js', 'lib']);
    await page.keyboard.press('Escape');
    assert.match(await said(), /^js\/lib, folder; files 1 file 300\.0 KiB/);
    await page.keyboard.press('Backspace');
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public']);
    assertQuiet(shown);
  });

  it('finds files as one types, counts them, and has the others step back', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE);
    const { page } = shown;
    const all = await picture(page);
    const search = page.getByRole('searchbox');
    await search.fill('CSS');
    assert.deepEqual(await texts(page, '#found'), ['2 files, 10.0 KiB']);
    assert.deepEqual(await texts(page, '#folder-heading'), ['2 files found in public']);
    const found = ['css/site.css', 'css/print.css'];
    assert.deepEqual(await texts(page, '#folder-table tbody th'), found);
    assert.notEqual(await picture(page), all);
    await search.fill('css print');
    assert.deepEqual(await texts(page, '#found'), ['1 file, 2.0 KiB']);
    await search.fill('nothing like it');
    assert.deepEqual(await texts(page, '#found'), ['0 files, 0 B']);
    await search.press('Escape');
    assert.deepEqual([await search.inputValue(), await texts(page, '#found')], ['', ['']]);
    assert.equal(await picture(page), all);
    assertQuiet(shown);
  });

  it('is dark or light as the system is, until the button is pressed, which it remembers', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE, { colorScheme: 'dark' });
    const { page } = shown;
    const look = async (): Promise<string> =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const [light, dark] = ['rgb(243, 245, 248)', 'rgb(11, 15, 20)'];
    assert.equal(await look(), dark);
    const inTheDark = await picture(page);
    const isAnother = (now: string): boolean => now !== inTheDark;
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await look(), light);
    assert.notEqual(await pictureThat(page, isAnother), inTheDark);
    await page.getByRole('button', { name: /^Switch to dark/ }).click();
    assert.equal(await look(), dark);
    assert.equal(await picture(page), inTheDark);
    await page.reload();
    assert.equal(await look(), dark);
    // Paper is white.
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('#theme').isVisible(), false);
    assert.notEqual(await pictureThat(page, isAnother), inTheDark);
    assertQuiet(shown);
  });

  it('holds what axe-core asks of a page, in both colour schemes', async () => {
    using tree = new Tree();
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    // axe-core comes as a script, which the policy of the page would not let in.
    await using shown = await visitReport(tree, SITE, { bypassCSP: true });
    await shown.page.evaluate(axe);
    for (const colorScheme of ['light', 'dark'] as const) {
      await shown.page.emulateMedia({ colorScheme });
      const found = await shown.page.evaluate<{ violations: { id: string; nodes: unknown[] }[] }>(
        'axe.run({ resultTypes: ["violations"] })',
      );
      const violations = found.violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes)}`);
      assert.deepEqual(violations, []);
    }
  });

  it('says so where there is nothing: no file, one file, all skipped, failures only', async () => {
    using tree = new Tree();
    const [first] = SITE.sources;
    assert.ok(first !== undefined);
    const cases: readonly (readonly [report: Report, isDrawn: boolean, rows: number])[] = [
      [NOTHING, false, 0],
      [{ ...NOTHING, root: null }, false, 0],
      [{ ...SITE, sources: [first] }, true, 3],
      [{ ...SITE, sources: [], failures: [] }, false, 1],
      [{ ...NOTHING, failures: SITE.failures }, false, 1],
    ];
    await using shown = await visitReport(tree, SITE);
    for (const [report, isDrawn, rows] of cases) {
      writeFileSync(tree.join('report.html'), new PageTemplate().fill(report));
      await shown.page.reload();
      assert.equal(await shown.page.locator('#map').isVisible(), isDrawn);
      assert.equal(await shown.page.locator('#map-none').isVisible(), !isDrawn);
      assert.equal(await shown.page.locator('#folder-table tbody tr').count(), rows);
      assert.equal(await shown.page.locator('#largest-none').isVisible(), !isDrawn);
      assertQuiet(shown);
    }
  });

  it('shows files of a list that has no root, also by their absolute paths', async () => {
    using tree = new Tree();
    const [first] = SITE.sources;
    assert.ok(first !== undefined);
    const sources = ['/srv/a.css', '../up.css', 'here.css'].map((relativePath) => ({
      ...first,
      relativePath,
    }));
    const report = { ...SITE, root: null, sources, skipped: [], failures: [] };
    await using shown = await visitReport(tree, report);
    const { page } = shown;
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['Files']);
    assert.deepEqual((await texts(page, '#folder-table tbody th')).sort(), [
      '../',
      '/',
      'here.css',
    ]);
    assert.ok((await texts(page, '#largest li')).some((text) => text.startsWith('/srv/a.css ')));
    assertQuiet(shown);
  });

  it('counts what was skipped as sent, or not', async () => {
    using tree = new Tree({ 'public/app.js': 'x'.repeat(9000), 'public/a.png': 'y'.repeat(3000) });
    const words = ['public', '--report', 'report.html', '-q'];
    assert.equal((await wnCompress(words, { cwd: tree.path })).code, 0);
    await using shown = await visit(tree.join('report.html'));
    const { page } = shown;
    const sent = async (): Promise<string | undefined> => (await texts(page, '#codings label'))[0];
    assert.equal(await sent(), 'as it is 11.7 KiB sent');
    const input = page.getByRole('checkbox', { name: 'with skipped 1 file, 2.9 KiB' });
    await input.uncheck();
    assert.equal(await sent(), 'as it is 8.8 KiB sent');
    assert.deepEqual(await texts(page, '#folder-table tbody th'), ['app.js']);
    await input.check();
    assert.deepEqual(await texts(page, '#folder-table tbody th'), ['a.png', 'app.js']);
    assertQuiet(shown);
  });

  it('fits into 360 px without scrolling sideways, and answers to a finger', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, SITE, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const { page } = shown;
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    const map = page.locator('#map');
    await map.tap({ position: { x: 60, y: 150 } });
    assert.match((await texts(page, '#tip'))[0] ?? '', /^js\//);
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public']);
    await map.tap({ position: { x: 60, y: 150 } });
    assert.deepEqual(await texts(page, '#breadcrumb li'), ['public', 'js']);
    assertQuiet(shown);
  });

  it('shows 20,000 files in a page of less than a megabyte', async () => {
    using tree = new Tree();
    await using shown = await visitReport(tree, large(20_000));
    const { page } = shown;
    assert.ok(statSync(tree.join('report.html')).size < 1_000_000);
    assert.ok((await colours(page)) > 50);
    assert.equal(await page.locator('#folder-table tbody tr').count(), 13);
    await page.getByRole('searchbox').fill('part3/ module7/');
    assert.match((await texts(page, '#found'))[0] ?? '', /^\d+ files, /);
    assert.ok((await page.locator('#folder-table tbody tr').count()) <= 50);
    await page.getByRole('searchbox').fill('');
    await page.locator('#map').click({ position: { x: 300, y: 300 } });
    assert.equal(await page.locator('#breadcrumb li').count(), 2);
    assertQuiet(shown);
  });
});

/** Asserts that a page asked for nothing but itself, and complained of nothing. */
function assertQuiet({ wrong, requested }: Visit): void {
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    requested.filter((url) => !/^file:.*\/report\.html$/.test(url)),
    [],
  );
}
