import express from 'express';
import expressStaticGzip from 'express-static-gzip';

const app = express();

app.get('/api/time', (request, response) => {
  response.json({ time: new Date().toISOString() });
});

// Without orderPreference, browsers would get gzip.
app.use(expressStaticGzip('public', { enableBrotli: true, orderPreference: ['br', 'gzip'] }));

const port = process.env.PORT ?? 8080;
app.listen(port, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${port}`);
});
