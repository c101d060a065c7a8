// Owns the headless Chromium of Debian: where it is, how it is started, and what a page of it complained of.
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where it is, if it is there. */
export const CHROMIUM = '/usr/bin/chromium';

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

/** Starts it; to be closed by whoever did. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** All that goes wrong on a page from now on; grows. */
export function complaintsOf(page: Page): string[] {
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('requestfailed', (request) => wrong.push(`${request.url()} failed`));
  return wrong;
}
