import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { seenAnew } from '@/lib/slo/fleet/poll';
import { VoidWritten, WrittenExclusion } from '@/lib/slo/ledger/contract';
import { voidExclusion } from '@/lib/slo/ledger/void-exclusion';

export const dynamic = 'force-dynamic';

export const DELETE = route({
  summary: 'Voids an exclusion: the events of its spans count again, those of the past too.',
  audience: 'signed-in',
  permission: 'slo.exclude',
  input: VoidWritten,
  params: z.object({ slo: Slug, exclusion: z.uuid() }),
  output: WrittenExclusion,
  handler: ({ actor, params, input, requestId }) =>
    seenAnew(
      voidExclusion({ actor, config: config(), slo: params.slo, id: params.exclusion, input, requestId }),
    ),
});
