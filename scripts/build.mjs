import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/build/main.ts');
