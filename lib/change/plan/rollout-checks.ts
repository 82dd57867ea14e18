import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import type { DeployPlan, Precheck } from '../contract';
import type { Observed } from '../execute/observe';
import { isHeldByIncidents } from '../incident/incident-problem';
import { attempt, type Finding } from '../staged/plan/check';
import { keptInGit } from '../staged/plan/check-gitops';
import { incidents } from '../staged/plan/check-others';
import { probesOf } from '../staged/plan/check-pair';
import { JsonObjectSchema } from '../template';

type Metadata = Observed['deployment']['metadata'];
type Live = {
  deployment: { metadata: Pick<Metadata, 'annotations' | 'labels'> };
  subset: Pick<Observed['subset'], 'template'>;
};
type Parts = { config: Config; client: ClusterClient; observed: Live; plan: DeployPlan };

/** Of the pods that the change makes; a deploy that replaces the image leaves the probes as they are. */
const templateAfter = ({ write }: DeployPlan, { subset }: Live) =>
  write?.template === undefined ? subset.template : JsonObjectSchema.parse(JSON.parse(write.template));

/** Checks of a change of one Deployment that ask what a staged one is asked too (CHK-14). */
export function rolloutChecks({ config, client, observed, plan }: Parts): Promise<Precheck[]> {
  const { namespace, name, container } = plan.target;
  const asked: [string, string, () => Finding | Promise<Finding>][] = [
    [
      'gitops',
      'Nobody puts the writes back',
      () =>
        keptInGit(client, {
          object: { kind: 'Deployment', namespace, name },
          metadata: observed.deployment.metadata,
          // A deploy that replaces the image writes the template.
          members: Object.keys(plan.write ?? { template: '' }),
          hasHeader: false,
        }),
    ],
  ];
  // The pods of a scale are those that there are.
  if (plan.kind !== 'scale') {
    asked.push([
      'probes',
      'The new pods say when they are ready',
      () => {
        const found = probesOf(templateAfter(plan, observed), container, name);
        // What leads out of trouble or brings no other version is not kept from running by it.
        return found.result === 'fail' && plan.kind !== 'deploy' ? { ...found, result: 'warn' } : found;
      },
    ]);
  }
  // Who signs knows of them; one that is opened later ends the approval.
  if (isHeldByIncidents(plan))
    asked.push(['incidents', 'No incident is running', () => incidents(config, plan)]);
  return Promise.all(
    asked.map(async ([id, title, ask]) => ({ id, title, ...(await attempt(async () => ask())) })),
  );
}
