// Owns the process in which one step of a layout is measured, so that nothing of the benchmark runs
// beside it: the arguments are layout, step, folder and number of entries; the answer is on stdout.
import { performance } from 'node:perf_hooks';
import type { LayoutAnswer, LayoutStep } from './cache-results.js';
import { BenchError } from './errors.js';
import { layoutEntries, type LayoutName, LAYOUTS, shuffled } from './layout.js';

const [name = '', step = '', folder = '', count = ''] = process.argv.slice(2);
const layout = LAYOUTS[name as LayoutName];
const entries = layoutEntries(Number(count));
const wanted = shuffled(entries);

const STEPS: Readonly<Record<LayoutStep, () => Promise<void>>> = {
  add: () => layout.add(folder, entries),
  load: () => {
    layout.open(folder);
    return Promise.resolve();
  },
  read: async () => {
    const open = layout.open(folder);
    for (const { record, encoded } of wanted) {
      if (open.read(record.key)?.length !== encoded.length) {
        throw new BenchError(`An entry of ${folder} is not there.`);
      }
    }
    await open.close();
  },
};

const cpuBefore = process.cpuUsage();
const before = performance.now();
await STEPS[step as LayoutStep]();
const wallMs = performance.now() - before;
const { user, system } = process.cpuUsage(cpuBefore);
const answer: LayoutAnswer = { cpuMs: (user + system) / 1000, wallMs };
console.log(JSON.stringify(answer));
