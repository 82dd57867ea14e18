import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { ServiceDatabase } from '@/lib/database/contract';
import { serviceDatabaseView } from '@/lib/database/view';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'The database of a service in one region: sessions, connections, queries, replication, size and settings.',
  // Not for tokens: it names accounts, addresses and queries of people, which no pipeline needs.
  audience: 'signed-in',
  input: null,
  params: z.object({ service: Slug }),
  query: z.object({ environment: z.optional(Slug), region: z.optional(Slug) }),
  output: ServiceDatabase,
  handler: ({ params, query }) => serviceDatabaseView(config(), { ...params, ...query }),
});
