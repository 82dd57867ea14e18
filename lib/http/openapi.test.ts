import { describe, expect, test } from 'vitest';
import { z as full } from 'zod';
import * as z from 'zod/mini';
import { type ListedRoute, openApiDocument } from './openapi';
import type { RouteContract } from './registry';

const contract = (parts: Partial<RouteContract>): RouteContract => ({
  summary: undefined,
  audience: 'public',
  permission: null,
  tokens: null,
  input: null,
  params: undefined,
  query: undefined,
  output: null,
  status: 200,
  ...parts,
});
const listed = (parts: Partial<RouteContract>): ListedRoute[] => [
  { path: '/api/v1/things/[thing]', methods: { POST: { contract: contract(parts) } } },
];
const made = (parts: Partial<RouteContract>) =>
  openApiDocument(listed(parts), '/').paths?.['/api/v1/things/{thing}']?.post;
const answerOf = (output: RouteContract['output']) => {
  const answer = made({ output })?.responses?.['200'];
  return answer !== undefined && 'content' in answer
    ? answer.content?.['application/json']?.schema
    : undefined;
};

/** The same contract in both dialects; what it says to a reader must not depend on which one it is written in. */
const mini = z.object({
  id: z.uuid(),
  day: z.iso.date(),
  at: z.nullable(z.iso.datetime()).check(z.describe('When it ended')),
  link: z.optional(z.url()),
  name: z.string().check(z.trim(), z.minLength(3), z.maxLength(80), z.describe('What people call it')),
  tag: z.string().check(z.regex(/^c-\d+$/, 'must look like c-1')),
  count: z.int().check(z.minimum(0), z.describe('How many')),
  share: z.nullable(z.number().check(z.minimum(0), z.maximum(1))),
  state: z.enum(['open', 'closed']),
  version: z.literal(1),
  on: z._default(z.boolean(), true),
  limit: z._default(z.coerce.number().check(z.int(), z.maximum(200)), 50),
  labels: z.record(z.string(), z.union([z.string(), z.number()])),
  points: z.array(z.tuple([z.number(), z.nullable(z.number())])).check(z.maxLength(9)),
  value: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('some'), value: z.unknown() }),
  ]),
});
const classic = full.object({
  id: full.uuid(),
  day: full.iso.date(),
  at: full.iso.datetime().nullable().describe('When it ended'),
  link: full.url().optional(),
  name: full.string().trim().min(3).max(80).describe('What people call it'),
  tag: full.string().regex(/^c-\d+$/, 'must look like c-1'),
  count: full.int().min(0).describe('How many'),
  share: full.number().min(0).max(1).nullable(),
  state: full.enum(['open', 'closed']),
  version: full.literal(1),
  on: full.boolean().default(true),
  limit: full.coerce.number().int().max(200).default(50),
  labels: full.record(full.string(), full.union([full.string(), full.number()])),
  points: full.array(full.tuple([full.number(), full.number().nullable()])).max(9),
  value: full.discriminatedUnion('kind', [
    full.object({ kind: full.literal('none') }),
    full.strictObject({ kind: full.literal('some'), value: full.unknown() }),
  ]),
});

test('a contract of zod/mini is shown as one of the full zod is', () => {
  const shown = answerOf(mini);
  expect(shown).toMatchObject({ type: 'object', required: expect.arrayContaining(['id', 'at', 'value']) });
  expect(shown).toEqual(answerOf(classic));
});

test('every fact of a field is there', () => {
  expect(answerOf(mini)).toMatchObject({
    properties: {
      at: { type: ['string', 'null'], format: 'date-time', description: 'When it ended' },
      name: { type: 'string', minLength: 3, maxLength: 80, description: 'What people call it' },
      tag: { pattern: '^c-\\d+$' },
      count: { type: 'integer', minimum: 0 },
      state: { enum: ['open', 'closed'] },
      limit: { default: 50, maximum: 200 },
    },
  });
});

test('parameters of a path and a query are listed each', () => {
  const operation = made({
    params: z.object({ thing: z.string().check(z.describe('Its id')) }),
    query: z.object({ from: z.optional(z.iso.datetime()), limit: z._default(z.int(), 10) }),
  });
  expect(operation?.parameters).toMatchObject([
    { in: 'path', name: 'thing', required: true, description: 'Its id' },
    { in: 'query', name: 'from', required: false, schema: { format: 'date-time' } },
    { in: 'query', name: 'limit', required: false, schema: { type: 'integer', default: 10 } },
  ]);
});

test('a kind of schema that cannot be shown is an error and not a gap', () => {
  expect(() => answerOf(z.object({ at: z.date() }))).toThrow('date');
});

describe('the refusals of a route are the statuses that it can answer with', () => {
  const codes = (method: 'GET' | 'POST', parts: Partial<RouteContract>, path = '/api/v1/things/[thing]') => {
    const listed: ListedRoute = { path, methods: { [method]: { contract: contract(parts) } } };
    const item = openApiDocument([listed], '/').paths?.['/api/v1/things/{thing}'];
    const operation = method === 'GET' ? item?.get : item?.post;
    return Object.keys(operation?.responses ?? {}).map(Number);
  };
  const params = z.object({ thing: z.string() });
  const input = z.object({ reason: z.string() });

  test('a write of a signed-in person or a pipeline', () => {
    expect(codes('POST', { audience: 'signed-in', tokens: 'plan', params, input })).toEqual([
      200, 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503,
    ]);
  });

  test('a read: its query may be wrong, and nothing is written', () => {
    expect(codes('GET', { audience: 'signed-in', params })).toEqual([
      200, 400, 401, 403, 404, 409, 422, 429, 500, 503,
    ]);
  });

  test('a public read needs nobody', () => {
    expect(codes('GET', {})).toEqual([200, 422, 500, 503]);
  });

  test('each is a problem document', () => {
    const responses = made({ audience: 'signed-in' })?.responses ?? {};
    for (const [code, response] of Object.entries(responses)) {
      if (code === '200') continue;
      expect(Object.keys('content' in response ? (response.content ?? {}) : {}), code).toEqual([
        'application/problem+json',
      ]);
    }
  });
});
