import { z } from 'zod';
import { ArchiveDetail } from '@/lib/archive/contract';
import { archiveDetail } from '@/lib/archive/view';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'One archive: every look at it with its evidence, and the files that it holds.',
  audience: 'signed-in',
  input: null,
  params: z.object({ archive: z.uuid() }),
  output: ArchiveDetail,
  handler: ({ params: { archive } }) => archiveDetail(archive),
});
