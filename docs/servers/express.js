import express from 'express';
import expressStaticGzip from 'express-static-gzip';

const app = express();
app.use(
  expressStaticGzip('public', {
    enableBrotli: true,
    customCompressions: [{ encodingName: 'zstd', fileExtension: 'zst' }],
    orderPreference: ['br', 'zstd', 'gzip'],
  }),
);

app.listen(process.env.PORT ?? 8080, '127.0.0.1');
