// Tests docs/servers/Caddyfile in Caddy.
import { CONFIGURATIONS, surround } from './documented.js';
import { missing } from './availability.js';
import { describeServer } from './contract.js';
import { startServer } from './running.js';
import type { Site } from './site.js';

function surrounding(site: Site, port: number): string {
  return `{
  admin off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  root * "${site.root}"
  encode gzip
  import "${CONFIGURATIONS}/Caddyfile"
}
`;
}

describeServer({
  name: 'Caddy',
  figureName: 'server-caddy',
  missing: missing('caddy', ['caddy', 'version']),
  sendsZstd: true,
  start: (site) =>
    startServer((port) => {
      const file = surround(site, 'Caddyfile', surrounding(site, port));
      const state = site.join('state');
      return {
        words: ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'],
        cwd: site.path,
        env: { HOME: state, XDG_CONFIG_HOME: state, XDG_DATA_HOME: state },
      };
    }),
});
