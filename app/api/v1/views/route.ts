import { database } from '@/lib/db/client';
import { route } from '@/lib/http/route';
import { SavedView, SavedViews, SavedViewsQuery, SaveView } from '@/lib/saved-view/contract';
import { saveView } from '@/lib/saved-view/save-view';
import { listViews } from '@/lib/saved-view/store';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'The saved views of a page: those of the reader and those that others share.',
  audience: 'signed-in',
  input: null,
  query: SavedViewsQuery,
  output: SavedViews,
  handler: async ({ actor, query }) => ({ views: await listViews(database(), actor, query.page) }),
});

export const POST = route({
  summary: 'Saves a view of a page under a name, for oneself or for everybody.',
  audience: 'signed-in',
  input: SaveView,
  output: SavedView,
  status: 201,
  handler: ({ actor, input, requestId }) => saveView({ actor, input, requestId }),
});
