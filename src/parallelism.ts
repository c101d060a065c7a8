// Owns the question how many threads this machine lets us keep busy. Node before 22 counts cores and
// affinity only; a container's CPU quota stands in its cgroup, and ignoring it means being throttled.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';

/** Where Linux mounts the control groups. */
const CGROUP_ROOT = '/sys/fs/cgroup';

/**
 * Worker threads that can run at once: the cores that this process may use, or fewer when the CPU
 * quota of a cgroup (version 1 or 2, of this process or any of its ancestors) allows fewer. A quota
 * of 1.5 cores counts as 2: the second thread uses what the first leaves.
 */
export function availableThreads(): number {
  const membership = readText('/proc/self/cgroup');
  const quotas = membership === undefined ? [] : cpuQuotas(membership, readText);
  return Math.max(1, Math.min(availableParallelism(), ...quotas.map(Math.ceil)));
}

/**
 * The CPU quotas, in cores, that limit a process.
 *
 * @param membership - content of `/proc/<pid>/cgroup`, a line `id:controllers:path` for each
 *   hierarchy (cgroups(7)); version 2 is the line with id 0 and no controllers
 * @param read - content of a file, or `undefined` where there is none
 */
export function cpuQuotas(
  membership: string,
  read: (path: string) => string | undefined,
): number[] {
  const quotas: number[] = [];
  for (const line of membership.split('\n')) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === undefined || controllers === undefined || path === undefined) continue;
    const isVersion2 = id === '0' && controllers === '';
    if (!isVersion2 && !controllers.split(',').includes('cpu')) continue;
    for (const folder of ancestors(path)) {
      const quota = isVersion2
        ? quotaOfVersion2(read(posix.join(CGROUP_ROOT, folder, 'cpu.max')))
        : quotaOfVersion1((file) => {
            // systemd mounts `cpu,cpuacct` and links `cpu` to it; others mount `cpu` alone.
            const inMount = (mount: string) => read(posix.join(CGROUP_ROOT, mount, folder, file));
            return inMount(controllers) ?? inMount('cpu');
          });
      if (quota !== undefined) quotas.push(quota);
    }
  }
  return quotas;
}

/** `/a/b` → `/a/b`, `/a`, `/`. Inside a container the path may be the host's; the root still holds. */
function ancestors(path: string): string[] {
  const folders = [path];
  for (let folder = path; folder !== '/';) {
    folder = posix.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** `cpu.max` holds `<quota> <period>` in microseconds, the quota `max` when there is none. */
function quotaOfVersion2(text: string | undefined): number | undefined {
  const [quota, period] = text?.trim().split(' ') ?? [];
  return ratioOf(quota, period);
}

/** `cpu.cfs_quota_us` is -1 when there is no quota. */
function quotaOfVersion1(readFile: (file: string) => string | undefined): number | undefined {
  return ratioOf(readFile('cpu.cfs_quota_us'), readFile('cpu.cfs_period_us'));
}

function ratioOf(quota: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
