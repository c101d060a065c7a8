#!/usr/bin/env node
// Hands the arguments and the streams over to the cli, and its answer to the shell. Never ends the
// process by force: what was written to a pipe has to get out.
import { main } from '../src/cli/main.js';

process.exitCode = await main(process.argv.slice(2), process);
