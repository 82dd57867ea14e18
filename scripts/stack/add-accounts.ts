import { usersAdd } from '@/cli/users';
import { nameProducer } from '@/lib/audit/producer';
import { demoAccounts } from './accounts';

nameProducer('cli');

/** Adds the demo's accounts by the command of the command line, in one process; it runs once per demo. */
for (const { email, name, role } of demoAccounts) {
  const secret = ['--password-env', 'SIGNALBOX_PASSWORD', '--if-absent'];
  await usersAdd.run([email, '--name', name, '--role', role, ...secret]);
}
process.exit(0);
