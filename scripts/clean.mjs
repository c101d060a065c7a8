// Removes the compiled output before a build, so that a file that was deleted or renamed does not live
// on in it.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
