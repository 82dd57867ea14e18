import { runProgram } from './setup/bootstrap.mjs';

await runProgram('scripts/migrate/main.ts');
