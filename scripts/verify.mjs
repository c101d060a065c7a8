// Owns the proof that the sidecars of a folder are right, by decoders that know nothing of this package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { assert } from './consumer.mjs';

/** By the token of HTTP. */
export const CODINGS = {
  br: { suffix: '.br', decode: brotliDecompressSync },
  gzip: { suffix: '.gz', decode: gunzipSync },
};

/** Decodes every sidecar below a folder, and gives the sources that have one of each. */
export function verifySidecars(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const present = new Set(files);
  let sidecars = 0;
  for (const file of files) {
    for (const { suffix, decode } of Object.values(CODINGS)) {
      if (!present.has(file + suffix)) continue;
      const decoded = decode(readFileSync(join(root, file + suffix)));
      const source = readFileSync(join(root, file));
      assert(decoded.equals(source), `${file + suffix} decodes to other bytes`);
      sidecars += 1;
    }
  }
  console.log(`${sidecars} sidecars decode to their sources`);
  return files.filter((file) =>
    Object.values(CODINGS).every(({ suffix }) => present.has(file + suffix)),
  );
}
