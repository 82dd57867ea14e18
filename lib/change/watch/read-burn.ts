import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { judgeSlo } from '@/lib/slo/fleet/figures';
import { knownNow } from '@/lib/slo/fleet/known-now';
import { slosIn } from '@/lib/slo/fleet/read';

/** How fast the objectives of a service spend their budgets now: the fastest of them, and whether one would page. */
export async function readBurn(
  db: DatabaseOrTransaction,
  config: Config,
  { service, environment }: { service: string; environment: string },
): Promise<{ burn: number | null; isBurning: boolean }> {
  const slos = slosIn(config, environment).filter((slo) => slo.service === service);
  if (slos.length === 0) return { burn: null, isBurning: false };
  const { known } = await knownNow(db, config, environment, slos);
  const judged = known.map((one) => judgeSlo(one, one.whole));
  const rates = judged.map(({ burn1h }) => burn1h).filter((burn) => burn !== null);
  return {
    burn: rates.length === 0 ? null : Math.max(...rates),
    isBurning: judged.some(({ pairs }) =>
      pairs.some(({ firing, rule }) => firing && rule.severity === 'page'),
    ),
  };
}
