import 'server-only';
import type { OnBehalfOf } from '@/lib/actuators/kubernetes/write';
import { canonicalJson } from '@/lib/audit/canonical';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { certificateCheck } from '../../certificates/check';
import type { DeployPlan, Precheck } from '../../contract';
import { backupCheck } from '../../plan/backup-gate';
import { imageChecks } from '../../plan/image-checks';
import { metricChecks } from '../../plan/metric-checks';
import { switchCheck } from '../../plan/prechecks';
import type { ResolvedImage } from '../../plan/resolve-image';
import { schemaCheck } from '../../plan/schema-check';
import type { Staged } from '../contract';
import { attempt, type Finding, forKind, joined } from './check';
import { autoscalers, disruptionBudget, quota, rights } from './check-cluster';
import { gitops } from './check-gitops';
import { lacksHeader, noHeader } from './check-header';
import { migrationChecks } from './check-migration';
import { incidents, otherChanges } from './check-others';
import { accepted, health, paused, probes, services, serving, settings } from './check-pair';
import { writesOf } from './objects';
import type { Work } from './work';

export type CheckParts = {
  config: Config;
  db: Database;
  plan: DeployPlan;
  staged: Staged;
  works: readonly Work[];
  onBehalfOf: OnBehalfOf;
  /** What a deploy brings; null for the kinds that bring nothing. */
  resolved: ResolvedImage | null;
};

/** The checks of this moment (CHK-14), every region asked and named where their answers differ. */
export async function stagedChecks(parts: CheckParts): Promise<Precheck[]> {
  const { config, db, plan } = parts;
  const one = async (id: string, title: string, run: () => Promise<Finding>): Promise<Precheck> => ({
    id,
    title,
    ...(await attempt(run)),
  });
  const all = await Promise.all([
    one('queue', 'No other change on these objects', () => otherChanges(db, plan)),
    switchCheck(db, plan),
    one('incidents', 'No incident is running', () => incidents(config, plan)),
    inEachRegion(parts),
    migrationChecks(parts.works[0], parts.staged.steps, parts.onBehalfOf),
    backupCheck(db, config, plan),
    schemaCheck(db, plan),
    images(parts),
    metrics(parts),
    certificateCheck(config, plan),
  ]);
  return forKind(
    plan,
    all.flat().filter((check) => check !== null),
  );
}

function inEachRegion(parts: CheckParts): Promise<Precheck[]> {
  const { staged, works, onBehalfOf } = parts;
  const { steps } = staged;
  const writtenIn = ({ region }: Work) =>
    staged.objects
      .filter((object) => object.region === region.region && writesOf(steps, object.key).length > 0)
      .map((object) => ({
        object,
        members: writesOf(steps, object.key).flatMap(({ set }) => Object.keys(set)),
      }));
  const capacityIn = ({ region }: Work) => staged.capacity.find((one) => one.region === region.region);
  const questions: [string, string, (work: Work) => Finding | Promise<Finding>][] = [
    ['colours', 'Which colour takes the requests', serving],
    ['healthy', 'What runs now is healthy', health],
    ['paused', 'Neither Deployment is paused', paused],
    [
      'rights',
      'The cluster lets us write',
      (work) =>
        rights(
          work,
          writtenIn(work).map(({ object }) => object),
          onBehalfOf,
        ),
    ],
    ['services', 'Each colour has its Service', services],
    ['probes', 'The new pods say when they are ready', probes],
    ['settings', 'The colours have the same settings', settings],
    ['route', 'The route is accepted', accepted],
    ['header', 'The new version can be tried first', noHeader],
    ['gitops', 'Nobody puts the writes back', (work) => gitops(work, writtenIn(work))],
    ['autoscaler', 'Autoscaler', autoscalers],
    ['quota', 'Room for the extra pods', (work) => quota(work, capacityIn(work))],
    ['disruption-budget', 'Disruption budget', disruptionBudget],
  ];
  const isPart = staged.strategy === 'canary' || staged.strategy === 'gradual';
  const wanted: Record<string, boolean> = {
    route: works.some(({ region }) => region.router?.kind === 'HTTPRoute'),
    header: isPart && works.some(lacksHeader),
  };
  const asked = questions.filter(([id]) => wanted[id] ?? true);
  return Promise.all(
    asked.map(async ([id, title, ask]) => {
      const findings = works.map(async (work) => ({
        region: work.region.region,
        finding: await attempt(async () => ask(work)),
      }));
      return joined(id, title, await Promise.all(findings));
    }),
  );
}

/** The image of the new version and of the way back, whose pods are those of the old colour in the first region. */
async function images({ config, plan, works, resolved }: CheckParts): Promise<Precheck[]> {
  const [work] = works;
  if (work === undefined) return [];
  const { live, subset } = work.region.members[work.old];
  const undo = { ...plan.undo, template: canonicalJson(subset.template) };
  const found = await imageChecks({
    config,
    plan: { ...plan, undo },
    lookup: resolved?.lookup ?? null,
    live,
  });
  // The pods of the other colour are there already: nothing is pulled for a shift to them.
  return plan.kind === 'shift' ? found.filter(({ id }) => id !== 'image') : found;
}

/** Whether the analysis will see in every region, and the error budget. */
async function metrics({ config, db, plan, works }: CheckParts): Promise<Precheck[]> {
  const [first, ...others] = works;
  const own = await metricChecks(config, db, plan);
  if (first === undefined || others.length === 0) return own;
  const rest = await Promise.all(
    others.map(async ({ region, from }) => ({
      region: region.region,
      found: await metricChecks(config, db, { ...plan, region: region.region, from }),
    })),
  );
  return own.map((check) =>
    check.id === 'guard'
      ? joined(check.id, check.title, [
          { region: first.region.region, finding: check },
          ...rest.flatMap(({ region, found }) =>
            found.filter(({ id }) => id === 'guard').map((finding) => ({ region, finding })),
          ),
        ])
      : check,
  );
}
