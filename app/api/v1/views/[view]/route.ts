import { z } from 'zod';
import { route } from '@/lib/http/route';
import { changeView } from '@/lib/saved-view/change-view';
import { ChangeView, SavedView } from '@/lib/saved-view/contract';
import { deleteView } from '@/lib/saved-view/delete-view';

export const dynamic = 'force-dynamic';

const params = z.object({ view: z.uuid() });

export const POST = route({
  summary:
    'Renames a saved view, changes what it shows, shares it or ends that. For its owner, and leads when shared.',
  audience: 'signed-in',
  input: ChangeView,
  params,
  output: SavedView,
  handler: ({ actor, params: { view }, input, requestId }) =>
    changeView({ actor, id: view, input, requestId }),
});

export const DELETE = route({
  summary: 'Deletes a saved view. For its owner, and leads when shared.',
  audience: 'signed-in',
  input: null,
  params,
  output: z.null(),
  status: 204,
  handler: async ({ actor, params: { view }, requestId }) => {
    await deleteView({ actor, id: view, requestId });
    return null;
  },
});
