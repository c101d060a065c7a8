// Shows that a file may have any size and a folder any number of files. What takes minutes, 5 GiB and
// 100,000 files, only the soak does.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { wnCompress } from '../cli/command.js';
import { assertTree, script } from '../support/sidecars.js';
import { figure, rounds } from '../support/soak.js';
import { Tree } from '../support/tree.js';
import { compress } from '../support/uncached.js';

const IN_SOAK = rounds(0, 1) > 0;
const ON_WINDOWS = process.platform === 'win32' && 'a file is sparse there only when told to';

/** GNU time, which tells the peak of memory and the CPU time of a process. */
const HAS_TIME = spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0;

/** Runs the command under GNU time, where that is; what it took as words. */
async function timed(tree: Tree, words: readonly string[]): Promise<string> {
  using notes = new Tree();
  const log = notes.join('log');
  const under = HAS_TIME ? ['/usr/bin/time', '-o', log, '-f', '%M %U %S'] : [];
  // The longest of them takes several minutes; the time limit of other commands is one.
  const { code, stderr } = await wnCompress(['.', '--quiet', ...words], {
    cwd: tree.path,
    under,
    timeoutMs: 900_000,
  });
  assert.deepEqual([code, stderr], [0, '']);
  if (!HAS_TIME) return 'not measured';
  const [kibibytes = 0, user = 0, system = 0] = readFileSync(log, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  return `${(user + system).toFixed(1)} s of CPU time, ${(kibibytes / 1024).toFixed(0)} MiB at its peak`;
}

/** Asserts that two streams hold the same bytes. */
async function assertSame(actual: Readable, expected: Readable): Promise<void> {
  const others = expected[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of actual as AsyncIterable<Buffer>) {
    for (let offset = 0; offset < chunk.length;) {
      if (rest.length === 0) {
        const next = await others.next();
        assert.ok(next.done !== true, 'more than its source');
        rest = next.value;
      }
      const length = Math.min(rest.length, chunk.length - offset);
      assert.equal(chunk.compare(rest, 0, length, offset, offset + length), 0, 'another byte');
      rest = rest.subarray(length);
      offset += length;
    }
  }
  assert.ok(rest.length === 0 && (await others.next()).done === true, 'less than its source');
}

/** A file with text at its beginning and its end, and a hole in between. */
function makeSparse(tree: Tree, name: string, bytes: number): void {
  const tail = script(5000, 2);
  writeFileSync(tree.join(name), script(5000));
  truncateSync(tree.join(name), bytes - tail.length);
  writeFileSync(tree.join(name), tail, { flag: 'a' });
  assert.equal(statSync(tree.join(name)).size, bytes);
}

async function assertSparse(tree: Tree, name: string): Promise<void> {
  const path = tree.join(name);
  const options = { highWaterMark: 2 ** 20 };
  for (const [suffix, decoder] of [
    ['gz', createGunzip],
    ['br', createBrotliDecompress],
  ] as const) {
    const encoded = createReadStream(`${path}.${suffix}`).pipe(decoder({ chunkSize: 2 ** 20 }));
    await assertSame(encoded, createReadStream(path, options));
  }
}

describe('files of all sizes', () => {
  it('are compressed from 0 bytes on: those without, and those that grow, get no sidecar', async () => {
    const sizes = [0, 1, 2, 3, 10, 20, 21, 22, 40, 100, 1023, 1024, 16_383, 16_384, 65_536];
    const same = sizes.map((size) => [`same-${size}`, 'x'.repeat(size)]);
    const varied = sizes.map((size) => [`varied-${size}`, script(size)]);
    const noise = sizes.map((size) => [
      `noise-${size}`,
      Buffer.from(
        Array.from({ length: size }, (_, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 1e7) % 256),
      ),
    ]);
    using tree = new Tree(
      Object.fromEntries([...same, ...varied, ...noise]) as Record<string, string>,
    );
    const sources = tree.list();
    const { failures, totals } = await compress(tree.path);
    assert.deepEqual([failures, totals.skippedByReason.empty], [[], 3]);
    const sidecars = tree.list().filter((path) => !sources.includes(path));
    assertTree(tree, [...sources, ...sidecars]);
    const large = [...same, ...varied]
      .map(([name]) => String(name))
      .filter((name) => Number(name.split('-')[1]) >= 1023);
    for (const name of large)
      assert.ok(sidecars.includes(`${name}.br`) && sidecars.includes(`${name}.gz`), name);
    assert.ok(!sidecars.some((name) => /-[0-3]\./.test(name)));
  });

  it(
    'are compressed when they are sparse and larger than memory is given',
    { skip: ON_WINDOWS },
    async () => {
      using tree = new Tree();
      makeSparse(tree, 'a.txt', 40 * 2 ** 20 + 1);
      await timed(tree, ['--gzip-level=1', '--brotli-quality=1']);
      await assertSparse(tree, 'a.txt');
      assert.deepEqual(tree.list(), ['a.txt', 'a.txt.br', 'a.txt.gz']);
    },
  );

  it(
    'are compressed when they have 5 GiB, which is more than Node reads at once',
    { skip: ON_WINDOWS || (!IN_SOAK && 'only in the soak') },
    async () => {
      using tree = new Tree();
      makeSparse(tree, 'a.txt', 5 * 2 ** 30 + 1);
      const took = await timed(tree, ['--gzip-level=1', '--brotli-quality=1']);
      await assertSparse(tree, 'a.txt');
      assert.deepEqual(tree.list(), ['a.txt', 'a.txt.br', 'a.txt.gz']);
      figure('five-gibibytes', `5 GiB and a byte, decoded and compared: ${took}`);
    },
  );
});

describe('a folder of very many files', () => {
  it('is done, one file as another', async () => {
    const count = rounds(1000, 100_000);
    using tree = new Tree();
    mkdirSync(tree.join('all'));
    for (let index = 0; index < count; index += 1) {
      writeFileSync(tree.join(`all/${index}.js`), script(200 + (index % 50), index + 1));
    }
    const words = ['--brotli-quality=4', '--gzip-level=4'];
    const took = await timed(tree, words);
    const sources = Array.from({ length: count }, (_, index) => `all/${index}.js`);
    assertTree(
      tree,
      sources.flatMap((path) => [path, `${path}.br`, `${path}.gz`]),
    );
    const again = await timed(tree, words);
    figure(
      'many-files',
      `${count.toLocaleString('en')} files in one folder: ${took}; once more: ${again}`,
    );
  });
});
