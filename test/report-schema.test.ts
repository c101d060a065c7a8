// Shows that the reports of real runs, as they look behind JSON, are what the JSON Schema says, and that
// the schema refuses what is none. Whether the numbers are right is shown in report.test.ts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SKIP_REASONS, SUFFIXES, type Report } from '../src/index.js';
import { Tree } from './support/tree.js';
import { compress, compressFiles } from './support/uncached.js';

const SCHEMA_PATH = fileURLToPath(import.meta.resolve('wn-compress/report.schema.json'));

interface Schema {
  readonly $defs: {
    readonly contentCoding: { readonly enum: readonly string[] };
    readonly skip: { readonly properties: { readonly reason: { readonly enum: string[] } } };
    readonly totals: {
      readonly properties: Record<string, { readonly properties?: Record<string, unknown> }>;
    };
  };
}

const schema = JSON.parse(readFileSync(SCHEMA_PATH, 'utf8')) as Schema;
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(schema);

/** The report as a reader of `--json` gets it, proved to be what the schema says. */
function checked(report: Report): Report {
  const document = JSON.parse(JSON.stringify(report)) as Report;
  assert.ok(validate(document), ajv.errorsText(validate.errors, { separator: '\n' }));
  assert.deepEqual(document, report, 'the report loses something on its way through JSON');
  return document;
}

const TEXT = 'all work and no play makes jack a dull boy\n'.repeat(200);

describe('the report schema', () => {
  test('holds for a run that writes, replaces and leaves sidecars alone', async () => {
    using tree = new Tree({ 'app.js': TEXT, 'css/site.css': TEXT });
    checked(await compress(tree.path));
    tree.add({ 'css/site.css.br': 'stale' });
    const report = checked(await compress(tree.path));
    const statuses = report.sources.map(({ variants }) => variants.map(({ status }) => status));
    assert.deepEqual(statuses, [
      ['unchanged', 'unchanged'],
      ['unchanged', 'written'],
    ]);
  });

  test('holds for variants that are discarded and stale sidecars that are removed', async () => {
    using tree = new Tree({ 'x.txt': 'x', 'x.txt.gz': 'stale' });
    const report = checked(await compress(tree.path));
    assert.equal(report.totals.contentCodings.gzip?.removed, 1);
    assert.equal(report.totals.contentCodings.br?.discarded, 1);
  });

  test('holds for a variant that fails', async () => {
    using tree = new Tree({ 'app.js': TEXT, 'app.js.gz/in-the-way.txt': '' });
    const report = checked(await compress(tree.path));
    assert.equal(report.failures.length, 1);
    assert.equal(report.failures[0]?.contentCoding, 'gzip');
  });

  test('holds for a source that fails', async () => {
    using tree = new Tree({ 'app.js': TEXT });
    const report = checked(await compressFiles([tree.join('app.js'), tree.join('gone.js')]));
    assert.equal(report.root, null);
    assert.equal(report.totals.sources, 1);
    assert.equal(report.failures[0]?.contentCoding, null);
  });

  test('holds for skipped files', async () => {
    using tree = new Tree({ 'empty.txt': '', 'photo.jpg': TEXT, 'map/a.js': TEXT, 'b.js': 'tiny' });
    const report = checked(await compress(tree.path, { exclude: ['map/**'], minSize: 10 }));
    assert.deepEqual(report.totals.skippedByReason, {
      'excluded-extension': 1,
      excluded: 1,
      empty: 1,
      'too-small': 1,
    });
  });

  test('holds for a dry run', async () => {
    using tree = new Tree({ 'app.js': TEXT });
    assert.equal(checked(await compress(tree.path, { dryRun: true })).dryRun, true);
    assert.deepEqual(tree.list(), ['app.js']);
  });

  test('holds for an empty folder', async () => {
    using tree = new Tree();
    const report = checked(await compress(tree.path));
    assert.equal(report.totals.sources, 0);
    assert.equal(report.threads, 0);
  });

  test('refuses a report with a field too many, too few or of another kind', async () => {
    using tree = new Tree({ 'app.js': TEXT, 'empty.txt': '' });
    const report = checked(await compress(tree.path));
    const source = report.sources[0];
    const variant = source?.variants[0];
    const mangled: Record<string, unknown> = {
      'another version': { ...report, reportVersion: 2 },
      'an unknown field': { ...report, colour: 'red' },
      'no root': { ...report, root: undefined },
      'a negative count': { ...report, threads: -1 },
      'an unknown status': {
        ...report,
        sources: [{ ...source, variants: [{ ...variant, status: 'perhaps' }] }],
      },
      'a field of another status': {
        ...report,
        sources: [{ ...source, variants: [{ ...variant, removed: true }] }],
      },
      'an unknown reason': { ...report, skipped: [{ relativePath: 'a', reason: 'why not' }] },
      'an unknown content-coding': {
        ...report,
        totals: { ...report.totals, contentCodings: { deflate: {} } },
      },
    };
    for (const [what, document] of Object.entries(mangled)) {
      assert.equal(validate(JSON.parse(JSON.stringify(document))), false, `${what} was accepted`);
    }
  });

  test('names every reason and every content-coding that the library knows', () => {
    assert.deepEqual(schema.$defs.skip.properties.reason.enum, [...SKIP_REASONS]);
    const { skippedByReason, contentCodings } = schema.$defs.totals.properties;
    assert.deepEqual(Object.keys(skippedByReason?.properties ?? {}), [...SKIP_REASONS]);
    assert.deepEqual(schema.$defs.contentCoding.enum, Object.keys(SUFFIXES));
    assert.deepEqual(Object.keys(contentCodings?.properties ?? {}), Object.keys(SUFFIXES));
  });
});
