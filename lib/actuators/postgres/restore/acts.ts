import 'server-only';
import { type Acted, done, fenced, moved, type Restore, toldBy } from './fence';
import { endSessionsIn, type Found, lookAt } from './look';
import { type Server, withServer } from './server';

const letIn = (server: Server, name: string, isOpen: boolean) =>
  server.run(`ALTER DATABASE ${server.identifier(name)} ALLOW_CONNECTIONS ${isOpen}`);
const rename = (server: Server, from: string, to: string) =>
  server.run(`ALTER DATABASE ${server.identifier(from)} RENAME TO ${server.identifier(to)}`);

/** Lets nobody into the database that is replaced; ends who is in it. Throws SourceError. */
export async function closeOld(restore: Restore): Promise<Acted> {
  const { names, oid, keeper } = restore;
  const acted = await fenced(restore, async (server, { live, former }, made) => {
    if (live?.oid !== oid || former !== null || made.name !== names.fresh) return moved;
    if (live.open) await letIn(server, names.live, false);
    return done;
  });
  if (acted.kind === 'done') await endSessionsIn(keeper, oid);
  return acted;
}

/** Lets everybody in again. Throws SourceError. */
export const openOld = (restore: Restore): Promise<Acted> =>
  fenced(restore, async (server, { live }) => {
    const { names, oid } = restore;
    if (live?.oid !== oid) return moved;
    if (!live.open) await letIn(server, names.live, true);
    return done;
  });

/** The loaded database takes the name of the old one, which is kept under another: both or none. Throws SourceError. */
export function switchOver(restore: Restore): Promise<Acted> {
  const { names, oid } = restore;
  return exchange(restore, {
    isReady: ({ live, former }, made) =>
      live?.oid === oid && !live.open && former === null && made.name === names.fresh,
    leaves: [oid],
    rename: async (server) => {
      await rename(server, names.live, names.former);
      await rename(server, names.fresh, names.live);
    },
  });
}

/** The other way round; what was written since stays in the restored one. Throws SourceError. */
export function switchBack(restore: Restore): Promise<Acted> {
  const { names, oid } = restore;
  return exchange(restore, {
    isReady: ({ fresh, former }, made) => former?.oid === oid && fresh === null && made.name === names.live,
    leaves: [],
    rename: async (server) => {
      await rename(server, names.live, names.fresh);
      await rename(server, names.former, names.live);
    },
  });
}

type Exchange = {
  isReady: (seen: Parameters<Parameters<typeof fenced>[1]>[1], made: Found) => boolean;
  /** OIDs of closed databases, beside the one that was made, whose sessions have to be gone. */
  leaves: readonly number[];
  rename: (server: Server) => Promise<void>;
};

/**
 * A name can change only while nobody is inside: the made database is closed first, then sessions are ended, then names
 * change and the one that services use is opened, in one transaction.
 */
async function exchange(restore: Restore, { isReady, leaves, rename }: Exchange): Promise<Acted> {
  let madeOid = 0;
  const closed = await fenced(restore, async (server, seen, made) => {
    if (!isReady(seen, made)) return moved;
    if (made.open) await letIn(server, made.name, false);
    madeOid = made.oid;
    return done;
  });
  if (closed.kind !== 'done') return closed;
  for (const oid of [madeOid, ...leaves]) await endSessionsIn(restore.keeper, oid);
  return fenced(restore, async (server, seen, made) => {
    if (!isReady(seen, made)) return moved;
    await rename(server);
    await letIn(server, restore.names.live, true);
    return done;
  });
}

/** Drops what was made, while the old database has its name; never anything else. Throws SourceError. */
export const dropMade = (restore: Restore): Promise<Acted> =>
  fenced(
    restore,
    async (server, { live }, made) => {
      const { names, oid } = restore;
      if (live?.oid !== oid || made.name !== names.fresh || made.oid === oid) return moved;
      await server.run(`DROP DATABASE IF EXISTS ${server.identifier(names.fresh)} WITH (FORCE)`);
      return done;
    },
    { outside: true },
  );

/** The same for one that was not finished, so that it has no mark: it is empty, and nobody is inside. Throws SourceError. */
export const dropUnfinished = ({ keeper, names, oid }: Restore): Promise<Acted> =>
  withServer(keeper, (server) =>
    server
      .aloneOutside(oid, async (): Promise<Acted> => {
        const { live, fresh } = await lookAt(server, names);
        if (fresh === null) return done;
        if (live?.oid !== oid || fresh.mark !== null) return moved;
        await server.run(`DROP DATABASE ${server.identifier(names.fresh)}`);
        return done;
      })
      .catch(toldBy),
  );
