import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import {
  CopiesLetGo,
  type LetCopiesGo,
  type PinCopy,
  PinnedCopy,
  RetentionList,
  type UnpinCopy,
} from './contract';

/** What retention says of each copy; a worker looks at the folders twice a minute. */
export const retentionQuery = (environment: string) =>
  queryOptions({
    queryKey: ['backup-retention', environment],
    queryFn: ({ signal }) => getJson(RetentionList, api.backupRetention(environment), signal),
    refetchInterval: 30_000,
  });

export const pinCopy = (copy: string) => (input: PinCopy, key: string) =>
  sendJson(PinnedCopy, api.backupPins(copy), input, key);

export const unpinCopy = (copy: string) => (input: UnpinCopy, key: string) =>
  sendJson(PinnedCopy, api.backupUnpin(copy), input, key);

export const letCopiesGo = (database: string) => (input: LetCopiesGo, key: string) =>
  sendJson(CopiesLetGo, api.backupLetGo(database), input, key);
