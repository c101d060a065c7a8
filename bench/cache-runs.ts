// Owns the runs by which the cache is measured on a corpus: in which state each finds tree and cache, and
// in which order they come. Knows nothing of targets or of how figures look.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '../src/codec.js';
import type { CacheRunName, ChangedFile } from './cache-results.js';
import { BenchError } from './errors.js';
import type { PlannedSources } from './planned.js';
import { REPOSITORY } from './places.js';
import { timeTogether } from './start-up.js';
import { median } from './statistics.js';
import { OUR_COMMAND, ourArgv, WITHOUT_CACHE } from './subjects.js';
import type { Timing } from './timing.js';
import type { WorkingCopy } from './tree.js';

/** Where everything lies. */
export interface CachePlaces {
  readonly copy: WorkingCopy;
  readonly sources: PlannedSources['files'];
  /** An empty folder for caches. */
  readonly folder: string;
  /** Told what each run took, a line each. */
  readonly say: (line: string) => void;
}

/** How often a short run is repeated within a round: GNU time counts in steps of 10 ms. */
const REPEATS = 3;

/** A start of Node.js alone is shorter still. */
const BARE_REPEATS = 10;

const ENCODE_REPEATS = 9;

const TEXTS = /\.(?:css|html|js|json|md|mjs|svg|txt)$/;

const READING_SCRIPT = join(REPOSITORY, 'dist/bench/reading-process.js');

/** Does the runs, and keeps their figures. */
export class CacheRuns {
  /** Milliseconds of CPU time for one run, by run and round. */
  readonly figures = new Map<CacheRunName, Map<number, number>>();
  readonly othersShares: number[] = [];
  /** The text of middle size among the sources. */
  readonly changedFile: ChangedFile;
  readonly #places: CachePlaces;
  readonly #cache: string;
  /** The cache as the cold run left it. */
  readonly #kept: string;
  readonly #original: Buffer;
  #changes = 0;
  /** Sizes of the sidecars that the first cold run made, by path. */
  #expected: ReadonlyMap<string, number> | undefined;

  /** @throws BenchError when there is no text among the sources */
  constructor(places: CachePlaces) {
    this.#places = places;
    this.#cache = join(places.folder, 'cache');
    this.#kept = join(places.folder, 'kept');
    const texts = places.sources.filter(({ relativePath }) => TEXTS.test(relativePath));
    const middle = texts.toSorted((a, b) => a.size - b.size)[Math.floor(texts.length / 2)];
    if (middle === undefined) throw new BenchError('There is no text in this corpus.');
    const { relativePath, size } = middle;
    this.#original = readFileSync(join(places.copy.folder, relativePath));
    this.changedFile = { relativePath, bytes: size, encodeMs: encodeMs(this.#original) };
  }

  /** Encodes everything without and with a cache, each round in the other order. */
  measureCold(rounds: number): void {
    const { copy } = this.#places;
    for (let round = 1; round <= rounds; round += 1) {
      const names = ['cold-off', 'cold-on'] as const;
      for (const name of round % 2 === 1 ? names : names.toReversed()) {
        const isOn = name === 'cold-on';
        const options = isOn ? this.#withCache() : WITHOUT_CACHE;
        rmSync(this.#cache, { recursive: true, force: true });
        this.#note(name, round, this.#command(1, ...options), 1);
        if (isOn) this.#keepCache();
        this.#checkSidecars(name);
        copy.clean();
      }
    }
  }

  /** Measures what follows a run that filled the cache, all in turn. */
  measureWarm(rounds: number): void {
    this.#reset();
    const steps = this.#steps();
    for (let round = 1; round <= rounds; round += 1) {
      const first = (round - 1) % steps.length;
      for (const step of [...steps.slice(first), ...steps.slice(0, first)]) step(round);
    }
  }

  #steps(): readonly ((round: number) => void)[] {
    const { sources, folder } = this.#places;
    const list = join(folder, 'sources.txt');
    writeFileSync(list, sources.map(({ path }) => `${path}\n`).join(''));
    const node = process.execPath;
    const reading = [node, READING_SCRIPT, list];
    return [
      (round) => {
        this.#note('second', round, this.#command(REPEATS, ...this.#withCache()), REPEATS);
      },
      (round) => {
        this.#note('reading', round, timeTogether(reading, REPEATS), REPEATS);
      },
      (round) => {
        this.#noteEach('restore', round, () => {
          this.#places.copy.clean();
        });
        this.#checkSidecars('restore');
      },
      (round) => {
        this.#note(
          'check',
          round,
          this.#command(REPEATS, ...this.#withCache(), '--check'),
          REPEATS,
        );
      },
      (round) => {
        // One behind the other: their difference is what counts.
        this.#noteEach('touched', round, () => {
          this.#writeSource(this.#original);
        });
        this.#noteEach('changed', round, () => {
          this.#changes += 1;
          this.#writeSource(Buffer.concat([this.#original, Buffer.from(` ${this.#changes}\n`)]));
        });
        this.#reset();
      },
      (round) => {
        this.#note('bare', round, timeTogether([node, '-e', '0'], BARE_REPEATS), BARE_REPEATS);
      },
    ];
  }

  /** Tree and cache as after the cold run. */
  #reset(): void {
    this.#writeSource(this.#original);
    rmSync(this.#cache, { recursive: true, force: true });
    cpSync(this.#kept, this.#cache, { recursive: true, preserveTimestamps: true });
    this.#command(1, ...this.#withCache());
  }

  #keepCache(): void {
    if (!existsSync(this.#cache)) throw new BenchError('The cold run left no cache.');
    rmSync(this.#kept, { recursive: true, force: true });
    cpSync(this.#cache, this.#kept, { recursive: true, preserveTimestamps: true });
  }

  /** A run that leaves something else than a cold one is not worth being measured. */
  #checkSidecars(name: CacheRunName): void {
    const found = this.#places.copy.added();
    const expected = (this.#expected ??= found);
    const isSame = [...expected].every(([path, bytes]) => found.get(path) === bytes);
    if (isSame && found.size === expected.size) return;
    throw new BenchError(`After ${name} the sidecars are not those of the first cold run.`);
  }

  #withCache(): readonly string[] {
    return ['--cache-dir', this.#cache];
  }

  #writeSource(content: Buffer): void {
    writeFileSync(join(this.#places.copy.folder, this.changedFile.relativePath), content);
  }

  #command(count: number, ...options: readonly string[]): Timing {
    const target = { folder: this.#places.copy.folder, xargsBatch: 1 };
    return timeTogether(ourArgv(OUR_COMMAND, ...options)(target), count);
  }

  /** Repeats a run, each time after a preparation that is not measured. */
  #noteEach(name: CacheRunName, round: number, prepare: () => void): void {
    let cpuMs = 0;
    let wallMs = 0;
    let last: Timing | undefined;
    for (let run = 1; run <= REPEATS; run += 1) {
      prepare();
      last = this.#command(1, ...this.#withCache());
      cpuMs += last.cpuMs;
      wallMs += last.wallMs;
    }
    if (last !== undefined) this.#note(name, round, { ...last, cpuMs, wallMs }, REPEATS);
  }

  #note(name: CacheRunName, round: number, timing: Timing, count: number): void {
    const byRound = this.figures.get(name) ?? new Map<number, number>();
    this.figures.set(name, byRound);
    byRound.set(round, timing.cpuMs / count);
    if (timing.othersShare !== null) this.othersShares.push(timing.othersShare);
    const others = `others ${((timing.othersShare ?? 0) * 100).toFixed(0)} %`;
    this.#places.say(`${name} ${round}: ${(timing.cpuMs / count).toFixed(0)} ms CPU, ${others}`);
  }
}

function encodeMs(source: Buffer): number {
  const times = Array.from({ length: ENCODE_REPEATS }, () => {
    const before = process.cpuUsage();
    encode(source, { contentCoding: 'gzip', level: 9 });
    encode(source, { contentCoding: 'br', quality: 11 });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return median(times);
}
