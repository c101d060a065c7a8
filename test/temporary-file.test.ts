// Shows which names are those of temporary files, and when one is a leftover: asked of real processes
// that live, are dead, or are zombies. That leftovers are removed is shown in leftovers.test.ts.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import {
  isLeftover,
  isTemporaryName,
  temporaryName,
  temporaryPrefix,
} from '../src/temporary-file.js';
import { until } from './support/until.js';

const HOUR_MS = 60 * 60 * 1000;
const NO_PROC = platform() === 'linux' ? false : 'no /proc here';

/** A process that does nothing until it is killed. */
async function startProcess(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  await once(child, 'spawn');
  assert.ok(child.pid !== undefined);
  return { child, pid: child.pid };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe('the name of a temporary file', () => {
  it('is known as one, is hidden, and is no longer than 80 bytes', () => {
    const name = temporaryName(temporaryPrefix(process.pid));
    assert.equal(isTemporaryName(name), true);
    assert.ok(name.startsWith('.wn-compress-') && Buffer.byteLength(name) <= 80, name);
  });

  it('is another each time', () => {
    const prefix = temporaryPrefix(process.pid);
    const names = Array.from({ length: 1000 }, () => temporaryName(prefix));
    assert.equal(new Set(names).size, 1000);
    assert.ok(names.every((name) => name.startsWith(prefix)));
  });

  it('is not mistaken for others', () => {
    const name = temporaryName(temporaryPrefix(process.pid));
    const others = [`${name}.gz`, `x${name}`, name.slice(1), `${name}\n`, name.toUpperCase(), ''];
    assert.deepEqual(others.filter(isTemporaryName), []);
    assert.deepEqual(
      others.filter((other) => isLeftover(other, 0)),
      [],
    );
  });
});

describe('a temporary file', () => {
  it('of this process is no leftover, however old', () => {
    assert.equal(isLeftover(temporaryName(temporaryPrefix(process.pid)), 0), false);
  });

  it('of another live process is no leftover, and is one as soon as that is killed', async () => {
    const { child, pid } = await startProcess();
    const name = temporaryName(temporaryPrefix(pid));
    const before = isLeftover(name, 0);
    await kill(child);
    assert.deepEqual([before, isLeftover(name, Date.now())], [false, true]);
  });

  it(
    'of a process that is dead but not yet waited for is a leftover',
    { skip: NO_PROC },
    async () => {
      // A shell that has become `sleep` before its child ends never waits for it.
      const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
      try {
        const [output] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(output.toString());
        const status = () => readFileSync(`/proc/${pid}/stat`, 'utf8');
        await until(() => status().includes(') Z '));
        assert.equal(isLeftover(temporaryName(temporaryPrefix(pid)), Date.now()), true);
      } finally {
        await kill(parent);
      }
    },
  );

  it('of an earlier process with the pid of a live one is a leftover', { skip: NO_PROC }, () => {
    const start = /-(\d+)-(\d+)-/.exec(temporaryPrefix(process.pid))?.[2];
    assert.ok(start !== undefined && start !== '0');
    const prefix = temporaryPrefix(process.pid);
    const earlier = prefix.replace(`-${start}-`, `-${Number(start) - 1}-`);
    assert.equal(isLeftover(temporaryName(earlier), Date.now()), true);
  });

  it('of a process whose start is not known is no leftover while its pid lives', async () => {
    const { child, pid } = await startProcess();
    const prefix = temporaryPrefix(pid).replace(/-\d+-([0-9a-f]{8})$/, '-0-$1');
    const name = temporaryName(prefix);
    const before = isLeftover(name, 0);
    await kill(child);
    assert.deepEqual([before, isLeftover(name, Date.now())], [false, true]);
  });

  it('of another machine is a leftover when it has not changed for a day', () => {
    const name = temporaryName(temporaryPrefix(process.pid)).replace(
      /^\.wn-compress-[0-9a-f]{8}/,
      '.wn-compress-00000000',
    );
    assert.equal(isTemporaryName(name), true);
    const ages = [0, 23 * HOUR_MS, 25 * HOUR_MS];
    assert.deepEqual(
      ages.map((ageMs) => isLeftover(name, Date.now() - ageMs)),
      [false, false, true],
    );
  });
});
