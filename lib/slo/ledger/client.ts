import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { type AddEntry, type AddExclusion, EntryRow, LedgerView, WrittenExclusion } from './contract';

export type LedgerAsked = { environment: string; exclusions: 'applied' | 'ignored'; horizonHours: number };

/** What the budget was spent on; costs of a running change rise while one looks. */
export const ledgerQuery = (slo: string, asked: LedgerAsked) =>
  queryOptions({
    queryKey: ['slo-ledger', slo, asked],
    queryFn: ({ signal }) =>
      getJson(LedgerView, api.sloLedger(slo, { ...asked, horizonHours: String(asked.horizonHours) }), signal),
    refetchInterval: 30_000,
  });

export const addEntry = (slo: string) => (input: AddEntry, key: string) =>
  sendJson(EntryRow, api.sloEntries(slo), input, key);

export const addExclusion = (slo: string) => (input: AddExclusion, key: string) =>
  sendJson(WrittenExclusion, api.sloExclusions(slo), input, key);

export const voidEntry = (slo: string, entry: string) => (reason: string, key: string) =>
  sendJson(EntryRow, api.sloEntry(slo, entry), { reason }, key, 'DELETE');

export const voidExclusion = (slo: string, exclusion: string) => (reason: string, key: string) =>
  sendJson(WrittenExclusion, api.sloExclusion(slo, exclusion), { reason }, key, 'DELETE');
