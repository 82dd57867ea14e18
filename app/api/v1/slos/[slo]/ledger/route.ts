import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { LedgerQuery, LedgerView } from '@/lib/slo/ledger/contract';
import { ledgerView } from '@/lib/slo/ledger/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'What the budget of an objective was spent on in its window: changes, entries, and the rest.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: LedgerQuery,
  output: LedgerView,
  handler: ({ actor, params, query }) => ledgerView(config(), { ...params, ...query }, actor),
});
