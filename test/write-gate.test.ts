// Shows that writers in other threads are let in, waited for and then kept out, and that work is given
// up when the gate closes. That nothing half written stays behind whole runs show: see disturbed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { RunEnded, WriteGate } from '../src/write-gate.js';

/** A thread that holds the gate until it is told to leave, and then tries to get in again. */
const WRITER = `
  const { parentPort, workerData } = await import('node:worker_threads');
  const { WriteGate } = await import(workerData.module);
  const gate = new WriteGate(workerData.memory);
  gate.enter();
  parentPort.postMessage('entered');
  await new Promise((resolve) => parentPort.once('message', resolve));
  gate.leave();
  try { gate.enter(); parentPort.postMessage('entered again'); }
  catch (error) { parentPort.postMessage(error.name); }
`;

describe('write gate', () => {
  it('waits for a writer in another thread and lets it in no more', async () => {
    const gate = new WriteGate();
    const module = new URL('../src/write-gate.js', import.meta.url).href;
    const source = `data:text/javascript,${encodeURIComponent(WRITER)}`;
    const worker = new Worker(new URL(source), { workerData: { module, memory: gate.memory } });
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    const exited = once(worker, 'exit');
    await once(worker, 'message');
    gate.close();
    assert.equal(await gate.waitForWriters(10), false);
    const waiting = gate.waitForWriters(30_000);
    worker.postMessage('leave');
    assert.equal(await waiting, true);
    await exited;
    assert.deepEqual(messages, ['entered', 'RunEnded']);
  });

  it('stops waiting for work when it closes', async () => {
    const gate = new WriteGate();
    const never = new Promise<never>(() => undefined);
    const waiting = gate.unlessClosed(never);
    gate.close();
    await assert.rejects(waiting, RunEnded);
  });

  it('hands on what the work comes to', async () => {
    const gate = new WriteGate();
    assert.equal(await gate.unlessClosed(Promise.resolve(3)), 3);
    await assert.rejects(gate.unlessClosed(Promise.reject(new Error('no'))), { message: 'no' });
  });
});
