import { defineConfig } from 'prisma/config';

/** The address of the database is not here: `prisma generate` needs none, and migrations run through scripts/migrate. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
