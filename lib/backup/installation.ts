import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';

/** How this console is named where others may be too. */
export async function installationId(db: DatabaseOrTransaction): Promise<string> {
  const { id } = await db.installation.findFirstOrThrow({ select: { id: true } });
  return id;
}
