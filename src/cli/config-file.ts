// Owns the files that configure a run: which one counts, what it says, and what is said of it when it makes
// no sense. Looks from the working directory upwards, never in what is compressed.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { findUpSync } from 'find-up-simple';
import { CommandError } from './command-error.js';
import { findFlag, SETTING_KEYS } from './flags.js';
import { sanitize } from './sanitize.js';
import type { Setting, Settings } from './setting.js';
import { hintFor, typedOnly } from './suggest.js';

/** Looked for by these names; one that is asked for may have any. */
const NAMES = ['wn-compress.config.js', 'wn-compress.config.mjs', 'wn-compress.config.json'];

const PACKAGE = 'package.json';
const PACKAGE_KEY = 'wn-compress';

/** These say where something is, relative to the file. */
const PATH_KEYS = new Set(['root', 'cacheDir']);

/**
 * Finds and reads the file that counts: the one that is asked for, else the nearest one at or above the
 * working directory.
 *
 * @returns no settings when there is none
 * @throws CommandError when it cannot be read, or makes no sense
 */
export async function readConfigFile(asked: string | undefined): Promise<Settings> {
  const path = asked === undefined ? findConfigFile() : resolve(asked);
  if (path === undefined) return new Map();
  const config = await load(path);
  if (config === undefined) {
    throw new CommandError(`${shown(path)}: it has no key "${PACKAGE_KEY}"; add one`);
  }
  return settingsOf(config, path);
}

function findConfigFile(): string | undefined {
  const found = NAMES.map((name) => findUpSync(name)).filter((path) => path !== undefined);
  const manifest = findUpSync(PACKAGE);
  if (manifest !== undefined && hasConfig(manifest)) found.push(manifest);
  // All lie on one way up, so that the longest folder is the nearest.
  const nearest = Math.max(...found.map((path) => dirname(path).length));
  const [path, other] = found.filter((one) => dirname(one).length === nearest);
  if (path !== undefined && other !== undefined) {
    throw new CommandError(`${shown(path)} and ${shown(other)} both configure this; keep one`);
  }
  return path;
}

/** One that is no JSON configures nothing: that is for its owner to complain about, at every turn. */
function hasConfig(manifest: string): boolean {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest)?.[PACKAGE_KEY] !== undefined;
  } catch {
    return false;
  }
}

type Manifest = Readonly<Record<string, unknown>> | null;

/** What a file says; nothing for a `package.json` that is not about this. */
async function load(path: string): Promise<unknown> {
  try {
    if (extname(path) !== '.json') {
      return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default ?? null;
    }
    const content = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    return path.endsWith(PACKAGE) ? content?.[PACKAGE_KEY] : content;
  } catch (error) {
    throw new CommandError(`${shown(path)}: ${sanitize(whatIsWrong(error, path))}`);
  }
}

function whatIsWrong(error: unknown, path: string): string {
  const message = error instanceof Error ? error.message : inspect(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (!existsSync(path)) return 'there is no such file; give another --config, or --no-config';
  if (error instanceof SyntaxError && path.endsWith('.js')) {
    return `${message}; a file with import and export is called .mjs, unless its package is a module`;
  }
  if (code === 'ERR_MODULE_NOT_FOUND') return `${message}; install it, or do without the import`;
  return message;
}

function settingsOf(config: unknown, path: string): Settings {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    const got = config === null ? 'nothing' : sanitize(inspect(config, { depth: 0 }));
    throw new CommandError(`${shown(path)}: expected an object of options, got ${got}`);
  }
  const settings = new Map<string, Setting>();
  for (const [key, given] of Object.entries(config)) {
    if (key === '$schema' || given === undefined) continue;
    if (!SETTING_KEYS.includes(key)) {
      const name = sanitize(JSON.stringify(key));
      const flag = findFlag(key);
      const hint = flag === undefined ? hintFor(key, SETTING_KEYS) : typedOnly(flag);
      throw new CommandError(`${shown(path)}: unknown key ${name}: ${hint}`);
    }
    settings.set(key, {
      value: valueOf(key, given, path),
      spelling: `${shown(path)}: ${key}`,
      got: typeof given === 'string' ? JSON.stringify(given) : inspect(given, { depth: 1 }),
      from: shown(path),
    });
  }
  return settings;
}

function valueOf(key: string, given: unknown, path: string): unknown {
  if (typeof given !== 'string') return given;
  if (PATH_KEYS.has(key) && given !== '') return fromHere(resolve(dirname(path), given));
  const flag = findFlag(key)?.flag;
  // Sizes, as `10kb`; a number is to be written as one.
  return flag?.kind === 'value' && flag.isSize === true ? flag.read(given) : given;
}

/** A path as it is called from the working directory. */
function fromHere(path: string): string {
  return relative('', path) || '.';
}

function shown(path: string): string {
  return sanitize(fromHere(path));
}
