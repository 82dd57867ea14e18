import { quote, type Selector } from '@/lib/sources/prometheus/queries';
import { durationText } from '../define/slo-form';
import type { Objective } from '../math/objective';
import type { BurnAlert } from './burn-alerts';
import { type WindowExprs, windowLength } from './period';
import { countSeconds, numeral, onOneLine } from './promql';

/** Words of the configuration inside a template of Prometheus: braces of theirs are no template. */
export const plainWords = (text: string): string => onOneLine(text).replaceAll('{{', '{{ "{{" }}');

/** A PromQL text inside a template, where a string has the escapes of Go as it has in PromQL. */
const templateString = quote;

/** ` (region {{ $labels.region }})`: which group an alert is about; empty for one figure. */
export function groupTemplate(groupBy: readonly string[]): string {
  const words = groupBy.map((label) => `${label} {{ $labels.${label} }}`).join(', ');
  return words === '' ? '' : ` (${words})`;
}

/** Burn above which a rule fires, in words: `14.4 (2 % of the budget in 1 h)`. */
function limitWords({ rule, isGuide }: BurnAlert, window: WindowExprs): string {
  const share = Number((rule.spent * 100).toFixed(2));
  const hours = rule.longSeconds / 3600;
  const factor = Number(rule.factor.toPrecision(4));
  const about = !isGuide && window.days !== null ? 'about ' : '';
  return `${about}${factor} (${share} % of the budget in ${hours} h)`;
}

export type BurnWords = {
  alert: BurnAlert;
  name: string;
  windowWords: string;
  groupBy: readonly string[];
  objective: Objective;
  window: WindowExprs;
  total: Selector;
  bad: Selector;
};

/** What a person reads who was woken: what happens to what, by which pair, and how long the budget lasts. */
export function burnAnnotations(words: BurnWords): { summary: string; description: string } {
  const { alert, name, groupBy, objective, windowWords, window } = words;
  const who = `${plainWords(name)}${groupTemplate(groupBy)}`;
  const origin = alert.isGuide ? ' of SLO-03' : '';
  return {
    summary: `${who} spends its error budget {{ $value | printf "%.1f" }} times as fast as it may`,
    description: [
      `The rule ${alert.rule.id}${origin} fired: over ${alert.spans} the burn rate was above ${limitWords(alert, window)},`,
      `now it is {{ $value | printf "%.1f" }}; the objective is ${objective.text} % over ${plainWords(windowWords)}.`,
      exhaustionTemplate(words),
    ].join(' '),
  };
}

/**
 * A sentence that Prometheus fills in while the alert fires: what is left of the budget, over the burn of now. The
 * whole window is read for it, so it is a query of the annotation and not of the rule; every tenth of the recorded
 * counts is enough, which do not overlap. What this Prometheus does not know of the window counts as free of
 * failures.
 */
function exhaustionTemplate({ groupBy, objective, window, total, bad }: BurnWords): string {
  const { elapsed, nominal } = window;
  const length = escapeFormat(windowLength(window));
  const range = elapsed === null ? durationText(nominal) : `%.0[${groupBy.length + 2}]fs`;
  const of = (selector: Selector) => `${withGroup(selector, groupBy)}[${range}:5m]`;
  // Failures over the events of a whole window at the mean of those that are known.
  const ratio = `sum_over_time(${of(bad)}) / avg_over_time(${of(total)}) * ${countSeconds} / (${length})`;
  const left = `(1 - ${ratio} / ${numeral(objective.budget)}) * ${length} / %[${groupBy.length + 1}]v`;
  const labels = groupBy.map((label) => ` $labels.${label}`).join('');
  const since = elapsed === null ? '' : ' ($elapsed | first | value)';
  const ask = `printf ${templateString(left)}${labels} $value${since} | query`;
  const told = [
    `{{ with ${ask} }}{{ $left := . | first | value }}`,
    '{{ if gt $left 0.0 }}At this burn what is left of the budget lasts {{ $left | humanizeDuration }}.',
    '{{ else }}The budget is already spent.{{ end }}',
    '{{ else }}How long the budget lasts cannot be told yet.{{ end }}',
  ].join('');
  if (elapsed === null) return told;
  // A period that has just begun has no range to look back over.
  const begun = templateString(`clamp_min(${elapsed}, 300)`);
  return `{{ $elapsed := query ${begun} }}${told}`;
}

/** The format of printf has per cent signs of its own. */
const escapeFormat = (text: string): string => text.replaceAll('%', '%%');

/** The selector of an alert's own group: `%[1]q` is its first group label, quoted. */
function withGroup({ text }: Selector, groupBy: readonly string[]): string {
  const matchers = groupBy.map((label, index) => `,${label}=%[${index + 1}]q`).join('');
  return `${escapeFormat(text).slice(0, -1)}${matchers}}`;
}

export const absentAnnotations = (name: string, groupBy: readonly string[], what: string) => ({
  summary: `${plainWords(name)}${groupTemplate(groupBy)} is not measured`,
  description: `Prometheus has no series of ${plainWords(what)}. Nothing can be said about the objective until they are back: either nothing is running, or it is not scraped, or the series have other names now.`,
});

export const impossibleAnnotations = (name: string, groupBy: readonly string[]) => ({
  summary: `${plainWords(name)}${groupTemplate(groupBy)} counts what cannot be`,
  description:
    'Over the last hour more events were good or bad than there were events at all. The series of the objective do not belong together, so its other alerts mean nothing until they do.',
});
