import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { ArchiveDetail, Archives } from './contract';

/** How the archives of the configuration and of the audit log stand. */
export const archivesQuery = () =>
  queryOptions({
    queryKey: ['archives'],
    queryFn: ({ signal }) => getJson(Archives, api.archives(), signal),
    refetchInterval: 30_000,
  });

/** One archive with its checks and their evidence. */
export const archiveQuery = (archive: string) =>
  queryOptions({
    queryKey: ['archives', archive],
    queryFn: ({ signal }) => getJson(ArchiveDetail, api.archive(archive), signal),
    refetchInterval: 60_000,
  });
