import 'server-only';
import type { Colour } from '@/lib/config/colours';
import { placementsOf } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import type { Pair } from '@/lib/config/traffic';
import { mapReading, missing, type Reading } from '@/lib/core/reading';
import { readPlacement } from '@/lib/service/clusters';
import { pairOf } from '@/lib/service/pair';
import type { RegionTraffic } from './contract';
import { coloursNow } from './list-colours';
import { keptRegions } from './staged/kept';
import type { Staged } from './staged/staged-plan';
import type { StoredChange } from './stored';
import { wantedBaseline, wantedShare } from './wanted-share';

type Traffic = RegionTraffic['colours'];
type Changing = Pick<StoredChange, 'service' | 'environment' | 'backingOut' | 'plan' | 'outcome'>;

/** The colour that the plan brings in; null when the configuration names other Deployments than the plan. */
function newColour(staged: Staged, pair: Pair, region: string): Colour | null {
  const isNamed = (part: 'new' | 'old', name: string) =>
    staged.objects.some((one) => one.part === part && one.region === region && one.name === name);
  if (isNamed('new', pair.blue.deployment) || isNamed('old', pair.green.deployment)) return 'blue';
  if (isNamed('new', pair.green.deployment) || isNamed('old', pair.blue.deployment)) return 'green';
  return null;
}

/** What each region of a staged change sends where now, beside what the current step wants; for people. */
export function viewTraffic(
  config: Config,
  { service: id, environment, backingOut, plan, outcome }: Changing,
  steps: readonly { n: number; state: string }[],
): RegionTraffic[] {
  const { staged } = plan;
  if (staged === undefined) return [];
  const service = config.services.find((one) => one.id === id);
  const kept = outcome?.kept ?? keptRegions(staged, steps, outcome?.regions);
  return staged.regions.map((region) => {
    const placement = service && placementsOf(service, environment).find((each) => each.region === region);
    const pair = placement?.pair;
    const colour = pair === undefined ? null : newColour(staged, pair, region);
    if (placement === undefined || colour === null) {
      const detail = `signalbox.yaml no longer names the pair of this change in ${region}.`;
      return { region, colours: missing('not-configured', detail) };
    }
    const way = { backingOut: backingOut && !kept.includes(region) };
    const wanted = wantedShare(staged, way, steps, region);
    const beside = wantedBaseline(staged, way, steps, region);
    const now: Reading<Extract<Traffic, { state: 'fresh' }>['value']> = mapReading(
      coloursNow(config, placement),
      (both) =>
        (both ?? []).map((one) => {
          const isNew = one.colour === colour;
          return { ...one, part: isNew ? 'new' : 'old', wanted: isNew ? wanted : 1 - wanted - beside };
        }),
    );
    return { region, colours: now, ...besideOf(config, placement, staged, beside) };
  });
}

/** Only of a change that has one: in another the baseline of the pair is at rest. */
function besideOf(
  config: Config,
  placement: Placement,
  staged: Staged,
  wanted: number,
): Pick<RegionTraffic, 'baseline'> {
  const isIn = staged.objects.some(({ part, region }) => part === 'baseline' && region === placement.region);
  const pair = isIn ? pairOf(placement, readPlacement(config, placement)) : null;
  const now = pair === null || pair.state === 'missing' ? undefined : pair.value.baseline;
  if (now === undefined) return {};
  const { version, share, pods, ready } = now;
  const live = pods.filter(({ terminating }) => !terminating).length;
  return { baseline: { version, share: share === null ? null : share / 100, pods: live, ready, wanted } };
}
