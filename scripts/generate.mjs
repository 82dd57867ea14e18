import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/generate/main.ts');
