// Owns the extensions that are not worth compressing, because their formats already are, and the
// test of a file name against such a list. Pure: it knows names only.

/** The default exclusion list, by kind. WhiteNoise's own list, and what has become common since. */
export const EXCLUDED_EXTENSIONS_BY_KIND = {
  images: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif', 'heic', 'heif', 'jxl'],
  archives: ['zip', 'gz', 'tgz', 'bz2', 'tbz', 'xz', 'br', 'zst', '7z', 'rar', 'lz4', 'lzma'],
  fonts: ['woff', 'woff2'],
  flash: ['swf', 'flv'],
  video: ['3gp', '3gpp', 'asf', 'avi', 'm4v', 'mkv', 'mov', 'mp4', 'mpeg', 'mpg', 'webm', 'wmv'],
  audio: ['mp3', 'm4a', 'aac', 'ogg', 'oga', 'ogv', 'opus', 'flac'],
  packages: ['apk', 'docx', 'xlsx', 'pptx', 'epub', 'jar'],
} as const;

/** The default exclusion list as one flat list, lower case and without leading dots. */
export const DEFAULT_EXCLUDED_EXTENSIONS: readonly string[] = Object.freeze(
  Object.values(EXCLUDED_EXTENSIONS_BY_KIND).flat(),
);

/**
 * Compiles a list of extensions into a test of file names. An extension matches case-insensitively
 * at the end of the name, behind a dot; it may hold dots itself (`tar.gz`), and one leading dot in
 * the list means the same as none.
 */
export function createExtensionTest(extensions: readonly string[]): (name: string) => boolean {
  const excluded = new Set(
    extensions.map((extension) => extension.replace(/^\./, '').toLowerCase()),
  );
  excluded.delete('');
  return (name) => {
    const lower = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
    for (let dot = lower.indexOf('.'); dot !== -1; dot = lower.indexOf('.', dot + 1)) {
      if (excluded.has(lower.slice(dot + 1))) return true;
    }
    return false;
  };
}
