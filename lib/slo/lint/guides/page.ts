import type { Guide, GuideRule } from './guide';

const anchors: Record<string, string> = {
  'X-01': 'a rate compared with a share',
  'X-02': 'a quantile without buckets or rate',
  'X-03': 'rate() of a gauge',
  'X-04': 'raw counters divided',
  'X-05': 'different labels per side',
  'X-11': 'another severity than the SLI table',
  'X-24': 'a series that nobody exposes',
  'X-32': 'a leak told by a size',
  'X-34': 'a pool told by a number',
  'X-35': 'fields that are not those of Prometheus',
  'X-36': 'container resources that are no share',
  'X-37': 'severity, runbook, routes',
  'X-45': 'a summary taken for a histogram, names nobody exports',
};

/** The page of documentation: every rule of the guides beside its correction, with what was found and why. */
export function guidePage(guides: readonly Guide[]): string {
  const count = guides.reduce((sum, guide) => sum + guide.rules.length, 0);
  return [
    '# Rules of the guides',
    '',
    `The ${count} alert rules of the five guides as they came, and as they should be. \`npx signalbox rules lint FILE\` finds what is listed; the page is written from \`lib/slo/lint/guides\`, and tests hold that each original gives exactly these findings, each correction none, and that \`promtool check rules\` accepts every correction.`,
    '',
    '| finding | means |',
    '|---|---|',
    ...Object.entries(anchors).map(([id, words]) => `| ${id} | ${words} |`),
    '',
    'Where a guide names no severity, the correction takes it from the SLI table of guide 004, else from what the guide does about the alert.',
    '',
    ...guides.flatMap(section),
  ].join('\n');
}

function section({ guide, title, rules }: Guide): string[] {
  return [`## Guide ${guide}: ${title}`, '', ...rules.flatMap(row)];
}

function row({ id, findings, original, corrected, reason }: GuideRule): string[] {
  const name = /^(?:alert|name): (.+)$/m.exec(original)?.[1] ?? '';
  const found = [...new Set(findings)].join(', ');
  return [
    `### ${id} ${name}`,
    '',
    `${found === '' ? 'Nothing found' : `Found: ${found}`}. ${reason === 'Right as it is.' ? reason : reason.trim()}`,
    '',
    '<table><tr><th>original</th><th>corrected</th></tr><tr><td>',
    '',
    '```yaml',
    original.trimEnd(),
    '```',
    '',
    '</td><td>',
    '',
    '```yaml',
    corrected.trimEnd(),
    '```',
    '',
    '</td></tr></table>',
    '',
  ];
}
