import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/test/main.ts');
