import { ReleasedSwitch, ReleaseSwitch, SwitchParams } from '@/lib/change/switch/contract';
import { releaseSwitch } from '@/lib/change/switch/release-switch';
import { config } from '@/lib/config/load';
import { route } from '@/lib/http/route';

export const POST = route({
  summary: 'Asks for the release of a switch, or confirms what another person asked for.',
  audience: 'signed-in',
  input: ReleaseSwitch,
  params: SwitchParams,
  output: ReleasedSwitch,
  handler: ({ actor, params, input }) =>
    releaseSwitch({ actor, config: config(), id: params.switch, reason: input.reason }),
});
