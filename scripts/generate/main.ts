import { program } from '../setup/program';
import { generate } from './generate';

await program(async () => {
  console.log((await generate()) ? 'Prisma client generated.' : 'Prisma client is up to date.');
  return 0;
});
