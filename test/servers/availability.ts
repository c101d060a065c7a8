// Owns the question which servers this machine has, answered by trying to start their commands. Where all
// have to be there, as in .ci/run, a missing one is no reason to skip but a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PATH } from './running.js';

/** Set where every server was installed, so that none is skipped unnoticed. */
const REQUIRED = process.env['TEST_REQUIRES_SERVERS'] === '1';

/**
 * The reason to skip the tests of a server, or `false`.
 *
 * @param packages - those of Debian that hold it
 * @param needed - a command that ends with 0 where it is, or a file that has to be there
 * @throws when it is missing and may not be
 */
export function missing(
  packages: string,
  ...needed: readonly (readonly [string, ...string[]] | string)[]
): string | false {
  if (needed.every((one) => (typeof one === 'string' ? existsSync(one) : runs(one)))) return false;
  const reason = `not installed (in Debian: ${packages})`;
  if (REQUIRED) throw new Error(reason);
  return reason;
}

function runs([name, ...words]: readonly [string, ...string[]]): boolean {
  const { status } = spawnSync(name, words, {
    stdio: 'ignore',
    timeout: 30_000,
    env: { ...process.env, PATH, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return status === 0;
}
