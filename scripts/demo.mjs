import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/demo/main.ts');
