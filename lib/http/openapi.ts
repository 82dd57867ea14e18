import 'server-only';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { Problem } from './contract';
import { fullObject, fullSchema } from './full-schema';
import { isWrite } from './origin';
import { refusalsOf, retried } from './refusals';
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

const RetryHeader = z.object({
  'Retry-After': z.string().describe('Seconds after which asking again makes sense'),
});

/** Stands in the document once; every answer that is an error refers to it. */
const ProblemSchema = fullSchema(Problem).meta({ id: 'Problem' });

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
      ...Object.fromEntries(
        [...refusalsOf(method, contract)].map(([code, description]) => [
          code,
          {
            description,
            ...(retried.has(code) ? { headers: RetryHeader } : {}),
            content: { 'application/problem+json': { schema: ProblemSchema } },
          },
        ]),
      ),
    },
  });
}

function methodOf(method: string) {
  return z.enum(['get', 'post', 'put', 'patch', 'delete']).parse(method.toLowerCase());
}
