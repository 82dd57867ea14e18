import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { ExportQuery } from '@/lib/slo/export/contract';
import { exportSlo } from '@/lib/slo/export/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The figures of an objective as CSV or JSON, or the objective as an OpenSLO document.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: ExportQuery,
  output: null,
  handler: async ({ actor, params, query }) => {
    const { text, type, name } = await exportSlo(config(), { ...params, ...query }, actor);
    return new Response(text, {
      headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` },
    });
  },
});
