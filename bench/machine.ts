// Owns the description of the machine and of the code on it, without which figures mean nothing.
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { REPOSITORY } from './places.js';

/** On what was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  /** The zlib that this Node.js was built with. */
  readonly zlib: string;
  readonly brotli: string;
}

/** Asks the system. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.versions.node,
    zlib: process.versions.zlib,
    brotli: process.versions['brotli'] ?? 'unknown',
  };
}

/** The commit that is checked out; `-dirty` behind it when files differ from it. */
export function describeCommit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}
