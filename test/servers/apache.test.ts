// Tests docs/servers/apache.conf in Apache, amid what Debian's own configuration says of .gz and .br.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AS_ROOT, CONFIGURATIONS, surround } from './documented.js';
import { missing } from './availability.js';
import { describeServer } from './contract.js';
import { ask } from './request.js';
import { startServer } from './running.js';
import type { Site } from './site.js';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['authz_core', 'brotli', 'deflate', 'dir', 'filter', 'headers', 'mime', 'mpm_event'];

function surrounding(site: Site, port: number): string {
  const modules = [...LOADED, 'rewrite'].map(
    (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
  );
  return `
${modules.join('\n')}
${AS_ROOT ? 'User #65534\nGroup #65534' : ''}
ServerRoot ${site.path}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
DefaultRuntimeDir ${site.join('state')}
PidFile ${site.join('state')}/pid
ErrorLog |/bin/cat
StartServers 1
TypesConfig /etc/mime.types
AddType application/x-gzip .gz .tgz
AddLanguage br .br
AddOutputFilterByType DEFLATE text/html text/css text/javascript
AddOutputFilterByType BROTLI_COMPRESS text/html text/css text/javascript
DirectoryIndex index.html
<Directory "${site.root}">
  Require all granted
</Directory>
<VirtualHost 127.0.0.1:${port}>
  DocumentRoot "${site.root}"
  Include "${CONFIGURATIONS}/apache.conf"
</VirtualHost>
`;
}

describeServer({
  name: 'Apache',
  figureName: 'server-apache',
  sendsZstd: true,
  missing: missing('apache2-bin', ['apache2', '-v'], `${MODULES}/mod_brotli.so`, '/etc/mime.types'),
  start: (site) =>
    startServer((port) => ({
      words: [
        ...(['apache2', '-D', 'FOREGROUND', '-f'] as const),
        surround(site, 'apache.conf', surrounding(site, port)),
      ],
      cwd: site.path,
    })),
  more: (running, site) => {
    // It forbids to rewrite an escaped one.
    it('sends a file with a question mark in its name as it is', async () => {
      const name = 'why?.json';
      site().add({ [`public/${name}`]: site().source('data.json') });
      await site().compress();
      const answer = await ask(`${running().url}/why%3F.json`, { 'Accept-Encoding': 'br' });
      assert.equal(answer.status, 200);
      assert.ok(answer.body.equals(site().source(name)));
    });
  },
});
