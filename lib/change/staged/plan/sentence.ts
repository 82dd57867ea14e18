import type { DeployPlan } from '../../plan-contract';
import { podsWord, undoWords, whatOf } from '../../words';
import type { MigrationClass, Staged } from '../contract';

/** The effect of a plan over a pair of colours, and its way back, in one sentence. */
export function stagedSentence(plan: DeployPlan, staged: Staged, serviceName: string): string {
  const job = staged.steps.find((step) => step.do === 'job');
  const kind = job?.do === 'job' ? job.class : null;
  const migration = kind === null ? '' : ` The database is migrated when the new pods are ready (${kind}).`;
  const back = backWords(plan, kind);
  const beside = staged.objects.some(({ part }) => part === 'baseline')
    ? ` Up to 50 % it is compared with a baseline: as many pods of ${plan.from.version}, as new, with the same part of the requests.`
    : '';
  return `${effectOf(plan, staged, serviceName)}, and ${back}.${beside}${migration}${maintenanceWords(staged)}`;
}

function backWords(plan: DeployPlan, migration: MigrationClass | null): string {
  const what = whatOf(plan);
  if (plan.kind === 'rollback') return 'is not undone by itself';
  if (!what.undoIsKnownGood) return 'never goes back by itself, since what runs now is not healthy';
  if (migration !== null && migration !== 'reversible')
    return 'never goes back by itself once the database is migrated';
  return `goes back to ${plan.kind === 'shift' ? undoWords(what) : plan.undo.version} when the analysis fails`;
}

function effectOf(plan: DeployPlan, staged: Staged, serviceName: string): string {
  const { from, to, replicas } = plan;
  const isAtOnce = staged.strategy === 'big-bang';
  const where = staged.regions.join(isAtOnce ? ' and ' : ', then ');
  const place = `${serviceName} in ${plan.environment} (${where})`;
  switch (plan.kind) {
    case 'shift':
      return `Sends ${plan.effect?.to} of the requests for ${place} to ${to.version}`;
    case 'rollback':
      return `Sends all requests for ${place} from ${from.version} back to ${to.version}`;
    default: {
      const parts = partsOf(staged);
      const all = isAtOnce ? 'all requests at once' : 'all requests';
      const way = [...parts, all].join(', then ');
      const pods = staged.regions.length > 1 ? `${podsWord(replicas)} per region` : podsWord(replicas);
      return `Starts ${pods} of ${to.version} beside ${from.version} for ${place} and sends it ${way}`;
    }
  }
}

/** `5 %`, `25 %`: the parts at which the first region is held. */
function partsOf({ steps, regions }: Staged): string[] {
  const shares = steps.flatMap((step) =>
    step.do === 'hold' && step.region === regions[0] && step.share < 1 ? [step.share] : [],
  );
  return [...new Set(shares)].map((share) => `${Math.round(share * 1000) / 10} %`);
}

/** never zero downtime and maintenance at once, without a word. */
function maintenanceWords({ objects }: Staged): string {
  const regions = objects.filter(({ part }) => part === 'maintenance').map(({ region }) => region);
  if (regions.length === 0) return '';
  return ` All requests fail in ${regions.join(' and ')} from before the migration until the new version gets its first requests: maintenance mode, which the status page tells.`;
}
