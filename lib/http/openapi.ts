import 'server-only';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { Problem } from './contract';
import { fullObject, fullSchema } from './full-schema';
import { isWrite } from './origin';
import type { RouteContract } from './registry';

/** A route as the document lists it: the path as Next names it, such as `/api/v1/changes/[change]`. */
export type ListedRoute = {
  path: string;
  methods: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', { contract: RouteContract }>>;
};

const IdempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .describe('A fresh random key with each new write, the same one when repeating it'),
});

const ProblemSchema = fullSchema(Problem);

/** The OpenAPI 3.1 document, made from the schemas that the routes enforce. */
export function openApiDocument(routes: readonly ListedRoute[], serverUrl: string) {
  const registry = new OpenAPIRegistry();
  for (const { path, methods } of routes) {
    for (const [method, handler] of Object.entries(methods)) {
      if (handler !== undefined) register(registry, path, method, handler.contract);
    }
  }
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'next-auth.session-token',
  });
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'Of a pipeline, made with npx signalbox tokens create: scopes read and plan',
  });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version: '1',
      description: 'The API of the console. Times are RFC 3339 in UTC.',
    },
    servers: [{ url: serverUrl }],
  });
}

function register(registry: OpenAPIRegistry, path: string, method: string, contract: RouteContract): void {
  const { input, params, query, output, audience, summary, status, permission, tokens } = contract;
  const signedIn = audience === 'signed-in';
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: ProblemSchema } },
  });
  registry.registerPath({
    method: methodOf(method),
    path: path.replaceAll(/\[(?:\.\.\.)?([^\]]+)\]/g, '{$1}'),
    ...(summary === undefined ? {} : { summary }),
    ...(permission === null ? {} : { description: `Needs the permission ${permission}.` }),
    ...(signedIn ? { security: [{ session: [] }, ...(tokens === null ? [] : [{ token: [tokens] }])] } : {}),
    request: {
      ...(params instanceof z.core.$ZodObject ? { params: fullObject(params) } : {}),
      ...(query instanceof z.core.$ZodObject ? { query: fullObject(query) } : {}),
      ...(signedIn && isWrite(method) ? { headers: IdempotencyHeader } : {}),
      ...(input === null ? {} : { body: { content: { 'application/json': { schema: fullSchema(input) } } } }),
    },
    responses: {
      [status]: {
        description: 'Done',
        ...(output === null ? {} : { content: { 'application/json': { schema: fullSchema(output) } } }),
      },
      ...(signedIn ? { 401: problem('Not signed in') } : {}),
      ...(permission === null ? {} : { 403: problem('Not allowed') }),
      ...(isWrite(method)
        ? { 409: problem('Somebody was faster, or not possible now'), 422: problem('Not valid') }
        : {}),
      503: problem('The database does not answer'),
    },
  });
}

function methodOf(method: string) {
  return z.enum(['get', 'post', 'put', 'patch', 'delete']).parse(method.toLowerCase());
}
