import type { IncomingMessage } from 'node:http';
import { type Account, ANONYMOUS, type Identity } from '../access/identity';
import { ApiError, forbidden } from '../api-error';
import type { ApiContext } from './context';
import type { RequestInfo } from './request';

export type SignedIn = { account: string; identity: Identity };

/** Bearer token → account. No token: anonymous. A token nobody has: 401. */
export function authenticate(accounts: Account[], message: IncomingMessage): SignedIn {
  const header = message.headers.authorization;
  if (header === undefined) return { account: ANONYMOUS.user, identity: ANONYMOUS };
  const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  const found = accounts.find((account) => account.token === token);
  if (!found) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return { account: found.account, identity: found.identity };
}

/** The identity that Impersonate-* headers ask for, or null without such headers. Throws 403 when not allowed. */
export function impersonation(
  ctx: ApiContext,
  signedIn: SignedIn,
  message: IncomingMessage,
  info: RequestInfo,
): Identity | null {
  const wanted = wantedIdentity(message);
  if (wanted === null) return null;
  const may = (resource: string, name: string, subresource: string | null = null, group = ''): boolean => {
    const place = serviceAccountOf(name, resource);
    return ctx.authorize(signedIn.identity, {
      verb: 'impersonate',
      group,
      resource: place ? 'serviceaccounts' : resource,
      subresource,
      namespace: place?.namespace ?? null,
      name: place?.name ?? name,
    }).allowed;
  };
  const extras = Object.entries(wanted.extra).flatMap(([key, values]) =>
    values.map((value) => ({ key, value })),
  );
  const allowed =
    may('users', wanted.user) &&
    wanted.groups.every((group) => may('groups', group)) &&
    extras.every(({ key, value }) => may('userextras', value, key, 'authentication.k8s.io'));
  if (!allowed) throw refused(signedIn, info);
  const groups = wanted.groups.length > 0 || wanted.user === ANONYMOUS.user ? wanted.groups : [];
  return { ...wanted, groups: [...new Set([...groups, 'system:authenticated'])] };
}

function serviceAccountOf(name: string, resource: string): { namespace: string; name: string } | null {
  const match = resource === 'users' ? /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) : null;
  return match ? { namespace: match[1] ?? '', name: match[2] ?? '' } : null;
}

function wantedIdentity(message: IncomingMessage): Identity | null {
  const user = message.headers['impersonate-user'];
  const groups: string[] = [];
  const extra: { [key: string]: string[] } = {};
  // rawHeaders: Node joins repeated headers of the same name with a comma, and a group may hold one.
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = (message.rawHeaders[index] ?? '').toLowerCase();
    const value = message.rawHeaders[index + 1] ?? '';
    if (name === 'impersonate-group') groups.push(value);
    if (!name.startsWith('impersonate-extra-')) continue;
    const key = decodeKey(name.slice('impersonate-extra-'.length));
    extra[key] = [...(extra[key] ?? []), value];
  }
  if (typeof user === 'string' && user !== '') return { user, groups, extra };
  if (groups.length === 0 && Object.keys(extra).length === 0) return null;
  throw new ApiError(
    500,
    'InternalError',
    `Internal error occurred: requested ${JSON.stringify({ groups, extra })} without impersonating a user`,
  );
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** A 1.36 server names the constrained form of the verb that would have been enough. */
function refused(signedIn: SignedIn, info: RequestInfo): ApiError {
  const { resource } = info;
  if (!resource)
    return new ApiError(
      403,
      'Forbidden',
      `User "${signedIn.identity.user}" cannot impersonate at the path "${info.path}"`,
    );
  return accessDenied(signedIn.identity, { ...resource, verb: `impersonate-on:user-info:${resource.verb}` });
}

type Wanted = {
  verb: string;
  group: string;
  plural: string;
  subresource: string | null;
  namespace: string | null;
  name: string | null;
};

/** 403 in the sentence of the API server. */
export function accessDenied(identity: Identity, wanted: Wanted): ApiError {
  const { verb, group, plural, subresource, namespace, name } = wanted;
  const full = subresource === null ? plural : `${plural}/${subresource}`;
  const where = namespace === null ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${identity.user}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
  const named =
    verb.endsWith('list') || verb.endsWith('watch') || verb === 'create'
      ? subresource === null
        ? ''
        : (name ?? '')
      : (name ?? '');
  return forbidden(group === '' ? plural : `${plural}.${group}`, named, why);
}
