import 'server-only';
import type { SourceError } from '@/lib/sources/source-error';
import { type Found, lookAt, type Seen } from './look';
import { type Mark, markOf, restOf } from './mark';
import type { Names } from './names';
import { answered, type Keeper, type Server, withServer } from './server';

/** One restore at its server, and the claim under which it acts. */
export type Restore = {
  keeper: Keeper;
  names: Names;
  /** Of the database that is replaced. */
  oid: number;
  fence: Mark;
  /** For what no fence can stop: whether this claim may still act, and for how long after it was asked. */
  limit: { mayStill: () => boolean; withinSeconds: number };
};

/**
 * How an act ended. `newer`: a later claim has acted, this one must not any more. `moved`: the databases are not as the
 * act takes them to be. `late`: this claim may not act any more. `busy`: somebody is still in one of them, or holds it. `refused`: the server does not let us.
 */
export type Acted =
  | { kind: 'done' }
  | { kind: 'newer' }
  | { kind: 'moved' }
  | { kind: 'late' }
  | { kind: 'busy' }
  | { kind: 'refused'; sentence: string };

export const done: Acted = { kind: 'done' };
export const moved: Acted = { kind: 'moved' };

/** The database that this change made, by its mark; it may have either name. */
export const madeBy = ({ fence }: Pick<Restore, 'fence'>, { live, fresh }: Seen): Found | null =>
  [fresh, live].find(
    (found) => found?.mark?.change === fence.change && found.mark.installation === fence.installation,
  ) ?? null;

/**
 * Looks and acts under the lock of the replaced database, when no later claim has acted and the database that carries
 * the fence is there: a worker that comes late finds another epoch, or nothing, and does nothing. Throws SourceError.
 */
export async function fenced(
  restore: Restore,
  act: (server: Server, seen: Seen, made: Found) => Promise<Acted>,
  { outside = false }: { outside?: boolean } = {},
): Promise<Acted> {
  const { keeper, names, oid, fence } = restore;
  return withServer(keeper, async (server) => {
    const within = outside ? server.aloneOutside : server.alone;
    return within(oid, async (): Promise<Acted> => {
      const seen = await lookAt(server, names);
      const made = madeBy(restore, seen);
      if (made?.mark == null) return moved;
      if (made.mark.epoch > fence.epoch) return { kind: 'newer' };
      if (made.mark.epoch < fence.epoch) await mark(server, made, fence);
      return act(server, seen, made);
    }).catch(toldBy);
  });
}

/** Writes the epoch of this claim, so that none before it acts any more. */
export const raiseFence = (restore: Restore): Promise<Acted> => fenced(restore, () => Promise.resolve(done));

/** What a person wrote as a comment stays below the mark. */
export const mark = (server: Server, { name, comment }: Found, fence: Mark): Promise<void> => {
  const rest = restOf(comment);
  const text = rest === null ? markOf(fence) : `${markOf(fence)}\n${rest}`;
  return server.run(`COMMENT ON DATABASE ${server.identifier(name)} IS ${server.literal(text)}`);
};

/** What a server answers to an act, in words. Throws what is no answer of it. */
export function toldBy(error: unknown): Acted {
  // 55006 object_in_use, 55P03 lock_not_available, 57014 query_canceled (by our own limit)
  if (answered(error, '55006', '55P03', '57014')) return { kind: 'busy' };
  if (answered(error, ...Object.keys(refusals))) return { kind: 'refused', sentence: refusal(error) };
  // Somebody renamed, made or dropped one of them between the look and the act.
  if (answered(error, '3D000', '42P04')) return moved;
  throw error;
}

const refusals: Record<string, string> = {
  '42501':
    'The server refused: the account of `restore` must own the database or be a member of its owner, and have CREATEDB and pg_signal_backend.',
  '53100': 'The disk of the server is full.',
  '0A000': 'The server does not support what is asked, such as a database that is a template.',
  '22023': 'The server does not take a property of the old database for a new one.',
};
const refusal = ({ answer }: SourceError): string => refusals[answer ?? ''] ?? 'The server refused.';
