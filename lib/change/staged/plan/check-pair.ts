import 'server-only';
import { z } from 'zod';
import { colours } from '@/lib/config/colours';
import type { DiffLine } from '../../contract';
import { diffLines } from '../../plan/diff';
import { isHealthy, readyNewPods, rolloutSentence, servingOldPods, troubles } from '../../rollout';
import { type JsonObject, JsonObjectSchema, PodTemplate, withImage } from '../../template';
import { podsWord } from '../../words';
import { type Finding, fail, pass, warn, worst } from './check';
import type { Work } from './work';

/** Which colour serves, with how much of the requests and how many pods. */
export function serving({ region, candidate, from, to, template }: Work): Finding {
  const parts = colours.map((colour) => {
    const share = Math.round(region.shares[colour] * 10) / 10;
    const isNew = colour === candidate;
    const version = isNew ? (template === null ? to.version : 'is free') : from.version;
    return `${colour}: ${share} % of the requests, ${podsWord(region.members[colour].live.replicas)}, ${version}`;
  });
  return pass(`${parts.join('; ')}.`);
}

/** What the way back leads to. */
export function health({ region, old, from }: Work): Finding {
  const { live } = region.members[old];
  const detail = troubles(live) ?? `${old}: ${rolloutSentence(live, from.version)}.`;
  return isHealthy(live) ? pass(detail) : warn(`${detail} The change will not go back to this by itself.`);
}

const Probes = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        name: z.string(),
        readinessProbe: z.json().optional(),
        livenessProbe: z.json().optional(),
      }),
    ),
  }),
});

/** Without a readiness probe a pod counts as ready before it can answer, and requests are sent to it. */
export function probes({ region, candidate, template, baseline }: Work): Finding {
  const { container } = region.target.placement;
  const own = probesOf(template ?? region.members[candidate].subset.template, container, candidate);
  const beside = baseline === null ? [] : [probesOf(baseline.template, container, 'the baseline')];
  return worst([own, ...beside], own);
}

export function probesOf(template: JsonObject, container: string, candidate: string): Finding {
  const { containers } = Probes.parse(template).spec;
  const mine = containers.find(({ name }) => name === container);
  if (mine?.readinessProbe === undefined) {
    return fail(
      `The container ${container} of ${candidate} has no readiness probe: its pods would count as ready before they can answer.`,
    );
  }
  return mine.livenessProbe === undefined
    ? warn(
        `The container ${container} of ${candidate} has no liveness probe: a pod that hangs is not restarted.`,
      )
    : pass(`The container ${container} of ${candidate} has a readiness and a liveness probe.`);
}

const Selector = z.looseObject({ selector: z.record(z.string(), z.string()).default({}) });

/** Each colour's own Service selects that colour alone, and has its pods as endpoints. */
export function services({ region, baseline }: Work): Finding {
  const findings = colours.map((colour): Finding => {
    const { deployment, service } = region.pair[colour];
    const object = region.services[colour];
    if (object === null) {
      return fail(`The Service ${service} of ${colour} is not there: nothing could be sent to it.`);
    }
    const wanted = Object.entries(Selector.parse(object.spec).selector);
    const selects = (one: 'blue' | 'green'): boolean => isChosen(wanted, region.members[one].subset.template);
    if (!selects(colour)) return fail(`The Service ${service} does not select the pods of ${deployment}.`);
    if (colours.every(selects)) return fail(`The Service ${service} selects the pods of both colours.`);
    if (baseline !== null && isChosen(wanted, baseline.template))
      return fail(
        `The Service ${service} selects the pods of the baseline, too: its weights would not be its own.`,
      );
    const { live } = region.members[colour];
    const ready = readyNewPods(live) + servingOldPods(live);
    return region.endpoints[colour] < ready
      ? warn(
          `${service} has ${region.endpoints[colour]} ready endpoints for ${podsWord(ready)} that are ready.`,
        )
      : pass(`${service}: ${region.endpoints[colour]} ready endpoints.`);
  });
  return worst([...findings, ...besideService(region, baseline), ...sharedService(region)], pass(''));
}

const isChosen = (selector: readonly [string, string][], template: JsonObject): boolean => {
  const labels = PodTemplate.parse(template).metadata?.labels ?? {};
  return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
};

/** Where the pods are the share, pods that its Service does not select get none: the old ones are stopped all the same. */
function sharedService({ pair, router, shared, members }: Work['region']): Finding[] {
  if (router !== null) return [];
  const { name } = pair.traffic;
  if (shared === null) return [fail(`The Service ${name} is not there: nobody would send to either colour.`)];
  const wanted = Object.entries(Selector.parse(shared.spec).selector);
  const left = colours.find((colour) => !isChosen(wanted, members[colour].subset.template));
  return left === undefined
    ? [pass(`${name}: the pods of both colours.`)]
    : [
        fail(
          `The Service ${name} does not select the pods of ${pair[left].deployment} (${left}): the share of a colour would not be that of its pods.`,
        ),
      ];
}

/** The baseline is compared by its own pods: nothing else may be behind its Service. */
function besideService(region: Work['region'], baseline: Work['baseline']): Finding[] {
  if (baseline === null) return [];
  const { deployment, service, template } = baseline;
  const object = region.baseline?.object ?? null;
  if (object === null) {
    return [fail(`The Service ${service} of the baseline is not there: nothing could be sent to it.`)];
  }
  const wanted = Object.entries(Selector.parse(object.spec).selector);
  if (!isChosen(wanted, template))
    return [fail(`The Service ${service} does not select the pods of ${deployment}.`)];
  const colour = colours.find((one) => isChosen(wanted, region.members[one].subset.template));
  return colour === undefined
    ? [pass(`${service}: the baseline alone.`)]
    : [fail(`The Service ${service} of the baseline selects the pods of ${colour}.`)];
}

const SHOWN_MAX = 4;

/** Settings that were changed on the serving colour alone would be lost with the switch. */
export function settings({ region, candidate, old, baseline }: Work): Finding {
  const { container } = region.target.placement;
  const plain = (template: JsonObject) =>
    JsonObjectSchema.parse(withImage(template, container, 'image'))['spec'];
  const templateOf = (colour: Work['old']) => region.members[colour].subset.template;
  const beside = baseline === null ? [] : diffLines(plain(templateOf(old)), plain(baseline.template));
  const told =
    beside.length === 0
      ? []
      : [
          warn(
            `The pod template of the baseline differs from that of ${old} in more than the version: ${shownOf(beside, old, 'the baseline')}. It would be compared with another thing than what serves.`,
          ),
        ];
  const own = settingsOf(diffLines(plain(templateOf(old)), plain(templateOf(candidate))), candidate, old);
  return worst([own, ...told], own);
}

function settingsOf(lines: readonly DiffLine[], candidate: string, old: string): Finding {
  if (lines.length === 0)
    return pass('The pod templates of both colours differ in nothing but their version.');
  return warn(
    `The pod templates differ in more than the version: ${shownOf(lines, old, candidate)}. What ${candidate} has will apply.`,
  );
}

function shownOf(lines: readonly DiffLine[], one: string, other: string): string {
  const shown = lines
    .slice(0, SHOWN_MAX)
    .map(({ path, before, after }) => `${path} (${short(before)} on ${one}, ${short(after)} on ${other})`);
  return `${shown.join(', ')}${lines.length > SHOWN_MAX ? `, and ${lines.length - SHOWN_MAX} more` : ''}`;
}

const short = (value: string | null): string =>
  value === null ? 'not set' : value.length > 40 ? `${value.slice(0, 37)}…` : value;

const RouteStatus = z.looseObject({
  parents: z
    .array(
      z.looseObject({
        conditions: z
          .array(
            z.looseObject({
              type: z.string(),
              status: z.string(),
              reason: z.string().default(''),
              observedGeneration: z.number().optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** A route that its gateway does not accept carries no weights (change-engine.md 1.5). */
export function accepted({ region }: Work): Finding {
  const { router } = region;
  if (router === null || router.kind !== 'HTTPRoute')
    return pass('Its state says nothing of being accepted.');
  const { generation } = router.object.metadata;
  const { parents } = RouteStatus.parse(router.object.status);
  if (parents.length === 0) {
    return warn(`No gateway says that it has accepted HTTPRoute ${router.name}.`);
  }
  const bad = parents.flatMap(({ conditions }) =>
    ['Accepted', 'ResolvedRefs'].flatMap((type) => {
      const found = conditions.find((one) => one.type === type);
      if (found === undefined) return type === 'Accepted' ? [`${type} is not told`] : [];
      if (found.status !== 'True') return [`${type} is ${found.status} (${found.reason})`];
      const isOld = (found.observedGeneration ?? generation) < generation;
      return isOld ? [`${type} is told of an earlier state of it`] : [];
    }),
  );
  return bad.length === 0
    ? pass(`HTTPRoute ${router.name} is accepted.`)
    : fail(`HTTPRoute ${router.name}: ${[...new Set(bad)].join(', ')}. Its weights would have no effect.`);
}

/** A paused Deployment rolls nothing out, forth or back; whoever paused it means something by it. */
export function paused({ region, baseline }: Work): Finding {
  const beside =
    baseline !== null && region.baseline?.now.subset.paused === true ? [baseline.deployment] : [];
  const names = [
    ...colours.flatMap((colour) =>
      region.members[colour].subset.paused ? [region.pair[colour].deployment] : [],
    ),
    ...beside,
  ];
  return names.length === 0
    ? pass('They roll freely.')
    : fail(`Somebody paused ${names.join(' and ')}; resume it first: a paused Deployment does not roll.`);
}
