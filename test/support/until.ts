// Owns the waiting of tests for something that nobody announces: a file that appears, a thread that
// ends. Always bounded, so that what never comes is a failed test and not a run that hangs.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Far above what any of it takes, on a busy machine too. */
const TIMEOUT_MS = 30_000;

/** Waits until `condition` holds, and fails after 30 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + TIMEOUT_MS; !(await condition());) {
    assert.ok(performance.now() < end, `waited for ${TIMEOUT_MS} ms in vain`);
    await delay(5);
  }
}

/** Waits until no worker thread of this process is left: one in an encode ends only behind it. */
export function untilNoThreads(): Promise<void> {
  return until(() => !process.getActiveResourcesInfo().includes('MessagePort'));
}
