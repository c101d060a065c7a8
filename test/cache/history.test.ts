// Shows what the history of a root proves of a sidecar, and that it proves nothing else: not for another
// path, content or root, nor when a part of it is torn or somebody else's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { platform } from 'node:os';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { digestOf } from '../../src/cache/fingerprint.js';
import {
  appendHistory,
  boundHistories,
  History,
  historyFolder,
  historyPath,
  historyRecord,
  isHistoryFile,
} from '../../src/cache/history.js';
import { NO_LINKS } from '../support/capability.js';
import { FOLDER, Tree } from '../support/tree.js';

const ON_WINDOWS = platform() === 'win32' && 'Windows has no FIFOs';

const CONTENT = digestOf(Buffer.from('content'));
const OTHER = digestOf(Buffer.from('other content'));

function records(...paths: readonly string[]): Buffer[] {
  return paths.map((path) => historyRecord(path, CONTENT));
}

describe('a history', () => {
  it('knows what was noted, with just the content that was noted', () => {
    using tree = new Tree();
    const path = tree.join('h');
    appendHistory(path, records('a.js.br', 'é/b.css.gz'));
    appendHistory(path, [historyRecord('a.js.br', OTHER)]);
    const history = new History(path);
    assert.ok(history.knows('a.js.br') && history.knows('é/b.css.gz'));
    assert.ok(history.hasWritten('a.js.br', CONTENT) && history.hasWritten('a.js.br', OTHER));
    assert.ok(history.hasWritten('é/b.css.gz', CONTENT));
    assert.ok(!history.hasWritten('é/b.css.gz', OTHER), 'the content of another path');
    for (const unknown of ['a.js.gz', 'A.js.br', './a.js.br', 'b.css.gz', '']) {
      assert.ok(!history.knows(unknown), unknown);
      assert.ok(!history.hasWritten(unknown, CONTENT), unknown);
    }
  });

  it('is empty where there is none, or a folder', () => {
    using tree = new Tree({ 'folder/a': '' });
    for (const name of ['missing', 'folder']) {
      const history = new History(tree.join(name));
      assert.ok(!history.knows('a.js.br'));
    }
  });

  it('loses nothing but the record that a killed run left torn, also when others add to it', () => {
    for (const tornBytes of [1, 16, 31]) {
      using tree = new Tree();
      const path = tree.join('h');
      appendHistory(path, records('a.br'));
      appendFileSync(path, records('torn.br')[0]?.subarray(0, tornBytes) ?? '');
      assert.ok(new History(path).hasWritten('a.br', CONTENT));
      assert.ok(!new History(path).knows('torn.br'));
      appendHistory(path, records('b.br', 'c.br'));
      appendHistory(path, records('d.br'));
      const history = new History(path);
      for (const one of ['a.br', 'b.br', 'c.br', 'd.br']) {
        assert.ok(history.hasWritten(one, CONTENT), `${one} behind ${tornBytes} bytes`);
      }
      assert.ok(!history.hasWritten('torn.br', CONTENT));
    }
  });

  it('says no name and no content in clear', () => {
    using tree = new Tree();
    appendHistory(tree.join('h'), records('secret.br'));
    assert.equal(statSync(tree.join('h')).size, 32);
    assert.ok(!readFileSync(tree.join('h'), 'latin1').includes('secret'));
  });

  it('is never read or written through a link', { skip: NO_LINKS || ON_WINDOWS }, () => {
    using tree = new Tree({ target: Buffer.concat(records('a.br')), link: { link: 'target' } });
    assert.ok(!new History(tree.join('link')).knows('a.br'));
    assert.throws(() => {
      appendHistory(tree.join('link'), records('b.br'));
    });
    assert.equal(tree.bytes('target').length, 32);
  });

  it('that is a FIFO is empty, and waited for by nobody', { skip: ON_WINDOWS }, () => {
    using tree = new Tree();
    execFileSync('mkfifo', [tree.join('h')]);
    assert.ok(!new History(tree.join('h')).knows('a.br'));
    assert.throws(
      () => {
        appendHistory(tree.join('h'), records('a.br'));
      },
      { code: 'ENXIO' },
    );
  });

  it('cannot be written where there is no folder', () => {
    using tree = new Tree();
    assert.throws(
      () => {
        appendHistory(tree.join('missing/h'), records('a.br'));
      },
      { code: 'ENOENT' },
    );
  });
});

describe('the histories of a cache', () => {
  it('are one for each root, by names that are known again', () => {
    const paths = ['/srv/a', '/srv/b', '/srv/a/'].map((root) => historyPath('/cache', root));
    assert.equal(new Set(paths).size, 3);
    assert.equal(historyPath('/cache', '/srv/a'), paths[0]);
    for (const path of paths) {
      assert.ok(path.startsWith(historyFolder('/cache')));
      assert.ok(isHistoryFile(basename(path)) && isHistoryFile(`${basename(path)}.tmp`));
    }
    for (const name of ['a.history', 'x.txt', `${basename(paths[0] ?? '')}.gz`]) {
      assert.ok(!isHistoryFile(name), name);
    }
  });
});

describe('the histories of a cache that is closed', () => {
  const NAME = `${'0'.repeat(32)}.history`;

  it('stay as they are, when they are small', () => {
    using tree = new Tree({ 'v1/roots/notes': 'x' });
    appendHistory(tree.join(`v1/roots/${NAME}`), records('a.br', 'a.br', 'b.br'));
    boundHistories(tree.path);
    assert.equal(statSync(tree.join(`v1/roots/${NAME}`)).size, 3 * 32);
    assert.deepEqual(tree.list(), [`v1/roots/${NAME}`, 'v1/roots/notes']);
  });

  it('lose what they say more than once, when they are large, and nothing else', () => {
    using tree = new Tree({ 'v1/roots': FOLDER });
    const path = tree.join(`v1/roots/${NAME}`);
    const [first, last] = records('first.br', 'last.br');
    assert.ok(first && last);
    const fd = openSync(path, 'w');
    const many = Buffer.concat(Array.from({ length: 2 ** 15 }, () => first));
    for (let written = 0; written < 64; written += 1) writeSync(fd, many);
    writeSync(fd, last);
    closeSync(fd);
    // What stands at the name under which it is written anew is not written through.
    tree.add({ victim: 'x', [`v1/roots/${NAME}.tmp`]: { link: '../../victim' } });
    boundHistories(tree.path);
    assert.deepEqual(tree.list(), [`v1/roots/${NAME}`, 'victim']);
    assert.deepEqual(readFileSync(path), Buffer.concat([first, last]));
    assert.equal(tree.bytes('victim').toString(), 'x');
  });

  it('go when nothing was written to them for a year', () => {
    using tree = new Tree({ 'v1/roots': FOLDER });
    const path = tree.join(`v1/roots/${NAME}`);
    appendHistory(path, records('a.br'));
    const old = Date.now() / 1000 - 366 * 24 * 60 * 60;
    utimesSync(path, old, old);
    boundHistories(tree.path);
    assert.deepEqual(tree.list(), ['v1/roots']);
  });
});
