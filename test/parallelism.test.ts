// Shows how the CPU quotas of a process are found, in cgroup files that are a table here; of this machine
// itself only what holds on any.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { availableThreads, cpuQuotas } from '../src/parallelism.js';

describe('the cpu quotas of a process', () => {
  const rows: readonly {
    title: string;
    membership: string;
    files: Readonly<Record<string, string>>;
    quotas: readonly number[];
  }[] = [
    {
      title: 'are that of its version 2 cgroup and of each ancestor',
      membership: '0::/a.slice/b.scope\n',
      files: {
        '/sys/fs/cgroup/a.slice/b.scope/cpu.max': '150000 100000\n',
        '/sys/fs/cgroup/a.slice/cpu.max': '400000 100000\n',
        '/sys/fs/cgroup/cpu.max': 'max 100000\n',
      },
      quotas: [1.5, 4],
    },
    {
      title: 'are found at the root inside of a container',
      membership: '0::/\n',
      files: { '/sys/fs/cgroup/cpu.max': '50000 100000\n' },
      quotas: [0.5],
    },
    {
      title: 'are found at the root when the path is that of the host',
      membership: '0::/docker/0123\n',
      files: { '/sys/fs/cgroup/cpu.max': '200000 100000\n' },
      quotas: [2],
    },
    {
      title: 'are none at max',
      membership: '0::/a\n',
      files: { '/sys/fs/cgroup/a/cpu.max': 'max 100000\n', '/sys/fs/cgroup/cpu.max': 'max\n' },
      quotas: [],
    },
    {
      title: 'are those of version 1 where systemd mounts cpu and cpuacct together',
      membership: '12:memory:/a\n4:cpu,cpuacct:/a\n1:name=systemd:/a\n',
      files: {
        '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '300000\n',
        '/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      },
      quotas: [3],
    },
    {
      title: 'are those of version 1 where cpu is mounted alone',
      membership: '4:cpu,cpuacct:/a\n',
      files: {
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '250000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      quotas: [2.5],
    },
    {
      title: 'are those of the version that rules, where both are mounted',
      membership: '3:cpu:/a\n2:cpuset:/b\n0::/a\n',
      files: {
        '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '100000\n',
        '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '50000\n',
        '/sys/fs/cgroup/cpuset/b/cpu.cfs_quota_us': '1\n',
      },
      quotas: [2],
    },
    {
      title: 'are none where nothing can be read or understood',
      membership: 'nonsense\n\n0::relative\n0::/a:b\n0::/../up\n',
      files: {
        '/sys/fs/cgroup/a:b/cpu.max': '\n',
        '/sys/fs/cgroup/cpu.max': 'many 0\n',
      },
      quotas: [],
    },
    {
      title: 'are none at a period of zero or a negative quota',
      membership: '0::/a/b\n',
      files: { '/sys/fs/cgroup/a/b/cpu.max': '1 0', '/sys/fs/cgroup/a/cpu.max': '-5 100' },
      quotas: [],
    },
  ];
  for (const { title, membership, files, quotas } of rows) {
    it(title, () => {
      assert.deepEqual(
        cpuQuotas(membership, (path) => files[path]),
        quotas,
      );
    });
  }
});

it('the threads of this machine are at least one and no more than its cores', () => {
  const threads = availableThreads();
  assert.ok(Number.isInteger(threads) && threads >= 1 && threads <= availableParallelism());
});
