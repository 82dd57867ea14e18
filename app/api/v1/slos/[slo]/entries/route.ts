import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { seenAnew } from '@/lib/slo/fleet/poll';
import { addEntry } from '@/lib/slo/ledger/add-entry';
import { AddEntry, EntryRow } from '@/lib/slo/ledger/contract';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Writes into the ledger of an objective what its budget was spent on.',
  audience: 'signed-in',
  permission: 'slo.account',
  input: AddEntry,
  params: z.object({ slo: Slug }),
  output: EntryRow,
  status: 201,
  handler: ({ actor, params, input, requestId }) =>
    seenAnew(addEntry({ actor, config: config(), slo: params.slo, input, requestId })),
});
