import { queryOptions } from '@tanstack/react-query';
import { api } from '@/lib/core/paths';
import { getJson, sendJson } from '@/lib/http/client';
import { PulledSwitch, type PullSwitch, ReleasedSwitch, SwitchList } from './contract';

/** Read again with the changes: whoever pulls a switch moves those. */
export const switchesQuery = () =>
  queryOptions({
    queryKey: ['changes', 'switches'],
    queryFn: ({ signal }) => getJson(SwitchList, api.killSwitches(), signal),
    refetchInterval: 15_000,
  });

export const pullSwitch = (input: PullSwitch, key: string) =>
  sendJson(PulledSwitch, api.killSwitches(), input, key);
export const releaseSwitch = ({ id, reason }: { id: string; reason: string }, key: string) =>
  sendJson(ReleasedSwitch, api.releaseSwitch(id), { reason }, key);
