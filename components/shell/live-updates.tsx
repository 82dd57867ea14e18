'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { connectLive } from '@/lib/live/client';
import type { LiveEvent } from '@/lib/live/contract';
import { sourcesKey } from './sources';

type Changed = Extract<LiveEvent, { type: 'changed' }>;

/** Which queries each topic makes stale. The first element of a query key is its domain. */
const staleBy: Record<Changed['topic'], readonly string[]> = {
  cluster: ['overview', 'services', 'service', 'workloads', 'change'],
  change: [
    'overview',
    'changes',
    'change',
    'approvals',
    'services',
    'service',
    'service-charts',
    'slos',
    'slo',
    'me',
  ],
  plan: ['plan'],
  audit: ['audit', 'audit-verification'],
  status: ['status'],
  account: ['me'],
  alerts: ['overview', 'services', 'service', 'service-charts', 'slos', 'slo'],
};

/** A change or a plan is named by its id, or by none after a gap; other topics concern every query of their domains. */
const concerns = (event: Changed, queryKey: readonly unknown[]): boolean => {
  const [domain, id] = queryKey;
  if (typeof domain !== 'string' || !staleBy[event.topic].includes(domain)) return false;
  if (event.key === '') return true;
  return !(event.topic === domain && (domain === 'change' || domain === 'plan')) || id === event.key;
};

/**
 * Joins the browser's one event stream and refetches what it names. Events that come in a burst are
 * gathered for a moment, so that a rolling update does not refetch each page once per pod.
 */
export function LiveUpdates() {
  const queries = useQueryClient();
  // External system: the event stream shared by the tabs of this browser.
  useEffect(() => {
    let waiting: Changed[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const events = waiting;
      waiting = [];
      void queries.invalidateQueries({
        predicate: (query) => events.some((event) => concerns(event, query.queryKey)),
      });
    };
    const leave = connectLive().subscribe((event) => {
      if (event.type === 'sources') queries.setQueryData(sourcesKey, event.sources);
      if (event.type !== 'changed') return;
      waiting.push(event);
      timer ??= setTimeout(flush, 80);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [queries]);
  return null;
}
