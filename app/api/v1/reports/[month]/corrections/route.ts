import { z } from 'zod';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { addCorrection } from '@/lib/slo/report/add-correction';
import { AddCorrection, Correction, Month } from '@/lib/slo/report/contract';

export const dynamic = 'force-dynamic';

export const POST = route({
  summary: 'Writes beside a closed month what was learned later; its frozen figures stay.',
  audience: 'signed-in',
  permission: 'report.correct',
  input: AddCorrection,
  params: z.object({ month: Month }),
  output: Correction,
  status: 201,
  handler: ({ actor, params, input, requestId }) =>
    addCorrection({ actor, config: config(), month: params.month, input, requestId }),
});
