// Tests docs/servers/wsgi.py: WhiteNoise under gunicorn.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './availability.js';
import { describeServer } from './contract.js';
import { CONFIGURATIONS } from './documented.js';
import { startServer } from './running.js';

const CHECK = [
  'gunicorn',
  '--check-config',
  '--chdir',
  CONFIGURATIONS,
  'wsgi:application',
] as const;

describeServer({
  name: 'WhiteNoise under gunicorn',
  figureName: 'server-whitenoise',
  missing: missing('gunicorn python3-whitenoise', CHECK),
  start: (site) => {
    copyFileSync(join(CONFIGURATIONS, 'wsgi.py'), site.join('wsgi.py'));
    return startServer((port) => ({
      words: ['gunicorn', 'wsgi:application', '--bind', `127.0.0.1:${port}`],
      cwd: site.path,
    }));
  },
  habits: { indexesAtStart: true, ignoresRefusal: true, sharesETag: true },
});
