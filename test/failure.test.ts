// Shows which caught values become failures, and what they then say by code and operation; a defect is
// thrown on. Errors of the system are real ones; the rarer codes are tables.
import assert from 'node:assert/strict';
import { openSync, rmSync, unlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  attempt,
  codeOf,
  createFailure,
  FileFailed,
  toFailure,
  type Operation,
} from '../src/failure.js';
import { Tree } from './support/tree.js';

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('it threw nothing');
}

describe('the code of an error', () => {
  it("is that of the system or of Node's, and nothing else has one", () => {
    using tree = new Tree({ 'folder/file': '' });
    const rows: readonly [error: unknown, code: string | undefined][] = [
      [caught(() => openSync(tree.join('missing'), 'r')), 'ENOENT'],
      [caught(() => openSync(tree.join('folder'), 'w')), 'EISDIR'],
      [caught(() => openSync('a\0b', 'r')), 'ERR_INVALID_ARG_VALUE'],
      [Object.assign(new Error('nested'), { code: 'EIO' }), 'EIO'],
      [Object.assign(new Error('number'), { code: 5 }), undefined],
      [new Error('defect'), undefined],
      [new TypeError('Array buffer allocation failed'), undefined],
      [{ code: 'EIO' }, undefined],
      ['EIO', undefined],
      [undefined, undefined],
      [null, undefined],
    ];
    for (const [error, code] of rows) assert.equal(codeOf(error), code, String(error));
  });

  it('is ENOMEM when the engine finds no memory for a buffer', () => {
    const error = caught(() => new ArrayBuffer(Number.MAX_SAFE_INTEGER));
    assert.ok(error instanceof RangeError && !('code' in error));
    assert.equal(codeOf(error), 'ENOMEM');
    assert.equal(codeOf(new RangeError('Invalid array length')), undefined);
  });
});

describe('a failure', () => {
  const rows: readonly [code: string, operation: Operation, message: RegExp][] = [
    ['EACCES', 'open', /^permission denied; /],
    ['EACCES', 'list', /^permission denied; /],
    ['EACCES', 'write', /^its folder is not writable /],
    ['EACCES', 'rename', /^its folder is not writable /],
    ['EACCES', 'remove', /^its folder is not writable /],
    ['EPERM', 'open', /^operation not permitted; /],
    ['EPERM', 'write', /^it may not be changed by this user /],
    ['ENOENT', 'open', /^it vanished /],
    ['ENOENT', 'stat', /^it vanished /],
    ['ENOENT', 'write', /^its folder vanished /],
    ['ENOSPC', 'write', /^no space left on the device; free some /],
    ['EISDIR', 'rename', /^a directory stands where the sidecar belongs; /],
    ['EMFILE', 'open', /ulimit -n.*--threads/],
    ['ENOMEM', 'encode', /^out of memory; lower --threads/],
    ['ECHANGED', 'read', /^the source changed /],
    ['EENCODING', 'list', /^the name is not valid UTF-8; /],
    ['ENOTREG', 'open', /^it is no longer a regular file; /],
    ['EWORKER', 'encode', /^the worker thread died; /],
  ];
  for (const [code, operation, message] of rows) {
    it(`of ${code} on ${operation} says what happened and what to do`, () => {
      const failure = createFailure(code, operation, '/a');
      assert.deepEqual(
        { ...failure, message: '' },
        { code, operation, path: '/a', message: '' },
        'its other fields are just what was given',
      );
      assert.match(failure.message, message);
      assert.match(failure.message, /^[^;]+; .+[^.]$/);
      const error = Object.assign(new Error('told by the system'), { code });
      assert.deepEqual(toFailure(error, operation, '/a'), failure);
    });
  }

  it('of a code without a message of ours says what the system said', () => {
    const error = Object.assign(new Error('odd: device is odd'), { code: 'EODD' });
    assert.deepEqual(toFailure(error, 'read', '/a'), {
      code: 'EODD',
      operation: 'read',
      path: '/a',
      message: 'odd: device is odd',
    });
    assert.equal(createFailure('EODD', 'read', '/a').message, 'EODD');
  });

  it('can be cloned from thread to thread and loses nothing', () => {
    using tree = new Tree();
    const error = caught(() => openSync(tree.join('missing'), 'r'));
    const failure = toFailure(error, 'open', tree.join('missing'));
    assert.deepEqual(structuredClone(failure), failure);
  });
});

describe('a defect', () => {
  it('is no failure, and is thrown on as it is', () => {
    for (const defect of [new TypeError('x is not a function'), 'text', undefined]) {
      const thrown = () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw defect;
      };
      assert.equal(
        caught(() => toFailure(defect, 'read', '/a')),
        defect,
      );
      assert.equal(
        caught(() => attempt('read', '/a', thrown)),
        defect,
      );
    }
  });
});

describe('an attempt', () => {
  it('hands on what comes of it', () => {
    assert.equal(
      attempt('read', '/a', () => 3),
      3,
    );
  });

  it('fails with the failure of what the system refused', () => {
    using tree = new Tree({ a: '' });
    rmSync(tree.join('a'));
    const error = caught(() => {
      attempt('remove', tree.join('a'), () => {
        unlinkSync(tree.join('a'));
      });
    });
    assert.ok(error instanceof FileFailed);
    assert.deepEqual(error.failure, createFailure('ENOENT', 'remove', tree.join('a')));
    assert.equal(error.message, error.failure.message);
  });
});
