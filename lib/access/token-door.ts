import 'server-only';
import { stage } from '@/lib/audit/stage';
import { config } from '@/lib/config/load';
import type { Access } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { attempts, clientAddress, type SignInAttempts } from './attempts';
import { type Pipeline, type TokenScope, tokenScopes } from './model';
import { isRole } from './session-store';
import { bearerOf, parseToken, secretFits } from './token';

/** Where requests with a token come in. */
export type TokenDoor = {
  /**
   * The pipeline of a request that carries a token of ours; null when it carries none. Throws OpsError
   * `unauthenticated`, recorded, for one that does not count, and `limit` after too many of those.
   */
  current: (request: Request, route: string) => Promise<Pipeline | null>;
  /** Records that a good token asked for what no token may, or this one may not. Throws OpsError `limit` like `current`. */
  misused: (request: Request, route: string, pipeline: Pipeline) => Promise<void>;
};
export type TokenServices = {
  db: Database;
  attempts: Pick<SignInAttempts, 'refusedToken'>;
  settings: Access;
};

/** A token that is used again within this many seconds is not written to. */
const TOUCH_SECONDS = 60;

export const tokenDoor = (services: () => TokenServices): TokenDoor => ({
  current: async (request, route) => {
    const text = bearerOf(request.headers.get('authorization'));
    if (text === null) return null;
    const found = await readToken(services().db, text);
    if (found.cause === null) return found.pipeline;
    await refuse(services(), request, { route, cause: found.cause, pipeline: found.pipeline });
    throw new OpsError('unauthenticated', sentences[found.cause], {
      next: 'Have a new token made with npx signalbox tokens create.',
    });
  },
  misused: (request, route, pipeline) => refuse(services(), request, { route, cause: 'scope', pipeline }),
});

export const ownTokenDoor: TokenDoor = tokenDoor(() => ({
  db: database(),
  attempts: attempts(),
  settings: config().access,
}));

type Cause = 'unknown' | 'revoked' | 'expired' | 'owner';
/** Only who has the secret hears more than that the token is not known. */
const sentences: Record<Cause, string> = {
  unknown: 'This token is not known here.',
  revoked: 'This token was revoked.',
  expired: 'This token has expired.',
  owner: 'The account that this token belongs to is disabled.',
};

type Row = {
  id: string;
  name: string;
  hash: string;
  scopes: string[];
  roles: string[];
  revoked: boolean;
  expired: boolean;
  disabled: boolean;
  stale: boolean;
  ownerId: string;
  ownerName: string;
  ownerEmail: string;
};

/** The pipeline of a token as the database knows it now. Its roles are those that the owner holds too, read each time. */
export async function readToken(
  db: Database,
  text: string,
): Promise<{ cause: null; pipeline: Pipeline } | { cause: Cause; pipeline: Pipeline | null }> {
  const parts = parseToken(text);
  if (parts === null) return { cause: 'unknown', pipeline: null };
  const [row] = await db.$queryRaw<Row[]>`
    SELECT t.id::text AS id, t.name, t.hash, t.scopes, t.revoked_at IS NOT NULL AS revoked,
      t.expires_at <= app.now() AS expired, u.disabled_at IS NOT NULL AS disabled,
      coalesce(t.last_used_at < app.now() - ${TOUCH_SECONDS}::double precision * interval '1 second', true) AS stale,
      u.id::text AS "ownerId", u.name AS "ownerName", u.email AS "ownerEmail",
      ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = u.id AND g.role = ANY(t.roles)) AS roles
    FROM api_token t JOIN "user" u ON u.id = t.owner_id WHERE t.id = ${parts.id}::uuid`;
  if (!secretFits(parts.secret, row?.hash ?? null) || row === undefined)
    return { cause: 'unknown', pipeline: null };
  const pipeline: Pipeline = {
    kind: 'pipeline',
    id: row.id,
    name: `pipeline ${row.name}`,
    roles: row.roles.filter(isRole),
    scopes: row.scopes.filter(isScope),
    owner: { id: row.ownerId, name: row.ownerName, email: row.ownerEmail },
  };
  if (row.revoked) return { cause: 'revoked', pipeline };
  if (row.expired) return { cause: 'expired', pipeline };
  if (row.disabled) return { cause: 'owner', pipeline };
  if (row.stale)
    await db.$executeRaw`UPDATE api_token SET last_used_at = app.now() WHERE id = ${row.id}::uuid`;
  return { cause: null, pipeline };
}

const scopes: ReadonlySet<string> = new Set(tokenScopes);
const isScope = (text: string): text is TokenScope => scopes.has(text);

type Refused = { route: string; cause: Cause | 'scope'; pipeline: Pipeline | null };

/** One entry for each until the limit, and one for the limit: a stranger must not be able to fill the record. */
async function refuse(
  { db, attempts, settings }: TokenServices,
  request: Request,
  { route, cause, pipeline }: Refused,
): Promise<void> {
  const address = clientAddress(request.headers.get('x-forwarded-for'), settings.trustedProxies);
  const verdict = await attempts.refusedToken(address);
  if (!verdict.limited || verdict.first) {
    await transaction(
      (tx) =>
        stage(tx, {
          action: 'token.refused',
          actor: pipeline ?? { kind: 'anonymous' },
          target: `pipeline:${pipeline?.id ?? 'unknown'}`,
          result: 'refused',
          details: {
            cause: verdict.limited ? 'limit' : cause,
            route: `${request.method} ${route}`,
          },
        }),
      db,
    );
  }
  if (!verdict.limited) return;
  throw new OpsError('limit', 'Too many requests with a token were refused from this address.', {
    next: 'Mend the token or what is asked with it, then wait a few minutes.',
  });
}
