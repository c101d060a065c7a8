// Owns how often something random is tried: a few times with every run of the tests, and in earnest by
// `npm run test:soak`, which also collects what was found for docs/RELIABILITY.md.
import { appendFileSync } from 'node:fs';

/** How much of the soak there is to be: 1 is all of it, 0 none. */
const SHARE = Number(process.env['TEST_SOAK'] ?? 0);

/** A number of rounds: `usually` with every run of the tests, `inSoak` in a whole soak. */
export function rounds(usually: number, inSoak: number): number {
  return Math.max(usually, Math.round(inSoak * SHARE));
}

/**
 * Notes what a test found, for the place of that name in docs/RELIABILITY.md. Call it once for a name,
 * when all has held. Outside a soak it does nothing.
 *
 * @param name - words with hyphens, such as `kill`
 * @param text - one line with the numbers that were counted, such as `200 kills, 3,112 sidecars decoded`
 */
export function figure(name: string, text: string): void {
  const path = process.env['TEST_FIGURES'];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify({ name, text })}\n`);
}
