import { env } from '@/lib/core/env';
import { openApiDocument } from '@/lib/http/openapi';
import { route } from '@/lib/http/route';
import { routes } from './routes';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'This document',
  audience: 'public',
  input: null,
  output: null,
  handler: async () => Response.json(openApiDocument(routes, env().NEXTAUTH_URL ?? '/')),
});
