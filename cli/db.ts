import { requiredEnv } from '@/lib/core/env';
import { migrate, migrationStatus } from '@/scripts/migrate/apply';
import { type Command, readArguments } from './command';

export const dbMigrate: Command = {
  summary: 'Bring the database to this version',
  usage: 'signalbox db migrate',
  run: async (args) => {
    readArguments(args, dbMigrate.usage, {}, 0);
    const applied = await migrate(requiredEnv('DATABASE_URL'));
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
    return 0;
  },
};

export const dbStatus: Command = {
  summary: 'Show how the database stands to this version; exit code 1 when it does not fit',
  usage: 'signalbox db status',
  run: async (args) => {
    readArguments(args, dbStatus.usage, {}, 0);
    const { pending, unknown, edited, failed } = await migrationStatus(requiredEnv('DATABASE_URL'));
    const lines = [
      ...pending.map((name) => `pending: ${name}`),
      ...unknown.map((name) => `newer than this version: ${name}`),
      ...edited.map((name) => `applied with another text: ${name}`),
      ...failed.map(({ name }) => `failed: ${name}`),
    ];
    console.log(lines.length === 0 ? 'The database is up to date.' : lines.join('\n'));
    return lines.length === 0 ? 0 : 1;
  },
};
