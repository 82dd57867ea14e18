import 'server-only';
import { z } from 'zod';
import { errorCode } from '@/lib/sources/source-error';
import { fact } from '../check';
import { type Looked, lookForDamage, type Restored } from '../check-restore';
import { withSession } from '../session';

/** The account may not, the server does not have it, or it is not to be had for this version. */
const refusals = ['42501', '0A000', '58P01', '55000'];

const Rights = z.object({ isThere: z.boolean(), may: z.boolean() });
const rights = `
  SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'amcheck') AS "isThere",
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS may`;

/**
 * pg_amcheck in a database that stays: its extension is taken out again unless the copy has it. Only a superuser may
 * call what is in it; another account restores without this look, which the evidence says. The bytes of the copy have
 * been read and its restore on the scratch server looked at.
 */
export async function lookForDamageInPlace(restored: Restored & { appName: string }): Promise<Looked> {
  const { target, appName, signal, timeoutSeconds } = restored;
  const limits = { appName, answerSeconds: 60, signal };
  const { isThere, may } = await withSession(target, limits, async (client) =>
    Rights.parse((await client.query(rights)).rows[0]),
  );
  if (!may) return unlooked(`not run: the account ${target.user} is no superuser`);
  if (!isThere) {
    const refused = await withSession(target, limits, (client) =>
      client.query('CREATE EXTENSION amcheck').then(
        () => false,
        (error: unknown) => {
          if (refusals.includes(errorCode(error) ?? '')) return true;
          throw error;
        },
      ),
    );
    if (refused) return unlooked('not run: the server does not have the extension amcheck');
  }
  const looked = await lookForDamage({ target, tools: restored.tools, timeoutSeconds, signal }, appName);
  // One that cannot be taken out is an error: the database would not be that of the copy.
  if (!isThere) await withSession(target, limits, (client) => client.query('DROP EXTENSION amcheck'));
  return looked;
}

const unlooked = (found: string): Looked => ({
  unknown: null,
  evidence: [fact('Damage that pg_amcheck sees', null, found)],
});
