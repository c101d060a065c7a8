// Owns control groups of our own on Linux, in which a command is run with less than the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a group limits. */
export type Limit = { readonly memoryBytes: number } | { readonly cpuShare: number };

const PERIOD_US = 100_000;

/** A kernel that has no swap, or does not count it by group, lacks these. */
const SWAP_FILES: readonly string[] = ['memory.memsw.limit_in_bytes', 'memory.swap.max'];

/** A group, for as long as it is not disposed of: all that ran in it must have ended then. */
export class ControlGroup implements Disposable {
  private constructor(readonly path: string) {}

  /** @returns `undefined` where no group can be made: in that of this process, version 1 or 2 */
  static create(limit: Limit): ControlGroup | undefined {
    if (!existsSync('/proc/self/cgroup')) return undefined;
    const membership = readFileSync('/proc/self/cgroup', 'utf8');
    const controller = 'memoryBytes' in limit ? 'memory' : 'cpu';
    for (const [pattern, mount, files] of [
      [
        new RegExp(`^\\d+:(?:\\w+,)*${controller}(?:,\\w+)*:(.*)$`, 'm'),
        controller,
        filesOf1(limit),
      ],
      [/^0::(.*)$/m, '', filesOf2(limit)],
    ] as const) {
      const own = pattern.exec(membership)?.[1];
      if (own === undefined) continue;
      let path: string | undefined;
      try {
        path = mkdtempSync(join('/sys/fs/cgroup', mount, own, 'wn-compress-test-'));
        for (const [file, content] of files) {
          if (SWAP_FILES.includes(file) && !existsSync(join(path, file))) continue;
          writeFileSync(join(path, file), content);
        }
        const group = new ControlGroup(path);
        // To be moved there takes a right of its own; the shell that tries ends at once.
        if (group.run(['true']).status === 0) return group;
      } catch {
        // Not mounted, not ours to write to, or without the controller.
      }
      if (path !== undefined) rmdirSync(path);
    }
    return undefined;
  }

  /** Runs a command in the group to its end. */
  run(words: readonly string[], cwd?: string) {
    const shell = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
    return spawnSync('sh', ['-c', shell, this.path, ...words], {
      encoding: 'utf8',
      timeout: 120_000,
      ...(cwd === undefined ? {} : { cwd }),
    });
  }

  [Symbol.dispose](): void {
    rmdirSync(this.path);
  }
}

function filesOf1(limit: Limit): readonly (readonly [file: string, content: string])[] {
  if ('memoryBytes' in limit) {
    const bytes = String(limit.memoryBytes);
    // Memory and swap together, which may not be less than memory alone.
    return [
      ['memory.limit_in_bytes', bytes],
      ['memory.memsw.limit_in_bytes', bytes],
    ];
  }
  return [
    ['cpu.cfs_period_us', String(PERIOD_US)],
    ['cpu.cfs_quota_us', String(limit.cpuShare * PERIOD_US)],
  ];
}

function filesOf2(limit: Limit): readonly (readonly [file: string, content: string])[] {
  if ('memoryBytes' in limit) {
    return [
      ['memory.max', String(limit.memoryBytes)],
      ['memory.swap.max', '0'],
    ];
  }
  return [['cpu.max', `${limit.cpuShare * PERIOD_US} ${PERIOD_US}`]];
}
