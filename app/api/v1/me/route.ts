import { Me } from '@/lib/access/contract';
import { viewMe } from '@/lib/access/view';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'Who is signed in, what they may do, and what waits for them',
  audience: 'signed-in',
  input: null,
  output: Me,
  handler: ({ actor }) => viewMe(actor),
});
