import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { GroupKey } from '../page/contract';

export const exportFormats = ['csv', 'json', 'openslo'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** GET /api/v1/slos/{slo}/export?format= */
export const ExportQuery = z.object({
  environment: z.optional(Slug),
  group: z.optional(GroupKey),
  exclusions: z._default(z.enum(['on', 'off']), 'on'),
  format: z
    .enum(exportFormats)
    .check(
      z.describe('csv and json: the figures of the page; openslo: the objective as an OpenSLO document'),
    ),
});
export type ExportQuery = z.infer<typeof ExportQuery>;
