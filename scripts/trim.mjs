// Takes out of the build what whoever installs the package has no use for; runs before it is packed. Source maps
// are twice as large as the code, which is readable as it is, with its comments; the types of modules that the
// public ones do not reach can be imported by nobody.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

const reached = new Set();
reach(join(dist, 'src', 'index.d.ts'));

for (const folder of ['bin', 'src', 'workers']) {
  for (const name of readdirSync(join(dist, folder), { recursive: true })) {
    const path = join(dist, folder, name);
    if (name.endsWith('.map') || (name.endsWith('.d.ts') && !reached.has(path))) rmSync(path);
    else if (name.endsWith('.js')) {
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
    }
  }
}

/** Follows the imports of types, as the compiler writes them. */
function reach(path) {
  if (reached.has(path)) return;
  reached.add(path);
  const imports = readFileSync(path, 'utf8').matchAll(
    /\b(?:from|import)\s*\(?['"](\.[^'"]+)\.js['"]/g,
  );
  for (const [, name] of imports) reach(resolve(dirname(path), `${name}.d.ts`));
}
