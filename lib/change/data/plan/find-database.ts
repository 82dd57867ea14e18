import type { Database } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { type DataKind, isDataKind } from '@/lib/core/change-kind';
import { OpsError } from '@/lib/core/errors';
import type { RequestPlan } from '../../plan-contract';

export type DataInput = Extract<RequestPlan, { kind: DataKind }>;

export const isDataInput = (input: RequestPlan): input is DataInput => isDataKind(input.kind);

/** What can be done with a database by signalbox.yaml alone; the sentences disable the buttons, too. */
export const dataCan = {
  backup: ({ name, backup }: Pick<Database, 'name' | 'backup'>) =>
    backup === undefined
      ? {
          why: `How copies of ${name} are made is not configured.`,
          next: 'Add `backup` with an account and a folder to the database in signalbox.yaml.',
        }
      : null,
  'end-session': ({ name, signal }: Pick<Database, 'name' | 'signal'>) =>
    signal === undefined
      ? {
          why: `No account is configured that may end sessions of ${name}.`,
          next: 'Add `signal` to the database in signalbox.yaml: the URL of an account with pg_signal_backend and pg_read_all_stats.',
        }
      : null,
  restore: ({ name, backup, restore }: Pick<Database, 'name' | 'backup' | 'restore'>) => {
    if (backup === undefined) {
      return {
        why: `How copies of ${name} are made is not configured, so there are none to put back.`,
        next: 'Add `backup` with an account and a folder to the database in signalbox.yaml.',
      };
    }
    return restore === undefined
      ? {
          why: `No account is configured that may put a copy of ${name} back.`,
          next: 'Add `restore` to the database in signalbox.yaml: the URL of an account that owns it, with CREATEDB and pg_signal_backend.',
        }
      : null;
  },
} as const;

/**
 * The database that a change is about. Throws OpsError `invalid` for one that does not belong to the place, and
 * `precondition` where signalbox.yaml lacks what the kind needs.
 */
export function findDatabase(config: Pick<Config, 'databases'>, input: DataInput): Database {
  const { service, environment, region } = input;
  const own = config.databases.filter(
    (one) => one.service === service && one.environment === environment && one.region === region,
  );
  const found = own.find(({ id }) => id === input.database);
  if (found === undefined) {
    const message = `${input.database} is no database of ${service} in ${environment}, ${region}.`;
    const names = own.map(({ id }) => id).join(', ');
    throw new OpsError('invalid', message, {
      fields: [{ path: 'database', message }],
      next: names === '' ? 'signalbox.yaml names none there.' : `There is: ${names}.`,
    });
  }
  const refusal = dataCan[input.kind](found);
  if (refusal !== null) throw new OpsError('precondition', refusal.why, { next: refusal.next });
  return found;
}
