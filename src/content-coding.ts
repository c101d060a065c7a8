// Owns the content-codings and the file-name suffixes that stand for them: where a sidecar stands
// and which names are sidecars. Pure: it knows names only, never the file system.

/**
 * An HTTP content-coding as registered with IANA: `gzip` (RFC 1952), `br` (RFC 7932) and `zstd`
 * (RFC 8878). The token is what stands in `Content-Encoding` (RFC 9110, section 8.4.1).
 */
export type ContentCoding = 'gzip' | 'br' | 'zstd';

/** The suffix that a sidecar of each content-coding carries behind its source's name. */
export const SUFFIXES: Readonly<Record<ContentCoding, string>> = {
  gzip: '.gz',
  br: '.br',
  zstd: '.zst',
};

/** All content-codings, in the order in which they are shown. */
export const CONTENT_CODINGS = Object.keys(SUFFIXES) as readonly ContentCoding[];

/**
 * Where the sidecar of a source stands: `sidecarPath('app.js', 'br')` is `app.js.br`.
 *
 * @param sourcePath - path or bare name of the source, in any notation
 */
export function sidecarPath(sourcePath: string, contentCoding: ContentCoding): string {
  return sourcePath + SUFFIXES[contentCoding];
}

/**
 * The path of the source that a sidecar of this name would belong to, or `undefined` when the name
 * ends in no known suffix. A bare suffix such as `.gz` has no source: nothing is left of its name.
 *
 * @param path - a bare name, or a path with `/`; a backslash is a character like any other
 */
export function sourcePathOf(path: string): string | undefined {
  for (const suffix of Object.values(SUFFIXES)) {
    if (path.endsWith(suffix)) {
      const stripped = path.slice(0, -suffix.length);
      return stripped === '' || stripped.endsWith('/') ? undefined : stripped;
    }
  }
  return undefined;
}

/** The content-coding whose suffix a name ends in, with something in front of it. */
export function contentCodingOf(path: string): ContentCoding | undefined {
  if (sourcePathOf(path) === undefined) return undefined;
  return CONTENT_CODINGS.find((contentCoding) => path.endsWith(SUFFIXES[contentCoding]));
}

/**
 * Whether a file is a sidecar: its name ends in a known suffix (`.gz`, `.br`, `.zst`, in lower case
 * as servers look for them) and the name without that suffix exists beside it.
 *
 * @param path - a bare name, or a path with `/`
 * @param exists - tells whether a path exists; asked at most once, for the stripped path
 */
export function isSidecar(path: string, exists: (sourcePath: string) => boolean): boolean {
  const sourcePath = sourcePathOf(path);
  return sourcePath !== undefined && exists(sourcePath);
}
