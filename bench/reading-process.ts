// Owns the process that a second run is held against: it reads files and computes the SHA-256 of each,
// one after the other, and does nothing else. The argument is a file with a path on each line.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [listFile = ''] = process.argv.slice(2);
for (const path of readFileSync(listFile, 'utf8').split('\n')) {
  if (path !== '') hash('sha256', readFileSync(path));
}
