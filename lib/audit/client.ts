import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson } from '@/lib/http/client';
import { AuditList, AuditVerification } from './contract';

/** The filter as the URL holds it; empty parts are left out. Times are ISO. */
export type AuditFilter = {
  actor?: string;
  action?: string;
  target?: string;
  change?: string;
  from?: string;
  to?: string;
  before?: string;
};

export const auditQuery = (filter: AuditFilter) =>
  queryOptions({
    queryKey: ['audit', 'list', filter],
    queryFn: ({ signal }) =>
      getJson(AuditList, `${api.audit()}?${new URLSearchParams(Object.entries(filter)).toString()}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** Checks every leaf against its entry: dear, so the server keeps its answer for a while. */
export const auditVerificationQuery = () =>
  queryOptions({
    queryKey: ['audit-verification'],
    queryFn: ({ signal }) => getJson(AuditVerification, api.auditVerification(), signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

/** Verifies the log as it is now. */
export const verifyAnew = () => getJson(AuditVerification, `${api.auditVerification()}?anew=true`);
