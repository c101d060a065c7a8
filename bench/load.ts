// Owns the question how much of the machine others used meanwhile: without it nobody can tell a slow
// subject from a disturbed one. Knows Linux' /proc/stat only.
import { readFileSync } from 'node:fs';

/** Time that the machine's cores have spent since it was started, in ticks of 10 ms. */
export interface CoreTimes {
  /** Doing something, for whomever; stolen by a hypervisor, too. */
  readonly busy: number;
  readonly all: number;
}

/** Asks the kernel; `undefined` where it cannot be asked. */
export function readCoreTimes(): CoreTimes | undefined {
  try {
    return parseCoreTimes(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests count as user. */
export function parseCoreTimes(text: string): CoreTimes {
  const ticks = (text.split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) };
}

/**
 * The share of all cores, 0 to 1, that others kept busy between two readings.
 *
 * @param ownCpuMs - what was used by what is measured
 */
export function shareOfOthers(before: CoreTimes, after: CoreTimes, ownCpuMs: number): number {
  const all = after.all - before.all;
  if (all <= 0) return 0;
  return Math.max(0, (after.busy - before.busy - ownCpuMs / 10) / all);
}
