import 'server-only';
import type { Caller, Permission, Person, Pipeline, TokenScope } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { type ActorNeed, currentActor } from '@/lib/access/session';
import { ownTokenDoor, type TokenDoor } from '@/lib/access/token-door';
import { env } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { isWrite, requireSameOrigin } from './origin';
import { RequestRefused } from './problem';

/** What a route needs from its surroundings; tests give their own. */
export type RouteServices = {
  actor: (need: ActorNeed) => Promise<Person | null>;
  tokens: TokenDoor;
  db: () => Database;
  ownOrigin: (request: Request) => string;
};

export const ownServices: RouteServices = {
  actor: currentActor,
  tokens: ownTokenDoor,
  db: database,
  ownOrigin: (request) => new URL(env().NEXTAUTH_URL ?? request.url).origin,
};

type Door = { permission?: Permission | null; tokens?: TokenScope | undefined };
type Seen = { route: string; actor: string | null };

/**
 * Who asks, and whether this route is for them. A token counts where the route names a scope, and nowhere else. It
 * comes in a header that no browser sends by itself, so such a request needs no origin; one that carries a session
 * beside it is refused, so that it is never a question whose rights count.
 */
export async function identify(
  request: Request,
  door: Door,
  using: RouteServices,
  seen: Seen,
): Promise<Caller> {
  const pipeline = await using.tokens.current(request, seen.route);
  if (pipeline === null) {
    const person = await signedIn(using, isWrite(request.method));
    seen.actor = person.id;
    requireSameOrigin(request, using.ownOrigin(request));
    if (door.permission != null) requirePermission(person, door.permission);
    return person;
  }
  seen.actor = pipeline.id;
  if (hasSession(request)) {
    throw new RequestRefused(400, 'invalid', 'The request carries a token and a session.', {
      next: 'Send the token alone, without cookies.',
    });
  }
  const refused = tokenRefusal(pipeline, door.tokens);
  if (refused !== null) {
    await using.tokens.misused(request, seen.route, pipeline);
    throw refused;
  }
  if (door.permission != null) requirePermission(pipeline, door.permission);
  return pipeline;
}

const hasSession = (request: Request): boolean =>
  /(?:^|;\s*)(?:__Secure-)?next-auth\.session-token(?:\.\d+)?=/.test(request.headers.get('cookie') ?? '');

function tokenRefusal(pipeline: Pipeline, scope: TokenScope | undefined): OpsError | null {
  if (scope === undefined) {
    return new OpsError(
      'forbidden',
      'A token may look and ask for changes, and nothing else: this is for signed-in people.',
      { next: 'Do it in the console, signed in.' },
    );
  }
  if (pipeline.scopes.includes(scope)) return null;
  return new OpsError('forbidden', `This token has no scope ${scope}.`, {
    next: 'Have one made with npx signalbox tokens create that has it.',
  });
}

async function signedIn(using: RouteServices, write: boolean): Promise<Person> {
  const actor = await using.actor({ write });
  if (actor !== null) return actor;
  throw new OpsError('unauthenticated', 'You are not signed in, or your session has ended.', {
    next: 'Sign in again.',
  });
}
