import { program } from '../setup/program';
import { UserError } from '../setup/user-error';
import { startTestServer } from '../testing/server';
import { createMigration, drift } from './engine';

const USAGE = `Usage:
  node scripts/migrate.mjs create NAME   write the next migration from schema.prisma
  node scripts/migrate.mjs drift         exit 2 when the migrations and schema.prisma differ`;

/** For developers. Both commands work on a PostgreSQL of their own that is gone afterwards. */
await program(async ([command, name]) => {
  if (command !== 'drift' && command !== 'create') throw new UserError(USAGE);
  if (command === 'create' && !/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
    throw new UserError(
      'The name of a migration is lower-case words joined by _, such as add_outbox.',
      USAGE,
    );
  }
  const server = await startTestServer(18);
  try {
    if (command === 'drift') {
      const difference = await drift(server.url);
      console.log(difference || 'The migrations make exactly schema.prisma.');
      return difference ? 2 : 0;
    }
    const made = await createMigration(server.url, name ?? '');
    console.log(
      made ? [`Wrote prisma/migrations/${made.name}`, ...made.warnings].join('\n') : 'Nothing to migrate.',
    );
    return 0;
  } finally {
    await server.stop();
  }
});
