import fs from 'node:fs';
import path from 'node:path';
import { run } from '../process/run';
import { hashOf, stamp } from '../setup/hash';
import { repositoryRoot } from '../setup/root';
import { UserError } from '../setup/user-error';

const INPUTS = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'];

/**
 * Writes the Prisma client to prisma/generated when schema.prisma or Prisma changed. Returns whether it did.
 * The engine variable keeps Prisma from downloading a program that generating does not use.
 */
export async function generate(): Promise<boolean> {
  const current = stamp('generate', hashOf(INPUTS));
  if (current.isCurrent() && fs.existsSync(path.join(repositoryRoot, 'prisma/generated'))) return false;
  const { code, output } = await run('node_modules/.bin/prisma', ['generate'], {
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (code !== 0) {
    throw new UserError(
      `The Prisma client could not be generated:\n${output}`,
      'Correct prisma/schema.prisma.',
    );
  }
  current.remember();
  return true;
}
