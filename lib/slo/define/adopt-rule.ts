import type { RecordingRule } from '@/lib/sources/prometheus/metadata';
import type { Adopted } from './adopt';
import { slothRatio } from './adopt-sloth';

/** Where a figure of another tool is made: the rule with its group and file, and how it fares. */
export type AdoptedRule = {
  name: string;
  query: string;
  group: string;
  file: string;
  labels: Record<string, string>;
  /** What Prometheus says when it cannot evaluate the rule. */
  failure: string | null;
};

/** The rules that make the figures of 5 minutes, whose names are known. */
export const adoptedRuleNames = [slothRatio, 'pyrra_errors:rate5m', 'pyrra_requests:rate5m'] as const;

const ruleOf = ({
  name,
  query,
  group,
  file,
  labels = {},
  health,
  lastError,
}: RecordingRule): AdoptedRule => ({
  name,
  query,
  group,
  file,
  labels,
  failure: health === 'err' ? (lastError ?? 'it gives no reason') : null,
});

/** The rules of an objective, of those of its server; none where another server records it. */
export function rulesOf(adopted: Adopted, rules: readonly RecordingRule[]): AdoptedRule[] {
  const isOwn = (labels: Record<string, string>): boolean => {
    if (adopted.tool === 'sloth') return labels['sloth_id'] === adopted.key;
    // A rule has the labels of its objective; others come from the series it reads.
    return (
      labels['slo'] === adopted.name &&
      Object.entries(labels).every(
        ([name, value]) => name === 'slo' || (adopted.labels[name] ?? value) === value,
      )
    );
  };
  return rules.filter(({ labels }) => isOwn(labels ?? {})).map(ruleOf);
}
