// Shows what holds for every tree and all options, on random ones that shrink when something does not.
// Says itself, from the content and the rules alone, which sidecars there must be and with which bytes:
// what a run reports is compared with that, and is never taken for the truth.
import assert from 'node:assert/strict';
import { lstatSync } from 'node:fs';
import { extname } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encode } from '../src/codec.js';
import {
  DEFAULT_OPTIONS,
  SUFFIXES,
  type CompressOptions,
  type ContentCoding,
  type Report,
} from '../src/index.js';
import { isWorthKeeping } from '../src/keep-rule.js';
import { NO_LINKS, NO_ZSTD } from './support/capability.js';
import { script } from './support/sidecars.js';
import { figure, rounds } from './support/soak.js';
import { Tree, type Entry } from './support/tree.js';
import { compress } from './support/uncached.js';

/** Each case starts worker threads, about 50 ms: this many are a few seconds. */
const RUNS = rounds(60, 1000);

/** Names that may stand in a folder on any platform, some of them awkward. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-d]{1,2}(\.(js|css|png|gz|br|zst))?$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '.a',
      '-a',
      'a b',
      '[a]',
      '{a,b}',
      '!a',
      'é',
      '__proto__',
      '(a)',
      '@',
    ),
  },
);

const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

const content: fc.Arbitrary<Entry> = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }).map((bytes) => script(bytes, bytes + 1)),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 40 }),
);

/** What stands at the name of a sidecar of the n-th file before the run: a stale file, or a folder. */
const planted = fc.array(
  fc.record({
    index: fc.nat(11),
    suffix: fc.constantFrom(...Object.values(SUFFIXES)),
    isFolder: fc.boolean(),
  }),
  { maxLength: 4 },
);

type Entries = Record<string, Entry>;

/** A tree in which no path is a folder of another. */
const entries: fc.Arbitrary<Entries> = fc
  .tuple(fc.dictionary(path, content, { maxKeys: 10, noNullPrototype: true }), planted)
  .map(([given, sidecars]) => {
    const all = new Map(Object.entries(given));
    for (const { index, suffix, isFolder } of sidecars) {
      const source = [...all.keys()][index];
      // Beside a sidecar it would become a source of the next run, should this one remove the sidecar.
      if (source === undefined || /\.(gz|br|zst)$/.test(source)) continue;
      all.set(source + suffix + (isFolder ? '/in-the-way' : ''), 'stale');
    }
    const isFolder = (one: string) => [...all.keys()].some((other) => other.startsWith(`${one}/`));
    return Object.fromEntries([...all].filter(([one]) => !isFolder(one)));
  });

/** Links to a folder outside, in the order in which a run takes them. Such names are in no tree above. */
const LINKS = ['links/one', 'z.png'];
const links = NO_LINKS === false ? fc.subarray(LINKS) : fc.constant([]);

/** Globs, and what they mean. */
const GLOBS: Readonly<Record<string, (path: string) => boolean>> = {
  '**': () => true,
  '*.js': (path) => /^[^/]*\.js$/.test(path),
  '**/*.CSS': (path) => path.endsWith('.css'),
  '*/*': (path) => /^[^/]+\/[^/]+$/.test(path),
  '{c,d}*': (path) => /^[cd][^/]*$/.test(path),
  'a/**/*.{js,css}': (path) => /^a\/(.*\/)?[^/]*\.(js|css)$/.test(path),
  a: (path) => path === 'a' || path.startsWith('a/'),
  // As a pattern it means just the one file; character by character, a folder as well.
  '[a]': (path) => path === 'a' || path === '[a]' || path.startsWith('[a]/'),
  links: (path) => path.startsWith('links/'),
};
const globs = fc.subarray(Object.keys(GLOBS), { maxLength: 3 });

const codings = fc.constantFrom<CompressOptions[]>(
  {},
  { gzip: false },
  { brotli: false },
  { gzip: true, brotli: true },
  ...(NO_ZSTD === false ? [{ zstd: true }, { gzip: false, brotli: false, zstd: true }] : []),
);

/** Options that decide what comes out; all but `follow` and `dryRun`. */
const options: fc.Arbitrary<CompressOptions> = fc
  .tuple(
    codings,
    fc.record(
      {
        gzipLevel: fc.integer({ min: 0, max: 9 }),
        brotliQuality: fc.integer({ min: 0, max: 11 }),
        zstdLevel: fc.integer({ min: 1, max: 22 }),
        maxRatio: fc.constantFrom(1, 0.95, 0.5, 0.2, 0),
        minSize: fc.constantFrom(0, 1, 100),
        skipExtensions: fc.constantFrom([], ['js'], ['.PNG', 'gz', 'br', 'zst']),
        threads: fc.constantFrom(1, 2, 3),
        include: globs,
        exclude: globs,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([chosen, others]) => ({ ...others, ...chosen }));

/** What a run sees of a tree: files by their path in it, and which of these are folders or links. */
interface View {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly folders: ReadonlySet<string>;
  readonly links: readonly string[];
}

function viewOf(tree: Tree, outside: Tree, linked: readonly string[], follow: boolean): View {
  const files = new Map<string, Buffer>();
  for (const path of tree.list()) if (!linked.includes(path)) files.set(path, tree.bytes(path));
  const followed = follow ? linked[0] : undefined;
  if (followed !== undefined) {
    for (const path of outside.list()) files.set(`${followed}/${path}`, outside.bytes(path));
  }
  const folders = new Set<string>();
  for (const path of [...files.keys(), ...linked]) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      folders.add(parts.slice(0, depth).join('/'));
    }
  }
  return { files, folders, links: linked.filter((path) => path !== followed) };
}

/** Whether the rules of names and sizes let a file be compressed. */
function isSelected(path: string, { files, folders, links }: View, chosen: CompressOptions) {
  const { skipExtensions, include, exclude, minSize } = { ...DEFAULT_OPTIONS, ...chosen };
  const stripped = /^(.*[^/])\.(gz|br|zst)$/s.exec(path)?.[1];
  if (stripped !== undefined) {
    if (files.has(stripped) || folders.has(stripped) || links.includes(stripped)) return false;
  }
  const isExcluded = skipExtensions.some((extension) =>
    path.endsWith(`.${extension.toLowerCase().replace('.', '')}`),
  );
  const matches = (glob: string) => GLOBS[glob]?.(path) === true;
  if (isExcluded || exclude.some(matches)) return false;
  if (include.length > 0 && !include.some(matches)) return false;
  const size = files.get(path)?.length ?? 0;
  // An empty file has no variant that is worth keeping; what it has is removed.
  return size === 0 || size >= minSize;
}

type Verdict = 'kept' | 'discarded' | 'failed';

/** What a run must come to. */
interface Expected {
  readonly files: ReadonlyMap<string, Buffer>;
  /** By the name of the sidecar. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

function expectedOf(view: View, chosen: CompressOptions): Expected {
  const { gzip, gzipLevel, brotli, brotliQuality, zstd, zstdLevel, maxRatio } = {
    ...DEFAULT_OPTIONS,
    ...chosen,
  };
  const files = new Map(view.files);
  const verdicts = new Map<string, Verdict>();
  const judge = (sidecar: string, encoded: Buffer, source: Buffer) => {
    if (!isWorthKeeping(encoded.length, source.length, maxRatio)) {
      files.delete(sidecar);
      verdicts.set(sidecar, 'discarded');
    } else if (view.folders.has(sidecar)) {
      verdicts.set(sidecar, 'failed');
    } else {
      files.set(sidecar, encoded);
      verdicts.set(sidecar, 'kept');
    }
  };
  for (const [path, source] of view.files) {
    if (!isSelected(path, view, chosen)) continue;
    if (gzip) {
      judge(`${path}.gz`, encode(source, { contentCoding: 'gzip', level: gzipLevel }), source);
    }
    if (brotli) {
      judge(`${path}.br`, encode(source, { contentCoding: 'br', quality: brotliQuality }), source);
    }
    if (zstd) {
      judge(`${path}.zst`, encode(source, { contentCoding: 'zstd', level: zstdLevel }), source);
    }
  }
  return { files, verdicts };
}

function verdictsOf(report: Report, { files }: View): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { relativePath, variants } of report.sources) {
    assert.ok(files.has(relativePath), relativePath);
    for (const { contentCoding, status } of variants) {
      const verdict = status === 'failed' || status === 'discarded' ? status : 'kept';
      verdicts.set(relativePath + SUFFIXES[contentCoding satisfies ContentCoding], verdict);
    }
  }
  return verdicts;
}

/** As text, because that is what a failed comparison shows. */
function textOf(files: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries(
    [...files].sort().map(([path, bytes]) => [path, bytes.toString('latin1')]),
  );
}

/** The state of each file: content, and what nobody can change without leaving a trace. */
function statesOf(tree: Tree): Map<string, unknown> {
  return new Map(
    Object.entries(tree.snapshot()).map(([path, text]) => {
      const { mtimeNs, ctimeNs, mode, ino } = lstatSync(tree.join(path), { bigint: true });
      return [path, [text, mtimeNs, ctimeNs, mode, ino]];
    }),
  );
}

describe('every tree', () => {
  it('gets just the sidecars that its content and the rules demand, or none in a dry run', async () => {
    await fc.assert(
      fc.asyncProperty(
        entries,
        fc.dictionary(name, content, { maxKeys: 3, noNullPrototype: true }),
        links,
        options,
        fc.record({ follow: fc.boolean(), dryRun: fc.boolean() }, { requiredKeys: [] }),
        async (inside, beyond, linked, others, { follow = false, dryRun = false }) => {
          using outside = new Tree(beyond);
          using tree = new Tree(inside);
          tree.add(Object.fromEntries(linked.map((path) => [path, { link: outside.path }])));
          const chosen = { ...others, follow, dryRun };
          const before = viewOf(tree, outside, linked, follow);
          const expected = expectedOf(before, chosen);
          const states = [statesOf(tree), statesOf(outside)];

          const report = await compress(tree.path, chosen);

          if (dryRun) assert.deepEqual([statesOf(tree), statesOf(outside)], states);
          else {
            const after = viewOf(tree, outside, linked, follow);
            assert.deepEqual(textOf(after.files), textOf(expected.files));
          }
          // What is no sidecar of a selected source was not even opened for writing.
          const now = [statesOf(tree), statesOf(outside)];
          const prefix = follow && linked[0] !== undefined ? `${linked[0]}/` : '';
          [tree, outside].forEach((_tree, index) => {
            for (const [path, state] of states[index] ?? []) {
              const seen = index === 0 ? path : prefix + path;
              if (index === 1 && prefix === '') assert.deepEqual(now[1]?.get(path), state);
              else if (!expected.verdicts.has(seen)) {
                assert.deepEqual(now[index]?.get(path), state);
              }
            }
          });
          const verdicts = [...expected.verdicts].filter(
            ([sidecar]) => !isEmptyWithout(sidecar, before, chosen),
          );
          assert.deepEqual(verdictsOf(report, before), new Map(verdicts));
          assert.deepEqual(
            report.failures.map(({ code }) => code),
            verdicts.filter(([, verdict]) => verdict === 'failed').map(() => 'EISDIR'),
          );
          const accounted = [...report.sources, ...report.skipped].map((file) => file.relativePath);
          assert.deepEqual(accounted.sort(), [...before.files.keys(), ...before.links].sort());
        },
      ),
      { numRuns: RUNS },
    );
    figure('trees', `${RUNS} trees`);
  });

  it('comes out the same at one thread and at many, at once and again', async () => {
    await fc.assert(
      fc.asyncProperty(entries, options, async (given, chosen) => {
        using one = new Tree(given);
        using many = new Tree(given);
        await compress(one.path, { ...chosen, threads: 1 });
        await compress(many.path, { ...chosen, threads: 4 });
        assert.deepEqual(many.snapshot(), one.snapshot());
        const again = await compress(many.path, chosen);
        assert.deepEqual(many.snapshot(), one.snapshot());
        for (const totals of Object.values(again.totals.contentCodings)) {
          assert.equal(totals.written, 0);
        }
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

/** Whether this would be a sidecar of an empty file that has none to remove: such a file is skipped. */
function isEmptyWithout(sidecar: string, { files }: View, chosen: CompressOptions): boolean {
  const source = sidecar.slice(0, -extname(sidecar).length);
  if (files.get(source)?.length !== 0) return false;
  const { gzip, brotli, zstd } = { ...DEFAULT_OPTIONS, ...chosen };
  const isOn = { '.gz': gzip, '.br': brotli, '.zst': zstd };
  return !Object.entries(isOn).some(([suffix, on]) => on && files.has(source + suffix));
}
