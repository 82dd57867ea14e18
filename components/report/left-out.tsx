import { Panel } from '@/components/ui/panel';
import { formatDuration } from '@/lib/core/duration';
import type { MonthReport, ReportLine } from '@/lib/slo/report/contract';
import { failuresText, levelText, lineName, listText, minutesText, shareText } from '@/lib/slo/report/words';
import { keepTogether, lineKey, metText } from './words';

/** What the figures leave out, with the figures as they would be with it; and what else must be known of a line. */
export function LeftOut({ data: { report } }: { data: MonthReport }) {
  const excluding = report.lines.filter(
    ({ without, exclusions }) => without !== null || exclusions.length > 0,
  );
  const remarks = remarksOf(report.lines);
  if (excluding.length === 0 && remarks.length === 0 && report.missing.length === 0) return null;
  return (
    <Panel title="Exclusions and remarks" className="mt-4">
      <div className="grid gap-3 px-3 py-2 max-sm:px-4">
        {report.missing.length === 0 ? null : (
          <Part title="Not final when it was frozen" sentences={report.missing} />
        )}
        {excluding.map((line) => (
          <Part key={lineKey(line)} title={lineName(line)} sentences={exclusionTexts(line)} />
        ))}
        {remarks.map(({ note, names }) => (
          <Part key={note} title={names} sentences={[note]} />
        ))}
      </div>
    </Panel>
  );
}

const Part = ({ title, sentences }: { title: string; sentences: readonly string[] }) => (
  <div>
    <h3 className="font-medium">{title}</h3>
    <ul className="max-w-[110ch] text-text-2">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  </div>
);

/** The same remark on several objectives is said once. */
function remarksOf(lines: readonly ReportLine[]): { note: string; names: string }[] {
  const noted = lines.flatMap((line) => line.notes.map((note) => ({ note, name: lineName(line) })));
  return [...Map.groupBy(noted, ({ note }) => note)].map(([note, all]) => ({
    note,
    names:
      all.length === lines.length && lines.length > 1
        ? 'All objectives'
        : listText(all.map(({ name }) => name)),
  }));
}

const exclusionTexts = (line: ReportLine): string[] => [
  ...line.exclusions.map(
    ({ reason, seconds, by }) =>
      `Excluded: ${reason} (${formatDuration(seconds)}, ${by ?? 'signalbox.yaml'})`,
  ),
  ...(line.without === null ? [] : [withoutText(line)]),
];

/** The same objective if nothing had been excluded. */
function withoutText({ without, target, excludedSeconds }: ReportLine): string {
  if (without === null) return '';
  const head = `${formatDuration(excludedSeconds)} are excluded.`;
  if (without.sli === null || without.spent === null) return `${head} Without exclusions there is no figure.`;
  const spent = `${minutesText(without.spent.seconds)} and ${failuresText(without.spent.failures)} failures`;
  return keepTogetherFigures(
    `${head} Without exclusions: ${levelText(without.sli, target)} %, ${metText(without).word.toLowerCase()}, ${shareText(without.spent.share ?? 0)} of the budget spent (${spent}).`,
  );
}

const keepTogetherFigures = (text: string): string =>
  text.replace(/\d (?=%|min)/g, (part) => keepTogether(part));
