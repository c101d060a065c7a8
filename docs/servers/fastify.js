import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';

const app = Fastify();
// Before version 10, @fastify/static does not say it.
app.addHook('onRequest', async (request, reply) => {
  reply.header('Vary', 'Accept-Encoding');
});
app.register(fastifyStatic, { root: resolve('public'), preCompressed: true });

await app.listen({ port: process.env.PORT ?? 8080, host: '127.0.0.1' });
