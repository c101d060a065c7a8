import { createServer } from 'node:http';
import sirv from 'sirv';

const files = sirv('public', { brotli: true, gzip: true, etag: true });

createServer(files).listen(process.env.PORT ?? 8080, '127.0.0.1');
