// Tests docs/servers/nginx.conf in nginx, with Debian's module for brotli.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AS_ROOT, CONFIGURATIONS, surround } from './documented.js';
import { missing } from './availability.js';
import { describeServer } from './contract.js';
import { ask } from './request.js';
import { startServer } from './running.js';
import type { Site } from './site.js';

const MODULE = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

function surrounding(site: Site, port: number): string {
  const state = site.join('state');
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
load_module ${MODULE};
${AS_ROOT ? 'user nobody nogroup;' : ''}
daemon off;
worker_processes 1;
pid ${state}/pid;
error_log stderr;
events {}
http {
  ${folders.map((name) => `${name}_temp_path ${state}/${name};`).join('\n  ')}
  access_log off;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  # As on Debian; what is sent compressed already must not be compressed again.
  gzip on;
  gzip_types application/javascript text/css;
  include ${CONFIGURATIONS}/nginx.conf;
  server {
    listen 127.0.0.1:${port};
    root ${site.root};
  }
}
`;
}

describeServer({
  name: 'nginx',
  figureName: 'server-nginx',
  missing: missing('nginx libnginx-mod-http-brotli-static', ['nginx', '-v'], MODULE),
  start: (site) =>
    startServer((port) => ({
      words: ['nginx', '-e', 'stderr', '-c', surround(site, 'nginx.conf', surrounding(site, port))],
      cwd: site.path,
    })),
  habits: { variesForGzipOnly: true },
  more: (running) => {
    it('sends both behind a proxy too, which tells of itself by Via', async () => {
      for (const coding of ['br', 'gzip']) {
        const headers = { 'Accept-Encoding': coding, Via: '1.1 proxy' };
        const answer = await ask(`${running().url}/app.js`, headers);
        assert.equal(answer.headers['content-encoding'], coding);
      }
    });
  },
});
