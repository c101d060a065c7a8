// Owns the process in which a floor is measured, so that nothing of the benchmark runs beside it: the
// arguments are folder, settings and the file for the answer.
import { writeFileSync } from 'node:fs';
import { type FloorSettings, measureFloor } from './floor.js';

const [folder = '', settings = '', answerFile = ''] = process.argv.slice(2);
const answer = await measureFloor(folder, settings as FloorSettings);
writeFileSync(answerFile, JSON.stringify(answer));
