import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/bench/main.ts');
