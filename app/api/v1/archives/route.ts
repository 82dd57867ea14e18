import { Archives } from '@/lib/archive/contract';
import { archivesView } from '@/lib/archive/view';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary:
    'Archives of the configuration and of the audit log: the newest, how far it is proven, what was missed.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  output: Archives,
  handler: () => archivesView(config()),
});
