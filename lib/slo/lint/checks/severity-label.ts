import type { Entry, Finding, Rule } from '../model';

/** Words for the same thing, from the most to the least urgent. */
const vocabularies: readonly (readonly [
  critical: string,
  warning: string,
  info: string,
  ...more: string[],
])[] = [
  ['critical', 'warning', 'info', 'none'],
  ['page', 'ticket', 'ticket'],
  ['p1', 'p3', 'p4', 'p0', 'p2'],
  ['sev1', 'sev3', 'sev4', 'sev0', 'sev2', 'sev5'],
  ['high', 'medium', 'low'],
];

/** Where a word stands beside critical (0), warning (1) and info (2). `high` beside `critical` is not the highest. */
const urgency = new Map<string, number>([
  ...['critical', 'page', 'p0', 'p1', 'sev0', 'sev1'].map((word) => [word, 0] as const),
  ...['warning', 'high', 'medium', 'ticket', 'p2', 'p3', 'sev2', 'sev3'].map((word) => [word, 1] as const),
]);

const isSeverity = (key: string): boolean => /(^|_)(severity|priority|urgency)$/i.test(key);
const runbookKey = /^run_?book(_?link)?$|^runbookUrl$/i;

/**
 * X-37: Alertmanager routes by labels. A severity among the annotations reaches no route, a missing one none that asks
 * for it, and one of another vocabulary the wrong one. Looks at all rules together, for one team reads them together.
 */
export function severityJudge(rules: readonly Rule[]): (rule: Rule) => Finding[] {
  const alerts = rules.filter((rule) => rule.kind === 'alert');
  const reference = referenceOf(alerts);
  const hasUrl = alerts.some((rule) => rule.annotations.some((one) => one.key === 'runbook_url'));
  return (rule) =>
    rule.kind === 'alert' ? [...severityOf(rule, reference), ...runbookOf(rule, hasUrl)] : [];
}

type Reference = { words: readonly string[]; isMixed: boolean; spelled: ReadonlySet<string> };

const given = (rule: Rule): Entry | undefined =>
  rule.labels.find((one) => one.key === 'severity') ?? rule.annotations.find((one) => one.key === 'severity');

function referenceOf(alerts: readonly Rule[]): Reference {
  const values = alerts.flatMap((rule) => given(rule)?.field.value ?? []);
  const used = vocabularies
    .map((words) => ({ words, count: values.filter((value) => words.includes(value.toLowerCase())).length }))
    .filter(({ count }) => count > 0);
  const [common] = used.toSorted((a, b) => b.count - a.count);
  const words =
    used.find(({ words: [first] }) => first === 'critical')?.words ?? common?.words ?? vocabularies[0] ?? [];
  return { words, isMixed: used.length > 1, spelled: new Set(values) };
}

/** The word of the reference for a value of another vocabulary or another spelling; the value itself else. */
function normalised(value: string, { words, isMixed, spelled }: Reference): string {
  const lower = value.toLowerCase();
  if (words.includes(lower)) return spelled.has(lower) ? lower : value;
  const isKnown = vocabularies.some((one) => one.includes(lower));
  return isMixed && isKnown ? (words[urgency.get(lower) ?? 2] ?? value) : value;
}

function severityOf(rule: Rule, reference: Reference): Finding[] {
  const label = rule.labels.find((one) => one.key === 'severity');
  const annotation = rule.annotations.find((one) => isSeverity(one.key));
  const wanted = reference.words.slice(0, 3).join(', ');
  if (label === undefined && annotation !== undefined) {
    const value = normalised(annotation.field.value, reference);
    const other =
      value === annotation.field.value
        ? ''
        : ` "${annotation.field.value}" is none of ${wanted}, which the other rules say.`;
    return [
      {
        ...annotation.keyPlace,
        id: 'X-37',
        severity: 'error',
        rule: rule.name,
        says: `${annotation.key} stands under annotations: no route can see it.`,
        why: `Alertmanager's routes match labels; annotations are text for people.${other}`,
        corrected: { labels: { severity: value }, annotations: { [annotation.key]: null } },
      },
    ];
  }
  if (label === undefined)
    return rule.labels.some((one) => isSeverity(one.key))
      ? []
      : [
          {
            ...rule.place,
            id: 'X-37',
            severity: 'warning',
            rule: rule.name,
            says: 'The alert has no severity: a route that asks for one never gets it.',
            why: `Whether it wakes somebody is for you to say: labels: severity: with one of ${wanted}.`,
            corrected: null,
          },
        ];
  const value = normalised(label.field.value, reference);
  if (value === label.field.value || label.field.value.includes('{{')) return [];
  return [
    {
      ...label.field.place,
      id: 'X-37',
      severity: 'warning',
      rule: rule.name,
      says: `severity: ${label.field.value} is another word than the other rules use (${wanted}).`,
      why: 'Routes compare the text, letter by letter: what is named twice is routed twice, or not at all.',
      corrected: { labels: { severity: value } },
    },
  ];
}

function runbookOf(rule: Rule, hasUrl: boolean): Finding[] {
  const entry = rule.annotations.find((one) => runbookKey.test(one.key));
  if (entry === undefined || rule.annotations.some((one) => one.key === 'runbook_url')) return [];
  const isLink = /^https?:\/\//.test(entry.field.value) || entry.field.value.includes('{{');
  return [
    {
      ...entry.keyPlace,
      id: 'X-37',
      severity: hasUrl ? 'warning' : 'info',
      rule: rule.name,
      says: `${entry.key} is not what tools look for: they read runbook_url.`,
      why: `One key for all rules lets every message carry its link.${isLink ? '' : ` "${entry.field.value}" is no web address: put the full one in.`}`,
      corrected: { annotations: { [entry.key]: null, runbook_url: entry.field.value } },
    },
  ];
}
