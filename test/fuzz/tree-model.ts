// Owns the trees that the fuzzer tries: descriptions that are drawn, shrink, and can be read in a failure.
// Knows no file system: sandbox.ts makes them real.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { SUFFIXES } from '../../src/index.js';
import { script } from '../support/sidecars.js';

/** What a file holds, described so that a failure shows it in a few words. */
export interface Content {
  readonly kind: 'text' | 'noise' | 'zeros' | 'both';
  readonly bytes: number;
  readonly seed: number;
}

/** What is done to the mode, the time and the owner of a file, where anything is. */
export interface Attributes {
  readonly mode?: number | undefined;
  /** Seconds since 1970. */
  readonly mtime?: number | undefined;
  readonly owner?: number | undefined;
}

/** What stands at the name of a sidecar before the first run. */
export const OCCUPANTS = [
  'stale',
  'foreign',
  'oversized',
  'trailing',
  'two-members',
  'truncated',
  'empty',
  'folder',
  'fifo',
  'link-outside',
  'link-nowhere',
  'link-folder',
  'link-source',
  'hard-link-outside',
  'hard-link-source',
] as const;

/** One of them. */
export type Occupant = (typeof OCCUPANTS)[number];

/** What stands at a name: a file, a link to a place, another name of a plant before it, or a FIFO. */
export type What =
  | { readonly type: 'file'; readonly content: Content }
  | { readonly type: 'link'; readonly to: LinkTarget }
  | { readonly type: 'hard-link'; readonly to: number }
  | { readonly type: 'fifo' | 'folder' }
  | { readonly type: 'temporary'; readonly of: 'the dead' | 'the living' | 'a stranger' };

/** Where a link leads; `plant` is one of the others by its number. */
export type LinkTarget =
  | { readonly plant: number }
  | 'outside file'
  | 'outside folder'
  | 'nowhere'
  | 'itself'
  | 'root'
  | 'its sidecar';

/** A file of the tree, and what stands at the names of its sidecars. */
export interface Plant extends Attributes {
  /** One of `FOLDERS`. */
  readonly folder: string;
  readonly name: string;
  readonly what: What;
  readonly sidecars: readonly { readonly suffix: string; readonly occupant: Occupant }[];
}

/** A whole tree: later plants make way for earlier ones. */
export interface TreeModel {
  readonly plants: readonly Plant[];
  /** The modes of folders, by `FOLDERS`. */
  readonly folderModes: Readonly<Record<string, number>>;
}

/** Two of them are called like sidecars. */
const FOLDERS = ['', 'd', 'd/e', 'a.gz', 'd/b.js.br'] as const;

/** Names that have hurt other programs. The long ones leave room for one suffix, and for none. */
const ODD_NAMES = [
  'new\nline',
  'escape\u001b[2J.js',
  'right\u202eleft',
  '[a]*?.js',
  '{a,b}',
  '!a',
  '-rf',
  '--',
  ' a b ',
  'dot.',
  '.gz',
  '.a.gz',
  'a\\b',
  'quote\'"`$(x)',
  'é',
  'e\u0301',
  '__proto__',
  'constructor',
  'ß.JS',
  'a.GZ',
  'n'.repeat(252),
  'm'.repeat(253),
  `${'ü'.repeat(126)}.x`,
] as const;

const plainName = fc.stringMatching(/^[a-c](\.(js|css|png|gz|br|zst|gz\.br|br\.gz))?$/);

const name = fc.oneof(
  { weight: 3, arbitrary: plainName },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NAMES) },
);

const seed = fc.integer({ min: 1, max: 3 });

/** Above the bound from which a source is streamed. */
const STREAMED_BYTES = 33 * 1024 * 1024;

/** Contents of a few bytes to a few pages; few of them, so that there are twins. */
export const content: fc.Arbitrary<Content> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constantFrom('text' as const, 'text' as const, 'noise' as const, 'zeros' as const),
      bytes: fc.oneof(
        fc.constantFrom(0, 1, 2, 20, 30, 100, 1000, 4096, 4097, 9000, 16_384),
        fc.nat(3000),
      ),
      seed,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('text' as const, 'noise' as const, 'both' as const),
      bytes: fc.constantFrom(65_535, 65_536, 70_000, 140_000),
      seed,
    }),
  },
);

/** The rarest of all: one that is streamed. */
const streamed: fc.Arbitrary<Content> = fc.record({
  kind: fc.constant('both' as const),
  bytes: fc.constant(STREAMED_BYTES),
  seed,
});

const target: fc.Arbitrary<LinkTarget> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ plant: fc.nat(7) }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<LinkTarget[]>(
      'outside file',
      'outside folder',
      'nowhere',
      'itself',
      'root',
      'its sidecar',
    ),
  },
);

const what: fc.Arbitrary<What> = fc.oneof(
  {
    weight: 24,
    arbitrary: content.map((one) => ({ type: 'file' as const, content: one })),
  },
  { weight: 4, arbitrary: target.map((to) => ({ type: 'link' as const, to })) },
  { weight: 1, arbitrary: fc.nat(7).map((to) => ({ type: 'hard-link' as const, to })) },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'fifo' as const }, { type: 'folder' as const }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('the dead' as const, 'the living' as const, 'a stranger' as const)
      .map((of) => ({ type: 'temporary' as const, of })),
  },
);

const MTIMES = [0, 1, -1, -86_400.5, 1e9 + 0.123456, 2_000_000_000, 4_102_444_800];

const attributes: fc.Arbitrary<Attributes> = fc.record(
  {
    mode: fc.constantFrom(0o000, 0o444, 0o600, 0o640, 0o666, 0o755, 0o4755),
    mtime: fc.constantFrom(...MTIMES),
    owner: fc.constantFrom(65_534, 1234),
  },
  { requiredKeys: [] },
);

const occupied = fc.array(
  fc.record({
    suffix: fc.constantFrom(...Object.values(SUFFIXES)),
    occupant: fc.constantFrom(...OCCUPANTS),
  }),
  { maxLength: 2 },
);

const plant: fc.Arbitrary<Plant> = fc
  .tuple(
    fc.record({ folder: fc.constantFrom('', '', ...FOLDERS), name, what }),
    fc.oneof(fc.constant({}), attributes),
    fc.oneof(fc.constant([]), occupied),
  )
  .map(([one, others, sidecars]) => ({ ...one, ...others, sidecars }));

/** @param streamedIn - one tree in so many holds a source that is streamed */
export function treeModels(streamedIn: number): fc.Arbitrary<TreeModel> {
  const large = streamed.map((one): Plant => ({
    folder: '',
    name: 'large.js',
    what: { type: 'file', content: one },
    sidecars: [],
  }));
  return fc
    .record({
      plants: fc.array(plant, { minLength: 1, maxLength: 8 }),
      folderModes: fc.dictionary(
        fc.constantFrom(...FOLDERS),
        fc.constantFrom(0o755, 0o2775, 0o1777, 0o700),
        { maxKeys: 2, noNullPrototype: true },
      ),
      more: fc.oneof(
        { weight: streamedIn - 1, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: large },
      ),
    })
    .map(({ plants, folderModes, more }) => ({
      plants: more === undefined ? plants : [more, ...plants],
      folderModes,
    }));
}

/** Whether a tree holds a source that is streamed. */
export function isLarge({ plants }: TreeModel): boolean {
  return plants.some(({ what }) => what.type === 'file' && what.content.bytes === STREAMED_BYTES);
}

/** The bytes that a content stands for. */
export function bytesOf({ kind, bytes, seed: number }: Content): Buffer {
  if (kind === 'zeros') return Buffer.alloc(bytes);
  if (kind === 'noise') return noise(bytes, number);
  const text = Buffer.from(script(Math.min(bytes, 100_000), number));
  if (kind === 'text') return text.subarray(0, bytes);
  const half = Buffer.concat([text, noise(Math.min(bytes >> 1, 50_000), number)]);
  return Buffer.alloc(bytes, half);
}

/** Bytes that become no smaller, the same for each seed. */
function noise(bytes: number, number: number): Buffer {
  const blocks: Buffer[] = [];
  for (let length = 0, block = Buffer.from([number]); length < bytes; length += block.length) {
    block = createHash('sha512').update(block).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}
