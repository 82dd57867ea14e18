import { causeWords } from '../ledger/model';
import type { ReportDocument, ReportLine, Totals } from './contract';
import { coverageText, dateTimeText, levelText, lineName, listText, monthName, shareText } from './words';

type Told = Pick<ReportDocument, 'month' | 'environment' | 'timeZone' | 'lines' | 'missing'> & {
  /** Up to where it is counted while the month runs; null when it is over. */
  soFar: number | null;
};

/** So many objectives are named in a sentence; the table has all. */
const named = 5;
const wellKnown = 0.995;

const stateWords: Record<Totals['state'], string> = {
  'no-data': 'no data',
  'no-traffic': 'no traffic',
  'no-errors': 'no failures',
  ok: 'measured',
  invalid: 'contradicting counts',
  partial: 'known for less than half',
};

const some = (texts: readonly string[]): string =>
  texts.length <= named
    ? listText(texts)
    : `${texts.slice(0, named).join(', ')} and ${texts.length - named} more`;

function headSentences({ month, environment, timeZone, lines, soFar }: Told): string[] {
  const judged = lines.filter(({ isMet }) => isMet !== null);
  const met = judged.filter(({ isMet }) => isMet === true);
  const when =
    soFar === null
      ? `In ${monthName(month)} (${timeZone})`
      : `So far in ${monthName(month)}, until ${dateTimeText(timeZone, soFar)} ${timeZone},`;
  if (lines.length === 0) return [`${when} no objective was recorded in ${environment}.`];
  if (judged.length === 0) return [`${when} none of the objectives in ${environment} can be judged.`];
  const all = judged.length === lines.length ? '' : ` that can be judged`;
  const verb = soFar === null ? (met.length === 1 ? 'was' : 'were') : met.length === 1 ? 'is' : 'are';
  const inPart = met.filter(({ state }) => state === 'partial').length;
  const limits =
    inPart === 0
      ? ''
      : `, of which ${inPart} ${inPart === 1 ? 'is' : 'are'} known for less than half of the time`;
  return [
    `${when} ${met.length} of ${judged.length} objective${judged.length === 1 ? '' : 's'}${all} in ${environment} ${verb} met${limits}.`,
  ];
}

function missedSentence(line: ReportLine): string {
  const { sli, spent, target } = line;
  if (sli === null || spent === null) return '';
  const cause = line.byCause
    .filter((one) => one.cause !== 'unexplained' && one.failures > 0)
    .sort((a, b) => b.failures - a.failures)[0];
  const most =
    cause === undefined || spent.failures === 0
      ? 'none of it has a known cause'
      : `${shareText(cause.failures / spent.failures)} of it by ${causeWords[cause.cause].toLowerCase()}`;
  return `${lineName(line)} missed its target: ${levelText(sli, target)} % of ${target} %; ${shareText(spent.share ?? 0)} of its budget was spent, ${most}.`;
}

function dearestSentence(lines: readonly ReportLine[]): string[] {
  const [first] = lines
    .flatMap((line) => line.largest.map((cost) => ({ line, cost })))
    .sort((a, b) => (b.cost.share ?? 0) - (a.cost.share ?? 0));
  if (first === undefined) return [];
  const { line, cost } = first;
  const id = cost.change === null ? '' : ` (${cost.change})`;
  return [
    `What cost most was ${cost.title}${id}: ${shareText(cost.share ?? 0)} of the budget of ${lineName(line)}.`,
  ];
}

function coverageSentences({ lines, missing }: Told): string[] {
  const unknown = lines.filter(({ coverage, state }) => coverage < wellKnown && state !== 'no-data');
  const least = unknown.toSorted((a, b) => a.coverage - b.coverage)[0];
  const silent = lines.filter(({ isMet }) => isMet === null);
  const excluded = lines.filter(({ excludedSeconds }) => excludedSeconds > 0);
  return [
    ...(silent.length === 0
      ? []
      : [`Not judged: ${some(silent.map((line) => `${lineName(line)} (${stateWords[line.state]})`))}.`]),
    ...(least === undefined
      ? []
      : [
          `${unknown.length === 1 ? `${lineName(least)} is` : `${unknown.length} objectives are`} not known for all of that time; least known is ${lineName(least)}, with ${coverageText(least.coverage)}. What is not known counts neither as good nor as bad.`,
        ]),
    ...(excluded.length === 0
      ? []
      : [
          `Time was excluded from ${some(excluded.map(lineName))}; the figures without exclusions are below.`,
        ]),
    ...(missing.length === 0 ? [] : ['Frozen after the longest wait, though not all was final; see below.']),
  ];
}

/** The month in sentences, for who does not read the table. */
export function summaryOf(told: Told): string[] {
  const missed = told.lines.filter(({ isMet }) => isMet === false);
  const others = missed.length - named;
  return [
    ...headSentences(told),
    ...missed.slice(0, named).map(missedSentence),
    ...(others > 0 ? [`${others} more missed theirs; the table has all.`] : []),
    ...dearestSentence(told.lines),
    ...coverageSentences(told),
  ].filter((sentence) => sentence !== '');
}
