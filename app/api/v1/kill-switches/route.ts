import { PulledSwitch, PullSwitch, SwitchList } from '@/lib/change/switch/contract';
import { pullSwitch } from '@/lib/change/switch/pull-switch';
import { viewSwitches } from '@/lib/change/switch/view-switches';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const dynamic = 'force-dynamic';

export const GET = route({
  summary: 'FREEZE and BACK OUT switches that are pulled now.',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  output: SwitchList,
  handler: ({ actor }) => viewSwitches({ actor, config: config() }),
});

export const POST = route({
  summary: 'Pulls FREEZE or BACK OUT for a service, a cluster or everywhere; needs no approval.',
  audience: 'signed-in',
  input: PullSwitch,
  output: PulledSwitch,
  handler: ({ actor, input }) => pullSwitch({ actor, config: config(), input }),
});
