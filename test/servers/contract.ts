// Owns what every server has to answer for a compressed site, as one table of requests. A server's own
// faults that harm nobody are named in its `Habits`, so that docs/SERVERS.md tells the truth about them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import { NO_ZSTD } from '../support/capability.js';
import { figure } from '../support/soak.js';
import { ask, type Answer } from './request.js';
import type { Running } from './running.js';
import { PAGES, Site, type Page } from './site.js';

/** A server, configured by a file of docs/servers. */
export interface Subject {
  readonly name: string;
  /** The name of its figure in docs/RELIABILITY.md. */
  readonly figureName: string;
  /** Why it cannot be tested on this machine, or `false`. */
  readonly missing: string | false;
  readonly start: (site: Site) => Promise<Running>;
  readonly habits?: Habits;
  /** Whether it sends .zst files as well, in second place; if not, they have to do no harm. */
  readonly sendsZstd?: true;
  /** Defines what is asked of this server only, on sources that have not changed yet. */
  readonly more?: (running: () => Running, site: () => Site) => void;
}

/** In what servers differ. */
export interface Habits {
  /** It looks at the files when it starts, and has to be started again when they change. */
  readonly indexesAtStart?: true;
  /** It sends a content-coding that the client forbids by `q=0`. */
  readonly ignoresRefusal?: true;
  /** All variants of a file share one ETag. */
  readonly sharesETag?: true;
  /** Of a file that has no .gz, only the answers with brotli have Vary. */
  readonly variesForGzipOnly?: true;
  /** A source that merely ends in .gz is sent with a Content-Encoding, and so unpacked by browsers. */
  readonly unpacksDownloads?: true;
}

/** The header of Chromium and Firefox on https, or on this machine. */
const BROWSER = 'gzip, deflate, br, zstd';

/** An Accept-Encoding, and the content-codings that may answer it, best first. */
type Accepting = readonly [header: string | undefined, codings: readonly string[]];

const CODINGS = ['br', 'gzip'];

const ACCEPTED: readonly Accepting[] = [
  ['br', ['br']],
  ['gzip', ['gzip']],
  ['identity', []],
  [undefined, []],
  [BROWSER, CODINGS],
  ['gzip, deflate', ['gzip']],
  ['zstd', []],
  ['br;q=0.9, gzip;q=0.8, *;q=0.1', ['br']],
];

const REFUSED: readonly Accepting[] = [
  ['br;q=0, gzip', ['gzip']],
  ['gzip;q=0, br;q=0', []],
];

/** Answers for a site that has .zst files beside the others. */
const WITH_ZSTD: readonly Accepting[] = [
  ['zstd', ['zstd']],
  ['gzip, zstd', ['zstd', 'gzip']],
  [BROWSER, ['br', 'zstd', 'gzip']],
  ['br, gzip', CODINGS],
  ['zstd;q=0, gzip', ['gzip']],
  ['identity', []],
  [undefined, []],
];

/** Node 20 has none. */
const { zstdDecompressSync } = zlib as {
  readonly zstdDecompressSync?: (body: Buffer) => Buffer;
};

const DECODERS: Readonly<Record<string, ((body: Buffer) => Buffer) | undefined>> = {
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Defines the tests of a server. */
export function describeServer(subject: Subject): void {
  const { name, missing, start, habits = {}, more } = subject;
  describeZstd(subject);
  describe(name, { skip: missing, timeout: 120_000 }, () => {
    let site: Site;
    let server: Running | undefined;
    const running = (): Running => {
      assert.ok(server);
      return server;
    };

    before(async () => {
      site = new Site();
      await site.compress();
      server = await start(site);
    });
    after(async () => {
      await server?.[Symbol.asyncDispose]();
      site[Symbol.dispose]();
    });

    for (const [header, codings] of ACCEPTED) {
      it(`answers ${said(header)}`, async () => {
        await assertAnswers(running(), site, header, codings, habits);
      });
    }
    for (const [header, codings] of REFUSED) {
      const title = habits.ignoresRefusal ? ', but for the refusal' : '';
      it(`answers ${said(header)}${title}`, async () => {
        const sent = habits.ignoresRefusal ? CODINGS : codings;
        await assertAnswers(running(), site, header, sent, habits);
      });
    }
    it('answers HEAD as GET, without the body', async () => {
      for (const header of [BROWSER, undefined]) await assertHeads(running(), header);
    });
    it('answers 304 to the ETag that it gave', async () => {
      await assertNotModified(running());
    });
    it(`gives ${habits.sharesETag ? 'one ETag to all variants' : 'each variant an ETag'}`, async () => {
      assert.equal(await variantsOfETag(running()), habits.sharesETag ? 1 : 3);
    });
    it('answers a range with bytes of the variant that it names', async () => {
      for (const header of ['br', 'identity']) await assertRange(running(), site, header);
    });
    it('sends a download that is compressed itself as it is', async () => {
      const { body, headers } = await ask(`${running().url}/download.tar.gz`);
      assert.ok(body.equals(site.source('download.tar.gz')));
      assert.equal(headers['content-encoding'] !== undefined, habits.unpacksDownloads ?? false);
    });
    more?.(running, () => site);
    const restarted = habits.indexesAtStart ? ', started again' : '';
    it(`sends what a second run made of changed sources${restarted}`, async () => {
      const known = await entityTag(running());
      site.change();
      await site.compress();
      if (habits.indexesAtStart) {
        await running()[Symbol.asyncDispose]();
        server = await start(site);
      }
      for (const [header, codings] of ACCEPTED) {
        await assertAnswers(running(), site, header, codings, habits);
      }
      const headers = { 'Accept-Encoding': 'br', 'If-None-Match': known };
      assert.equal((await ask(`${running().url}/style.css`, headers)).status, 200);
      figure(subject.figureName, `${site.answers} answers decoded`);
    });
  });
}

/** Defines what a server makes of a site that was compressed with `--zstd`. */
function describeZstd({ name, missing, start, habits = {}, sendsZstd }: Subject): void {
  const title = sendsZstd ? 'sends zstd in second place' : 'sends no zstd, and the rest as ever';
  describe(
    `${name} ${title}`,
    { skip: missing === false ? NO_ZSTD : missing, timeout: 120_000 },
    () => {
      let site: Site;
      let server: Running | undefined;
      before(async () => {
        site = new Site();
        await site.compress(['--zstd']);
        assert.ok(site.sidecar('app.js', 'zstd'));
        server = await start(site);
      });
      after(async () => {
        await server?.[Symbol.asyncDispose]();
        site[Symbol.dispose]();
      });
      for (const [header, codings] of WITH_ZSTD) {
        it(`answers ${said(header)}`, async () => {
          assert.ok(server);
          const sent = codings.filter((coding) => sendsZstd === true || coding !== 'zstd');
          await assertAnswers(server, site, header, sent, habits);
        });
      }
    },
  );
}

/** The ETag by which a client would ask again. */
async function entityTag({ url }: Running): Promise<string> {
  const { headers } = await ask(`${url}/style.css`, { 'Accept-Encoding': 'br' });
  assert.ok(headers.etag);
  return headers.etag;
}

function said(header: string | undefined): string {
  return header === undefined ? 'no Accept-Encoding' : `Accept-Encoding: ${header}`;
}

function accepting(header: string | undefined): Record<string, string> {
  return header === undefined ? {} : { 'Accept-Encoding': header };
}

/** Every file of the site, asked for with this header. */
async function assertAnswers(
  { url }: Running,
  site: Site,
  header: string | undefined,
  codings: readonly string[],
  habits: Habits,
): Promise<void> {
  for (const page of PAGES) {
    const coding = codings.find((one) => site.sidecar(page.file, one) !== undefined);
    const answer = await ask(url + page.path, accepting(header));
    const isVaried = habits.variesForGzipOnly
      ? coding !== undefined || site.sidecar(page.file, 'gzip') !== undefined
      : CODINGS.some((one) => site.sidecar(page.file, one) !== undefined);
    assertAnswer(answer, page, site, coding);
    site.answers += 1;
    if (isVaried) assert.match(answer.headers.vary ?? '', /^accept-encoding$/i, page.path);
  }
}

function assertAnswer(answer: Answer, page: Page, site: Site, coding: string | undefined): void {
  const { status, headers, body } = answer;
  const told = `${page.path} was answered ${status} ${JSON.stringify(headers)}`;
  assert.equal(status, 200, told);
  assert.equal(headers['content-encoding'], coding, told);
  assert.match(headers['content-type'] ?? '', page.type, told);
  assert.equal(headers['content-language'], undefined, told);
  // With a length that is not true, the request itself has failed.
  const length = headers['content-length'];
  assert.equal(length ?? headers['transfer-encoding'], length ? `${body.length}` : 'chunked', told);
  const decode = coding === undefined ? undefined : DECODERS[coding];
  const decoded = decode === undefined ? body : decode(body);
  assert.ok(decoded.equals(site.source(page.file)), `${told}, which is not its source`);
  if (coding !== undefined) assert.ok(body.equals(site.sidecar(page.file, coding) ?? body), told);
}

/** What a cache goes by is the same in both answers. */
async function assertHeads({ url }: Running, header: string | undefined): Promise<void> {
  const names = ['content-encoding', 'content-type', 'vary', 'etag', 'last-modified'] as const;
  for (const { path } of PAGES) {
    const got = await ask(url + path, accepting(header));
    const head = await ask(url + path, accepting(header), 'HEAD');
    for (const name of names) assert.equal(head.headers[name], got.headers[name], path + name);
    assert.deepEqual([head.status, head.body.length], [200, 0], path);
    const length = head.headers['content-length'];
    if (length !== undefined) assert.equal(Number(length), got.body.length, path);
  }
}

async function assertNotModified({ url }: Running): Promise<void> {
  for (const header of ['br', 'gzip', undefined]) {
    const { etag } = (await ask(`${url}/app.js`, accepting(header))).headers;
    assert.ok(etag);
    const headers = { ...accepting(header), 'If-None-Match': etag };
    const { status, body } = await ask(`${url}/app.js`, headers);
    assert.deepEqual([status, body.length], [304, 0], etag);
  }
}

/** How many ETags the three variants of a file have. */
async function variantsOfETag({ url }: Running): Promise<number> {
  const answers = ['br', 'gzip', undefined].map((header) =>
    ask(`${url}/app.js`, accepting(header)),
  );
  return new Set((await Promise.all(answers)).map(({ headers }) => headers.etag)).size;
}

/** A server may answer a range in full; if not, it must be of what its Content-Encoding says. */
async function assertRange({ url }: Running, site: Site, header: string): Promise<void> {
  const headers = { ...accepting(header), Range: 'bytes=100-299' };
  const { status, headers: answered, body } = await ask(`${url}/app.js`, headers);
  const coding = answered['content-encoding'];
  const whole = coding === undefined ? site.source('app.js') : site.sidecar('app.js', coding);
  assert.ok(whole);
  if (status === 206) {
    assert.equal(answered['content-range'], `bytes 100-299/${whole.length}`);
    assert.ok(body.equals(whole.subarray(100, 300)));
  } else {
    assert.equal(status, 200);
    assert.ok(body.equals(whole));
  }
}
