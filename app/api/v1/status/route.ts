import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';
import { StatusAdminView } from '@/lib/status/contract';
import { statusAdminView } from '@/lib/status/view';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'What the public status page shows, its messages, and what measurement proposes.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  output: StatusAdminView,
  handler: ({ actor }) => statusAdminView(config(), actor),
});
