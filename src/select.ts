// Owns the rules by which a name alone is left out: excluded extensions and the globs of `include`
// and `exclude`. The only user of micromatch. Pure: it knows paths, never the file system.
import micromatch from 'micromatch';
import { UsageError } from './errors.js';
import { createExtensionTest } from './excluded-extensions.js';
import type { ResolvedOptions } from './options.js';
import type { SkipReason } from './skip.js';

/** What one glob may stand for: a list of every file name would be no glob any more. */
const MAX_ALTERNATIVES = 10_000;

type PathTest = (relativePath: string) => boolean;

/**
 * Compiles the rules of names into one function: why a path is skipped, or `undefined` when it is
 * not. The extension is asked first, then `exclude`, then `include`.
 *
 * Globs are relative to root and mean the whole path: `*.js` is in root only, `**\/*.js` everywhere.
 * They know `*`, `**`, `?`, `[a-z]`, `{a,b}`, `{1..9}` and `!(a|b)`, ignore case, match dotfiles, and
 * take `\` as an escape on every platform. A leading `./` or `/` means nothing. A glob that names a
 * folder covers all in it; one whose last part has a wildcard does so only with a slash behind it
 * (`build-*\/`), so that `assets/*` means just the files there. A path that equals the glob
 * character by character matches as well: `[slug].html` needs no escapes. A `!` in front is a
 * character like any other here; `resolveOptions` refuses it.
 *
 * Without `byExtension` the globs alone count: a sidecar has an extension that is excluded anyway.
 *
 * @throws UsageError for a glob that cannot be compiled, such as `[z-a]`
 */
export function createSelector(
  options: Pick<ResolvedOptions, 'skipExtensions' | 'include' | 'exclude'>,
): (relativePath: string, byExtension?: boolean) => SkipReason | undefined {
  const hasExcludedExtension = createExtensionTest(options.skipExtensions);
  const excludes = options.exclude.map((glob) => compile('exclude', glob));
  const includes = options.include.map((glob) => compile('include', glob));
  return (relativePath, byExtension = true) => {
    if (byExtension && hasExcludedExtension(relativePath)) return 'excluded-extension';
    if (excludes.some((matches) => matches(relativePath))) return 'excluded';
    if (includes.length > 0 && !includes.some((matches) => matches(relativePath))) {
      return 'not-included';
    }
    return undefined;
  };
}

function compile(option: 'include' | 'exclude', glob: string): PathTest {
  const normal = glob.replace(/\/{2,}/g, '/').replace(/^(\.\/|\/)+/, '');
  if (normal === '' || normal === '.') return () => true;
  const literal = normal.replace(/\/$/, '').toLowerCase();
  let expressions: RegExp[];
  try {
    expressions = alternatives(normal).map(toExpression);
  } catch (error) {
    const invalid = new UsageError(
      option,
      glob,
      'a valid glob of no more than 10,000 alternatives',
    );
    invalid.cause = error;
    throw invalid;
  }
  return (relativePath) => {
    const lower = relativePath.toLowerCase();
    if (lower === literal || lower.startsWith(`${literal}/`)) return true;
    return expressions.some((expression) => expression.test(relativePath));
  };
}

/**
 * Every glob that the braces of one stand for. micromatch's expressions alone take `{1..10}` for
 * `[1-10]`, and `{js}` for three characters and two braces, which is what a script writes that joins
 * a list of one.
 */
function alternatives(glob: string): string[] {
  if (countAlternatives(glob) > MAX_ALTERNATIVES) throw new TypeError('too many alternatives');
  // Quotes would be syntax to micromatch; here they are part of names.
  const unquoted = glob.replace(/\\?["'`]/g, (quote) => `\\${quote.slice(-1)}`);
  const options = { expand: true, keepEscaping: true } as micromatch.Options;
  const expanded = micromatch.braces(unquoted, options);
  const unwrapped = expanded.map((item) => item.replace(/(?<!\\)\{([^{}\\,/]+)\}/g, '$1'));
  return [...new Set([...expanded, ...unwrapped])];
}

/**
 * An upper bound for what the braces of a glob stand for: 25 pairs are enough for 33 million, and for
 * all memory.
 */
function countAlternatives(glob: string): number {
  const items = glob.split('{').map((part) => part.split(',').length);
  return items.slice(1).reduce((product, count) => product * count, 1);
}

/** The expression of a glob without braces. */
function toExpression(glob: string): RegExp {
  const lastPart = glob.slice(glob.lastIndexOf('/') + 1).replace(/\\./gs, '');
  const whole = glob.endsWith('/') ? `${glob}**` : /[*?[(]/.test(lastPart) ? glob : `${glob}/**`;
  const expression = micromatch.makeRe(whole, {
    dot: true,
    nobrace: true,
    nonegate: true,
    windows: false,
    // Without it a glob that makes no valid expression would silently match nothing.
    debug: true,
  }) as RegExp | false;
  if (expression === false) throw new TypeError('not a glob');
  // `s`, because a name may hold line breaks and micromatch's `**` is made of dots.
  return new RegExp(expression.source, 'is');
}
