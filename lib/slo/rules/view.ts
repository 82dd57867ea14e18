import 'server-only';
import type { Config } from '@/lib/config/schema';
import { env } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';
import { oldestPrometheus, readServer, ruleFile } from './rule-file';

export type RulesQuery = {
  slo: string;
  environment?: string | undefined;
  source?: string | undefined;
  prometheus?: string | undefined;
  feature?: string | undefined;
};

/** Where people reach the console, without a slash at its end; null when that is not configured. */
export const consoleUrl = (): string | null => env().NEXTAUTH_URL?.replace(/\/+$/, '') ?? null;

/**
 * The rule file of one objective. Throws OpsError `not-found` for names that the configuration does not have and
 * `precondition` where no rules can be made, with the reason.
 */
export function rulesView(
  config: Config,
  { prometheus, feature, ...ask }: RulesQuery,
): { text: string; name: string } {
  const server = readServer(prometheus ?? oldestPrometheus, feature === undefined ? [] : [feature]);
  const { text, rules, refused } = ruleFile(config, { ...ask, server, baseUrl: consoleUrl() });
  const name = [ask.slo, ask.environment ?? []].flat().join('-');
  if (rules > 0) return { text, name: `${name}.rules.yaml` };
  throw new OpsError('precondition', `There are no rules for this objective: ${refused.join(' ')}`, {
    next: 'Change what is named, or ask for another environment or version of Prometheus.',
  });
}
