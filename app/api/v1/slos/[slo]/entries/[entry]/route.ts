import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { seenAnew } from '@/lib/slo/fleet/poll';
import { EntryRow, VoidWritten } from '@/lib/slo/ledger/contract';
import { voidEntry } from '@/lib/slo/ledger/void-entry';

export const dynamic = 'force-dynamic';

export const DELETE = route({
  summary: 'Voids an entry of the ledger; it stays to be seen and no longer counts.',
  audience: 'signed-in',
  permission: 'slo.account',
  input: VoidWritten,
  params: z.object({ slo: Slug, entry: z.uuid() }),
  output: EntryRow,
  handler: ({ actor, params, input, requestId }) =>
    seenAnew(voidEntry({ actor, config: config(), slo: params.slo, id: params.entry, input, requestId })),
});
