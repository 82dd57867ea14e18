import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { routes } from '@/app/api/v1/openapi.json/routes';
import { type Person, type Pipeline, roles } from '@/lib/access/model';
import { OpsError } from '@/lib/core/errors';
import type { RouteServices } from './caller';
import { Problem } from './contract';
import { openApiDocument } from './openapi';
import { databaseDown } from './problem';
import type { RouteContract } from './registry';
import { route } from './route';

beforeAll(() => {
  vi.stubEnv('LOG_LEVEL', 'silent');
});

const own = 'https://console.example.com';
const document = openApiDocument(routes, '/');
const listed = routes.flatMap(({ path, methods }) =>
  Object.entries(methods).map(([method, { contract }]) => ({
    name: `${method} ${path}`,
    path,
    method,
    contract,
  })),
);
type Listed = (typeof listed)[number];

const Operation = z.object({
  responses: z.record(
    z.string(),
    z.object({
      description: z.string(),
      headers: z.record(z.string(), z.unknown()).optional(),
      content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
    }),
  ),
});
function declaredOf({ path, method }: Listed) {
  const item = document.paths?.[path.replaceAll(/\[([^\]]+)\]/g, '{$1}')];
  const [, operation] = Object.entries(item ?? {}).find(([name]) => name === method.toLowerCase()) ?? [];
  return new Map(Object.entries(Operation.parse(operation).responses));
}

const person: Person = {
  kind: 'person',
  id: crypto.randomUUID(),
  name: 'Ada',
  email: 'ada@example.com',
  roles: [...roles],
  sessionId: crypto.randomUUID(),
};
const pipeline: Pipeline = {
  ...{ kind: 'pipeline', id: crypto.randomUUID(), name: 'pipeline deploys', scopes: [], roles: [] },
  owner: { id: crypto.randomUUID(), name: 'Ada', email: 'ada@example.com' },
};

type Sent = {
  using?: Partial<RouteServices>;
  headers?: Record<string, string>;
  query?: string;
  body?: string;
};
type Provoked = Sent & { status: number; applies: (of: Listed) => boolean; badPath?: boolean };

const fails = (error: Error) => ({
  actor: async () => {
    throw error;
  },
});
const tokenOf = (found: Pipeline | OpsError) => ({
  tokens: {
    current: async () => {
      if (found instanceof OpsError) throw found;
      return found;
    },
    misused: async () => {},
  },
});
const isSignedIn = ({ contract }: Listed) => contract.audience === 'signed-in';
const isPublic = ({ contract }: Listed) => contract.audience === 'public';
const hasBody = ({ contract }: Listed) => contract.input !== null;
const always = () => true;
const isWrite = ({ method }: Listed) => method !== 'GET';
const refusesPath = ({ contract: { params } }: Listed) =>
  params !== undefined && !z.safeParse(params, badParams(params)).success;
/** A name that no schema of an id takes. */
const badParams = (params: RouteContract['params']): Record<string, string> =>
  Object.fromEntries(
    Object.keys(params instanceof z.core.$ZodObject ? params._zod.def.shape : {}).map((key) => [
      key,
      ` ${'%'.repeat(400)}`,
    ]),
  );

/** What can go wrong before the verb of a route is asked, and with any of them. */
const provoked: Record<string, Provoked> = {
  'nobody is signed in': { using: { actor: async () => null }, status: 401, applies: isSignedIn },
  'a token that does not count': {
    using: tokenOf(new OpsError('unauthenticated', 'This token was revoked.')),
    status: 401,
    applies: isSignedIn,
  },
  'another site': {
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: 'https://evil.example' },
    status: 403,
    applies: isSignedIn,
  },
  'a person without roles': {
    using: { actor: async () => ({ ...person, roles: [] }) },
    status: 403,
    applies: ({ contract }) => contract.permission !== null,
  },
  'a token without a scope': { using: tokenOf(pipeline), status: 403, applies: isSignedIn },
  'a token beside a session': {
    using: tokenOf(pipeline),
    headers: { cookie: 'next-auth.session-token=x' },
    status: 400,
    applies: isSignedIn,
  },
  'too many refused tokens': {
    using: tokenOf(new OpsError('limit', 'Too many.')),
    status: 429,
    applies: isSignedIn,
  },
  'an address that names nothing': { badPath: true, status: 404, applies: refusesPath },
  'a parameter twice': { query: '?a=1&a=2', status: 422, applies: always },
  'a text that cannot be stored': { query: '?a=%00', status: 422, applies: always },
  'a body that is no JSON': { body: '{', status: 400, applies: hasBody },
  'a body of another type': {
    body: 'a=b',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    applies: hasBody,
  },
  'a body that is too large': { body: '1'.repeat(1_000_001), status: 413, applies: hasBody },
  // Where the address names nothing that comes first.
  'a body of another form': {
    body: '"text"',
    status: 422,
    applies: (of) => hasBody(of) && of.contract.params === undefined,
  },
  'no Idempotency-Key': {
    status: 422,
    applies: (of) => isSignedIn(of) && isWrite(of) && !hasBody(of) && of.contract.params === undefined,
  },
  'somebody was faster': { using: fails(new OpsError('conflict', 'So.')), status: 409, applies: isSignedIn },
  'not possible now': { using: fails(new OpsError('precondition', 'So.')), status: 409, applies: isSignedIn },
  'nothing of that name': {
    using: fails(new OpsError('not-found', 'None.')),
    status: 404,
    applies: (of) => isSignedIn(of) && (hasBody(of) || of.contract.query !== undefined),
  },
  'a database that is gone': { using: fails(databaseDown()), status: 503, applies: isSignedIn },
  'a mistake of ours': { using: fails(new TypeError('secret')), status: 500, applies: isSignedIn },
  'a mistake of ours, in public': { status: 500, applies: isPublic },
};

/** The wrapper with the contract of a listed route; its verb is never to be reached by what is sent. */
async function answer(of: Listed, sent: Provoked): Promise<Response> {
  const { audience, permission, tokens, input, params, query, output, status } = of.contract;
  const handler = route(
    {
      ...{ audience, permission, input, output, status },
      ...(tokens === null ? {} : { tokens }),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      handler: async () => {
        throw new TypeError('secret');
      },
    },
    {
      actor: async () => person,
      tokens: { current: async () => null, misused: async () => {} },
      db: () => {
        throw new Error('No database is to be asked.');
      },
      ownOrigin: () => own,
      ...sent.using,
    },
  );
  const request = new Request(`${own}/api/v1/things${sent.query ?? ''}`, {
    method: of.method,
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      origin: own,
      ...sent.headers,
    },
    ...(of.method === 'GET' || sent.body === undefined ? {} : { body: sent.body }),
  });
  return handler(request, { params: Promise.resolve(sent.badPath === true ? badParams(params) : {}) });
}

describe.each(listed)('$name', (of) => {
  const declared = declaredOf(of);

  test('declares what the wrapper answers', async () => {
    for (const [what, sent] of Object.entries(provoked)) {
      if (!sent.applies(of)) continue;
      const response = await answer(of, sent);
      expect([what, response.status]).toEqual([what, sent.status]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(Problem.parse(await response.json()).detail).not.toContain('secret');
      expect([...declared.keys()], what).toContain(String(sent.status));
      const repeats = response.headers.has('retry-after');
      expect(declared.get(String(sent.status))?.headers?.['Retry-After'] !== undefined, what).toBe(repeats);
    }
  });

  test('declares no error that cannot come, and each as a problem with a sentence', () => {
    const possible = Object.values(provoked).flatMap(({ status, applies }) => (applies(of) ? [status] : []));
    // What only the verb of a public route, or one that is named by its path alone, can say.
    const byVerb = [
      503,
      ...(of.contract.params === undefined && of.contract.query === undefined ? [] : [404]),
    ];
    for (const [status, { description, content }] of declared) {
      if (Number(status) < 400) continue;
      expect([...possible, ...byVerb].map(String)).toContain(status);
      expect(description.length).toBeGreaterThan(10);
      expect(content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });
});

test('every route is walked, and the form of an error stands in the document once', () => {
  expect(listed.length).toBeGreaterThanOrEqual(80);
  expect(document.components?.schemas?.['Problem']).toMatchObject({
    type: 'object',
    required: expect.arrayContaining(['type', 'title', 'status', 'detail', 'code', 'requestId']),
  });
  const reads = listed.filter(({ method }) => method === 'GET').length;
  expect([reads > 40, listed.length - reads > 20]).toEqual([true, true]);
});
