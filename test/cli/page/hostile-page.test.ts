// Shows that no name of a tree does anything in the page of a report but be shown: in headless Chromium, with
// names that markup, scripts, terminals and directions of writing are made of; and that the page's policy would
// keep a script from running that got into it all the same.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { PageTemplate } from '../../../src/cli/page/report-page.js';
import { sanitize } from '../../../src/cli/sanitize.js';
import { HOSTILE_NAMES, NO_TEXT_NAMES } from '../../hostile/names.js';
import { missing } from '../../servers/availability.js';
import { ANY_NAMES } from '../../support/capability.js';
import { CHROMIUM, complaintsOf, launchChromium } from '../../support/chromium.js';
import { Tree } from '../../support/tree.js';
import { wnCompress } from '../command.js';
import { SITE } from './example-reports.js';

/** What a page would obey if it were read as markup, and what stands on its head. */
const MARKUP_NAMES = [
  '<img src=x onerror="document.title=1">',
  '"><svg onload=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  'x<',
  '</script><script>document.title="owned"<',
  // Shares nothing with its neighbours, so that it stands in the columns as a whole.
  'q</script><script>document.title="owned"<',
  '<!--<script>',
  ']]>',
  '&lt;b&gt;&amp;amp;',
  '{{constructor.constructor("alert(1)")()}}',
  'javascript:alert(1)',
  '$&$`$1',
  '\\u003cb\\u003e',
  '<!--data-->',
  'שלום-עולם.js',
  '😀👩‍👩‍👧‍👦.js',
  'e\u0301'.repeat(60),
  'n'.repeat(252),
];

const ROOT = '<b onclick=alert(1)>&\u202e"root\'';

let browser: Browser;

/** Asserts that the page holds the elements that it was built with, and no script but its own. */
async function assertNoMarkup(page: Page): Promise<void> {
  const kinds = await page.evaluate<string[]>(
    "[...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort()",
  );
  const own =
    'a bdi body button canvas code dd details div dl dt fieldset footer h1 h2 h3 head header html input kbd label legend li main meta nav ol output p script search section span strong style summary table tbody td th thead title tr ul';
  assert.deepEqual(
    kinds.filter((kind) => !own.split(' ').includes(kind)),
    [],
  );
  assert.equal(await page.locator('script').count(), 2);
  const handlers = await page.evaluate<string[]>(
    "[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => /^(on|href|src)/.test(name))",
  );
  // The way past the treemap.
  assert.deepEqual(handlers, ['href']);
}

describe(
  'a page of a hostile tree',
  { skip: missing('chromium', CHROMIUM) || ANY_NAMES, timeout: 120_000 },
  () => {
    before(async () => {
      browser = await launchChromium();
    });
    after(() => browser.close());

    it('shows every name as text, and nothing of it runs or leaves the page', async () => {
      using tree = new Tree();
      const names = [...new Set([...HOSTILE_NAMES, ...MARKUP_NAMES])];
      for (const name of names) {
        // What has a slash is a folder and a file.
        const path = tree.join(`${ROOT}/${name}`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${name}${'all work and no play '.repeat(20)}`);
      }
      const folder = Buffer.from(`${tree.join(ROOT)}/`);
      for (const name of NO_TEXT_NAMES) writeFileSync(Buffer.concat([folder, name]), 'no text');
      mkdirSync(tree.join(`${ROOT}/x<.br`));
      const words = [ROOT, '--report', 'report.html', '--brotli-quality=4', '-q'];
      const { code } = await wnCompress(words, { cwd: tree.path });
      assert.equal(code, 1);

      const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
      const wrong = complaintsOf(page);
      page.on('dialog', (dialog) => {
        wrong.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const requested: string[] = [];
      page.on('request', (request) => requested.push(request.url()));
      const url = pathToFileURL(tree.join('report.html')).href;
      await page.goto(url);
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      while (await page.locator('#folder-more button').isVisible()) {
        await page.locator('#folder-more button').click();
      }
      while (await page.locator('#failures-more button').isVisible()) {
        await page.locator('#failures-more button').click();
      }
      const shown = await page.locator('#folder-table tbody th').allTextContents();
      const expected = names.filter((name) => !name.includes('/')).map(sanitize);
      assert.deepEqual(
        expected.filter((name) => !shown.includes(name)),
        [],
      );
      // Of these the report has what stands for their bytes.
      assert.ok(shown.includes(String.raw`\xff.js`), 'the name that is no text');
      assert.equal(await page.title(), `${sanitize(ROOT)} · wn-compress`);
      // As sanitize has it, so that nothing turns or hides: the data itself is not shown.
      const text = await page.evaluate<string>('document.body.innerText');
      assert.equal(sanitize(text).replaceAll(/\\[nt]/g, ''), text.replaceAll(/[\n\t]|\\[nt]/g, ''));
      await page.getByRole('searchbox').fill('<img');
      for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'Enter', 'Escape']) {
        await page.locator('#map').press(key);
      }
      for (const summary of await page.locator('summary').all()) await summary.click();
      await assertNoMarkup(page);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
      assert.deepEqual(wrong, []);
      assert.deepEqual(requested, [url]);
      await page.close();
    });

    it('has a policy that lets no script, style, image or request in', async () => {
      using tree = new Tree();
      const intruders = [
        '<script>document.title = "owned"</script>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="document.title = \'owned\'">',
        '<style>body { display: none }</style>',
        '<p id="p" style="position: fixed" onclick="document.title = \'owned\'">press</p>',
        '<iframe src="https://example.invalid/"></iframe>',
        '<script src="https://example.invalid/x.js"></script>',
        '<base href="https://example.invalid/">',
      ];
      const path = tree.join('report.html');
      const text = new PageTemplate().fill(SITE);
      writeFileSync(
        path,
        text.replace('</body>', () => `${intruders.join('')}</body>`),
      );
      const page = await browser.newPage();
      const wrong = complaintsOf(page);
      const finished: string[] = [];
      const failed: (string | undefined)[] = [];
      page.on('requestfinished', (request) => finished.push(request.url()));
      page.on('requestfailed', (request) => failed.push(request.failure()?.errorText));
      const url = pathToFileURL(path).href;
      await page.goto(url);
      await page.locator('#p').click();
      assert.equal(await page.title(), 'public · wn-compress');
      assert.equal(await page.locator('#p').isVisible(), true);
      await assert.rejects(page.evaluate('document.body.innerHTML = "<b>"'), /TrustedHTML/);
      await assert.rejects(page.evaluate("fetch('https://example.invalid/')"), /fetch/);
      // Not for want of a network: for the policy.
      assert.deepEqual([finished, [...new Set(failed)]], [[url], ['csp']]);
      const refused = wrong.filter((message) => message.includes('Content Security Policy'));
      for (const directive of ['script-src', 'style-src', 'base-uri', 'default-src']) {
        assert.ok(
          refused.some((message) => message.includes(directive)),
          `${directive}: ${wrong.join('\n')}`,
        );
      }
      await page.close();
    });
  },
);
