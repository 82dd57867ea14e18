import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/check/main.ts');
