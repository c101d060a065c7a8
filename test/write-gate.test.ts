import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { RunEnded, WriteGate } from '../src/write-gate.js';

/** A thread that holds the gate for 100 ms and counts how often it got in afterwards. */
const WRITER = `
  const { parentPort, workerData } = await import('node:worker_threads');
  const { WriteGate } = await import(workerData.module);
  const gate = new WriteGate(workerData.memory);
  gate.enter();
  parentPort.postMessage('entered');
  await new Promise((resolve) => setTimeout(resolve, 100));
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
    const entered = new Promise((resolve) => worker.on('message', resolve));
    worker.on('message', (message) => messages.push(message));
    const exited = new Promise((resolve) => worker.on('exit', resolve));
    await entered;
    gate.close();
    assert.equal(await gate.waitForWriters(10), false);
    assert.equal(await gate.waitForWriters(5000), true);
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
