import { formatDuration } from '@/lib/core/duration';
import { stateWords } from '../model';
import { strategyNames } from '../strategies';
import { tierStateWords, tierWords } from '../watch/words';
import type { ChangeCost, ObjectiveCost } from './contract';
import { outcomeWords } from './model';
import type { ChangeRecord } from './record-contract';
import { dataLines, type Line } from './record-data';

/** What somebody typed, in one line of Markdown: nothing in it is a heading, a link or the end of a cell. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map(plain).join(' | ')} |`),
];

/** A list with its heading; what stands there when it is empty. */
const part = (title: string, lines: readonly string[], empty: string): string[] => [
  '',
  `## ${title}`,
  '',
  ...(lines.length === 0 ? [empty] : lines),
];

function imageText({ version, image, digest }: ChangeRecord['from']): string {
  if (digest === null) return `${version} (${image}; digest not known: the plan names a tag)`;
  return image.endsWith(digest) ? `${version} (${image})` : `${version} (${image}; its pods ran ${digest})`;
}

const costWords: Record<Exclude<ChangeCost['state'], 'priced'>, string> = {
  'not-carried-out': 'Nothing was carried out, so nothing was spent.',
  'no-objective': 'The service has no objective in this environment.',
  'not-counted': 'Not known: nothing is counted for the time of the change.',
  'no-requests': 'It acts on a database and brings no version out, so no failed request is put down to it.',
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function costText({
  name,
  unit,
  failed,
  low,
  high,
  share,
  shareLow,
  shareHigh,
  ...more
}: ObjectiveCost): string {
  const count = (value: number) => String(Math.round(value * 10) / 10);
  const what = unit === 'slices' ? 'bad slices' : 'failed requests';
  const budget =
    share === null || shareLow === null || shareHigh === null
      ? ''
      : `; ${percent(share)} of the budget (${percent(shareLow)} to ${percent(shareHigh)})`;
  const remarks = [
    more.sharedWith.length > 0 ? 'shared with other causes' : '',
    more.isCounting ? 'still counting' : '',
    more.isGross ? 'all failures, since nothing was asked before it' : '',
    more.coverage < 0.995 ? `${Math.floor(100 * more.coverage)} % of its time is known` : '',
  ].filter((remark) => remark !== '');
  const end = remarks.length === 0 ? '' : `; ${remarks.join('; ')}`;
  return `- ${plain(name)}: ${count(failed)} ${what} (${count(low)} to ${count(high)}, 95 %)${budget}${end}`;
}

const reviewText = ({ dueAt, at: seenAt, by, note }: NonNullable<ChangeRecord['review']>): string =>
  seenAt === null
    ? `- Due by a lead until ${at(dueAt)}; nobody has looked at it yet.`
    : `- ${seenAt} ${plain(by ?? 'unknown')}: ${plain(note ?? 'no note')}`;

const partWords: Record<ChangeRecord['objects'][number]['part'], string> = {
  new: 'the new version',
  old: 'the old version',
  router: 'sends the requests',
  baseline: 'the old version, to compare with',
  maintenance: 'says whether requests are refused',
  autoscaler: 'keeps the pods of the old version',
};

const strategyText = (strategy: string): string =>
  Object.entries(strategyNames).find(([id]) => id === strategy)?.[1] ?? strategy;

/** Where it was measured, with what share, and what the old version did meanwhile. */
function besideText({
  region,
  share,
  baselineTotal,
  baselineFailed,
}: Pick<
  ChangeRecord['measurements'][number],
  'region' | 'share' | 'baselineTotal' | 'baselineFailed'
>): string {
  if (region === null) return '';
  const part = share === null ? '' : ` at ${percent(share)} of the requests`;
  const before =
    baselineTotal === null ? '' : `; the old version ${baselineFailed ?? 'unknown'} of ${baselineTotal}`;
  return `, ${region}${part}${before}`;
}

const at = (time: string | null): string => time ?? '–';

const imageLines = ({ from, to, undo, labels }: ChangeRecord): Line[] => [
  ['From', imageText(from)],
  ['To', imageText(to)],
  ['Way back', imageText(undo)],
  ['Label version', labels.version],
  ['Label deployment_date', at(labels.deployment_date)],
];

/** The deployment record for people: Markdown that reads as plain text too. Times are ISO 8601 in UTC. */
export function recordText(record: ChangeRecord): string {
  const { times, audit, cost } = record;
  const facts: Line[] = [
    ['Service', `${record.service.name} (${record.service.id})`],
    ['Kind', record.kind],
    ...(record.data === null ? [['Strategy', strategyText(record.strategy)] satisfies Line] : []),
    ['Environment', record.environment],
    [record.regions.length > 1 ? 'Regions, in order' : 'Region', record.regions.join(', ')],
    ['Workload', `${record.workload} in ${record.cluster}, ${record.namespace}`],
    ...(record.data === null ? imageLines(record) : dataLines(record.data, record.copy, record.restore)),
    ['State', stateWords[record.state]],
    ['Outcome', `${outcomeWords[record.outcome]}: ${record.sentence}`],
    ['Asked by', record.requester],
    ['Reason', record.reason],
    ['Ticket', record.ticket ?? '–'],
    ['Requested', times.requestedAt],
    ['Approved', at(times.approvedAt)],
    ['Started', at(times.startedAt)],
    ['Ended', at(times.finishedAt)],
    ['Duration', times.seconds === null ? '–' : formatDuration(times.seconds)],
    ['Policy', record.policy],
    ['Plan hash (SHA-256)', record.planHash],
    ['Plan hash counted again', record.planHashFits ? 'fits the plan' : 'DOES NOT FIT the plan'],
  ];
  return `${[
    `# Deployment record ${record.id}: ${plain(record.title)}`,
    '',
    ...facts.map(([name, value]) => `- ${name}: ${plain(value)}`),
    ...part(
      'Sign-offs',
      record.signOffs.map(({ roleName, name, decision, at: when, comment, voidedAt, voidReason }) => {
        const said = comment === null || comment === '' ? '' : `: ${plain(comment)}`;
        const taken = voidedAt === null ? '' : ` (taken back ${voidedAt}: ${plain(voidReason ?? '')})`;
        return `- ${when} ${plain(name)}, ${roleName}: ${decision}${said}${taken}`;
      }),
      'Nobody has signed.',
    ),
    ...(record.checks === null
      ? []
      : part(
          'Checks',
          record.checks.prechecks.map(
            ({ title, result, detail }) =>
              `- ${record.checks?.at} ${plain(title)}: ${result}; ${plain(detail)}`,
          ),
          'None.',
        )),
    ...(record.review === null ? [] : part('Review of the way back', [reviewText(record.review)], '')),
    ...part(
      'Objects',
      record.objects.map(
        ({ kind, cluster, namespace, name, part: of }) =>
          `- ${kind} ${namespace}/${name} in ${cluster}: ${partWords[of]}`,
      ),
      'None.',
    ),
    ...part(
      'Steps',
      table(
        ['n', 'step', 'state', 'started', 'ended', 'detail'],
        record.steps.map((step) => [
          String(step.n),
          step.title,
          step.state,
          at(step.startedAt),
          at(step.finishedAt),
          step.detail ?? '',
        ]),
      ),
      'No steps.',
    ),
    ...part(
      'Writes to the cluster',
      record.writes.map(
        ({ intendedAt, verb, target, result, onBehalfOf, epoch, intent }) =>
          `- ${intendedAt} ${verb} ${plain(target)}: ${result ?? 'outcome not known'}, for ${plain(onBehalfOf)}, epoch ${epoch}, intent ${plain(intent)}`,
      ),
      'Nothing was written.',
    ),
    ...part(
      'Commands',
      record.commands.map(
        ({ at: when, by, kind, reason, expectedStep, result }) =>
          `- ${when} ${plain(by)}: ${kind}${expectedStep === null ? '' : ` after step ${expectedStep}`} (${result ?? 'open'}): ${plain(reason)}`,
      ),
      'None.',
    ),
    ...part(
      'Log',
      record.log.map(({ at: when, kind, sentence }) => `- ${when} ${kind}: ${plain(sentence)}`),
      'Empty.',
    ),
    ...part(
      'Measurements of the guard',
      record.measurements.map(
        ({ at: when, verdict, failed, total, ...more }) =>
          `- ${when} ${verdict}: ${failed ?? 'unknown'} failed of ${total ?? 'unknown'}${besideText(more)}`,
      ),
      'None.',
    ),
    ...part(
      'Watch after it succeeded',
      record.watch.map(
        ({ seconds, state, endedAt, dueAt, detail }) =>
          `- ${endedAt ?? `due ${dueAt}`} ${tierWords(seconds)} after its end: ${tierStateWords[state]}${detail === null ? '' : `: ${plain(detail)}`}`,
      ),
      'None.',
    ),
    ...part(
      'Cost in error budget',
      cost.state === 'priced' ? cost.lines.map(costText) : [costWords[cost.state]],
      '–',
    ),
    ...part(
      'Audit log',
      [
        ...audit.entries.map(
          ({ seq, at: when, action, actor, result, leaf }) =>
            `- entry ${seq}, ${when} ${action} ${result}, ${plain(actor)}, leaf ${leaf}`,
        ),
        ...(audit.waiting > 0 ? [`- ${audit.waiting} more wait for their place in the log`] : []),
      ],
      'No entries.',
    ),
    ...(record.cut.length > 0 ? ['', `Cut to the first 10,000 each: ${record.cut.join(', ')}.`] : []),
    '',
    `Made ${record.madeAt}.`,
  ].join('\n')}\n`;
}
