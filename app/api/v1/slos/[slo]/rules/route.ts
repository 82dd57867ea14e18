import { z } from 'zod';
import { config } from '@/lib/config/load';
import { Slug } from '@/lib/core/ids';
import { route } from '@/lib/http/route';
import { rulesView } from '@/lib/slo/rules/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'Prometheus recording and alert rules of one objective as YAML, as signalbox rules prints them.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: z.object({ slo: Slug }),
  query: z.object({
    environment: z.optional(Slug),
    source: z.optional(Slug).describe('Only what this Prometheus of the configuration answers for'),
    prometheus: z.optional(z.string().max(20)).describe('The version that shall load them: 2.42 or 3.x'),
    feature: z
      .enum(['native-histograms'])
      .optional()
      .describe('A feature that this Prometheus was started with'),
  }),
  output: null,
  handler: async ({ params, query }) => {
    const { text, name } = rulesView(config(), { ...params, ...query });
    return new Response(text, {
      headers: {
        'Content-Type': 'text/yaml; charset=utf-8',
        'Content-Disposition': `attachment; filename="${name}"`,
      },
    });
  },
});
