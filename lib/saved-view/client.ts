import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { type ChangeView, SavedView, SavedViews, type SaveView } from './contract';
import type { ViewPage } from './model';

export const viewsKey = (page: ViewPage) => ['views', page] as const;

/** The views of a page that the reader sees. */
export const viewsQuery = (page: ViewPage) =>
  queryOptions({
    queryKey: viewsKey(page),
    queryFn: ({ signal }) => getJson(SavedViews, api.views(page), signal),
    select: ({ views }) => views,
  });

export const saveView = (input: SaveView, key: string) => sendJson(SavedView, api.views(), input, key);

export const changeView = (view: string) => (input: ChangeView, key: string) =>
  sendJson(SavedView, api.view(view), input, key);

export const deleteView = (view: string, key: string) =>
  sendJson(z.null(), api.view(view), null, key, 'DELETE');
