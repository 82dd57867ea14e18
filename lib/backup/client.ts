import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { Backups, CopyDetail } from './contract';

/** The databases of an environment and how their copies stand. */
export const backupsQuery = (environment: string) =>
  queryOptions({
    queryKey: ['backups', environment],
    queryFn: ({ signal }) => getJson(Backups, api.backups(environment), signal),
    refetchInterval: 30_000,
  });

/** One copy with its checks, their evidence and what the tools said. */
export const copyQuery = (copy: string) =>
  queryOptions({
    queryKey: ['backups', 'copy', copy],
    queryFn: ({ signal }) => getJson(CopyDetail, api.backupCopy(copy), signal),
    refetchInterval: 60_000,
  });
