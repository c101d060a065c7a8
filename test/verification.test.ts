// Shows how a sidecar that is there is judged, on real files: by what a server would send, whatever stands
// at the name, held whole or in chunks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { ContentCoding } from '../src/content-coding.js';
import { canDecode } from '../src/decoder.js';
import { FileFailed } from '../src/failure.js';
import { readFileChunks, verifySidecar, type SourceContent } from '../src/verification.js';
import { NO_LINKS } from './support/capability.js';
import { script } from './support/sidecars.js';
import { Tree } from './support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no such files';
const AS_ROOT = process.getuid?.() === 0 ? 'root may read everything' : ON_WINDOWS;
const MIB = 1024 ** 2;

const SOURCE = Buffer.from(script(5000));

function contentOf(source: Buffer, isHeld: boolean): SourceContent {
  return { size: source.length, whole: isHeld ? source : undefined, readChunks: () => [source] };
}

/** The verdict with the source held whole, and with the source in chunks. */
async function verdictOn(
  path: string,
  contentCoding: ContentCoding = 'gzip',
  source = SOURCE,
): Promise<string> {
  const held = await verifySidecar(path, contentCoding, contentOf(source, true));
  const streamed = await verifySidecar(path, contentCoding, contentOf(source, false));
  assert.deepEqual([held.verdict, held.encodedBytes], [streamed.verdict, streamed.encodedBytes]);
  return `${held.verdict} ${held.encodedBytes}`;
}

describe('the verification of a sidecar', () => {
  it('finds valid what decodes to the source, however it was made', async () => {
    const gzip = [1, 6, 9].map((level) => gzipSync(SOURCE, { level }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 3 };
    const br = brotliCompressSync(SOURCE, { params });
    using tree = new Tree({ br, ...Object.fromEntries(gzip.map((one, index) => [index, one])) });
    assert.equal(await verdictOn(tree.join('br'), 'br'), `valid ${br.length}`);
    for (const [index, { length }] of gzip.entries()) {
      assert.equal(await verdictOn(tree.join(String(index))), `valid ${length}`);
    }
  });

  it('finds stale whatever does not, and says how large it is', async () => {
    const encoded = gzipSync(SOURCE);
    const rows: readonly (readonly [what: string, content: Buffer])[] = [
      ['empty', Buffer.alloc(0)],
      ['cut', encoded.subarray(0, -1)],
      ['longer', Buffer.concat([encoded, Buffer.alloc(1)])],
      ['other', gzipSync(script(5000, 2))],
      ['noise', randomBytes(5000)],
      ['the source itself', SOURCE],
      ['another content-coding', brotliCompressSync(SOURCE)],
    ];
    using tree = new Tree(Object.fromEntries(rows));
    for (const [what, { length }] of rows) {
      assert.equal(await verdictOn(tree.join(what)), `stale ${length}`, what);
    }
  });

  it(
    'judges nothing of a content-coding without a decoder',
    { skip: canDecode('zstd') },
    async () => {
      using tree = new Tree({ 'a.zst': 'abc' });
      assert.equal(await verdictOn(tree.join('a.zst'), 'zstd'), 'unverifiable 3');
      assert.equal(await verdictOn(tree.join('b.zst'), 'zstd'), 'absent 0');
    },
  );

  it('finds nothing where there is none, or a folder, or a part of the path is a file', async () => {
    using tree = new Tree({ 'folder/a': '', file: '' });
    for (const path of ['missing', 'folder', 'file/a.gz']) {
      assert.equal(await verdictOn(tree.join(path)), 'absent 0', path);
    }
  });

  it('follows links, as a server does', { skip: NO_LINKS }, async () => {
    const encoded = gzipSync(SOURCE);
    using tree = new Tree({
      target: encoded,
      right: { link: 'target' },
      other: 'x',
      wrong: { link: 'other' },
      broken: { link: 'nowhere' },
      loop: { link: 'loop' },
      'folder/a': '',
      'to-folder': { link: 'folder' },
    });
    assert.equal(await verdictOn(tree.join('right')), `valid ${encoded.length}`);
    assert.equal(await verdictOn(tree.join('wrong')), 'stale 1');
    for (const path of ['broken', 'loop', 'to-folder']) {
      assert.equal(await verdictOn(tree.join(path)), 'absent 0', path);
    }
  });

  it('waits for no FIFO, and opens no socket', { skip: ON_WINDOWS }, async () => {
    using tree = new Tree();
    execFileSync('mkfifo', [tree.join('fifo')]);
    const server = createServer().listen(tree.join('socket'));
    await once(server, 'listening');
    try {
      assert.equal(await verdictOn(tree.join('fifo')), 'absent 0');
      assert.equal(await verdictOn(tree.join('socket')), 'absent 0');
    } finally {
      server.close();
    }
  });

  it('fails what it may not read, by its path', { skip: AS_ROOT }, async () => {
    using tree = new Tree({ 'a.gz': gzipSync(SOURCE) });
    chmodSync(tree.join('a.gz'), 0);
    await assert.rejects(
      verifySidecar(tree.join('a.gz'), 'gzip', contentOf(SOURCE, true)),
      (error) => {
        assert.ok(error instanceof FileFailed);
        const { code, operation, path } = error.failure;
        assert.deepEqual([code, operation, path], ['EACCES', 'open', tree.join('a.gz')]);
        return true;
      },
    );
  });

  it('holds no huge sidecar in memory, and reads it only as far as it is right', async () => {
    using tree = new Tree({ 'a.gz': gzipSync(script(5000, 2)) });
    // A sparse file: of zeros behind a member of something else.
    truncateSync(tree.join('a.gz'), 1024 * MIB);
    const rssBefore = process.memoryUsage.rss();
    const start = performance.now();
    assert.equal(await verdictOn(tree.join('a.gz')), `stale ${1024 * MIB}`);
    assert.ok(performance.now() - start < 1500, 'it was read to its end');
    assert.ok(process.memoryUsage.rss() - rssBefore < 128 * MIB);
  });

  it('leaves no file open', { skip: platform() !== 'linux' && 'no /proc' }, async () => {
    using tree = new Tree({ good: gzipSync(SOURCE), bad: 'x', 'folder/a': '' });
    for (const name of ['good', 'bad', 'folder', 'missing']) await verdictOn(tree.join(name));
    const open = execFileSync('sh', ['-c', 'ls -l /proc/$PPID/fd'], { encoding: 'utf8' });
    assert.ok(!open.includes(tree.path), open);
  });
});

describe('the chunks of a file', () => {
  it('are its content, of any size', () => {
    for (const bytes of [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB]) {
      const content = randomBytes(bytes);
      using tree = new Tree({ a: content });
      assert.ok(Buffer.concat([...readFileChunks(tree.join('a'))]).equals(content), String(bytes));
    }
  });

  it('of one that is not there are a failure of that file', () => {
    using tree = new Tree();
    assert.throws(() => [...readFileChunks(tree.join('a'))], FileFailed);
  });
});
