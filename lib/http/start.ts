import 'server-only';
import { nameProducer } from '@/lib/audit/producer';
import { config } from '@/lib/config/load';
import { requiredEnv } from '@/lib/core/env';
import { isOpsError, messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { database } from '@/lib/db/client';
import { schemaState } from '@/lib/db/schema-version';
import { beginShutdown } from './lifecycle';
import { acceptMalformedUrls } from './malformed-url';
import { addPeerAddress } from './peer-address';

/**
 * Checks what the web process cannot run without, and makes it end well. A wrong configuration ends it at once;
 * a database that is away does not, since pages say so and recover by themselves.
 */
export async function startWeb(): Promise<void> {
  nameProducer('web');
  acceptMalformedUrls();
  addPeerAddress();
  process.once('SIGTERM', beginShutdown);
  process.once('SIGINT', beginShutdown);
  try {
    requiredEnv('DATABASE_URL');
    requiredEnv('NEXTAUTH_SECRET');
    requiredEnv('NEXTAUTH_URL');
    const { notice } = config();
    if (notice?.embed !== undefined) globalThis.signalboxFrameOrigin = new URL(notice.embed).origin;
  } catch (error) {
    logger('web').fatal({ next: isOpsError(error) ? error.next : undefined }, messageOf(error));
    process.exit(1);
  }
  await sayHowToBegin();
}

async function sayHowToBegin(): Promise<void> {
  try {
    if ((await schemaState(database())) === 'newer') {
      logger('web').fatal(
        { next: 'Start that version or a later one.' },
        'The database was migrated by a newer version of Signalbox.',
      );
      process.exit(1);
    }
    if ((await database().user.count()) > 0) return;
    logger('web').warn(
      'There is no account yet. Make the first one: npx signalbox users add you@example.com --name "Your Name" --role admin',
    );
  } catch (error) {
    logger('web').warn({ reason: messageOf(error).split('\n').at(-1) }, 'The database does not answer yet');
  }
}
