// Tests docs/servers/*.js: the servers on npm, each as a process of its own.
import { basename, join } from 'node:path';
import { CONFIGURATIONS } from './documented.js';
import { describeServer, type Habits } from './contract.js';
import { startServer } from './running.js';

const SERVERS: readonly (readonly [
  program: string,
  name: string,
  habits: Habits,
  sendsZstd?: true,
])[] = [
  ['sirv.js', 'sirv', { indexesAtStart: true, ignoresRefusal: true, unpacksDownloads: true }],
  ['express.js', 'Express with express-static-gzip', { indexesAtStart: true }, true],
  ['fastify.js', 'Fastify with @fastify/static', {}],
];

for (const [program, name, habits, sendsZstd] of SERVERS) {
  describeServer({
    name,
    figureName: `server-${basename(program, '.js')}`,
    missing: false,
    start: (site) =>
      startServer((port) => ({
        words: [process.execPath, join(CONFIGURATIONS, program)],
        cwd: site.path,
        env: { PORT: `${port}` },
      })),
    habits,
    ...(sendsZstd === undefined ? {} : { sendsZstd }),
  });
}
