// Writes the text of `--help` beside the compiled file that reads it; runs behind the compiler.
import { writeFileSync } from 'node:fs';
import { helpText } from '../dist/src/cli/help-text.js';

writeFileSync(new URL('../dist/src/cli/help.txt', import.meta.url), await helpText());
