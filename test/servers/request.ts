// Owns one request over HTTP, byte for byte as it was answered: nothing is decoded, followed or kept
// alive behind the reader's back. Judges nothing.
import { request, type IncomingHttpHeaders } from 'node:http';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent, without the chunks' frame. */
  readonly body: Buffer;
}

/** Far above what an answer takes, on a busy machine too. */
const TIMEOUT_MS = 20_000;

/**
 * Sends a request on a connection of its own, with no other headers than these and `Host`.
 *
 * @throws when the connection ends before the answer does: then Content-Length was not true
 */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(url, { method, headers, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        resolve({ status: statusCode, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
