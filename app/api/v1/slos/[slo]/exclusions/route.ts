import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { seenAnew } from '@/lib/slo/fleet/poll';
import { addExclusion } from '@/lib/slo/ledger/add-exclusion';
import { AddExclusion, WrittenExclusion } from '@/lib/slo/ledger/contract';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Leaves the events of a span out of an objective, once or again and again.',
  audience: 'signed-in',
  permission: 'slo.exclude',
  input: AddExclusion,
  params: z.object({ slo: Slug }),
  output: WrittenExclusion,
  status: 201,
  handler: ({ actor, params, input, requestId }) =>
    seenAnew(addExclusion({ actor, config: config(), slo: params.slo, input, requestId })),
});
