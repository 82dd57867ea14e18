import 'server-only';
import type { Target } from './connection';
import { withSession } from './session';

/**
 * Ends sessions of our own account with this name; others are not ours to end. One that waits for a lock does not see
 * that its client is gone, and stands in the queue of the table until it is told. Throws what the driver throws.
 */
export async function endSessions(target: Target, name: string): Promise<void> {
  await withSession(target, { appName: 'signalbox', answerSeconds: 10 }, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND usename = current_user AND pid <> pg_backend_pid()`,
      [name],
    ),
  );
}
