import type { Service } from '@/lib/config/service';
import { type Slo, timeSlices } from '@/lib/config/slo';
import { messageOf } from '@/lib/core/errors';
import { paths } from '@/lib/core/paths';
import { groupLabels, type IndicatorQueries, indicatorOf } from '../define/indicator';
import { durationText } from '../define/slo-form';
import { absentWaitSeconds } from '../math/burn';
import { objectiveOf } from '../math/objective';
import { absentOf } from './absent';
import { absentAnnotations, burnAnnotations, impossibleAnnotations } from './annotations';
import { burnAlerts } from './burn-alerts';
import { countExprs } from './counts';
import { windowExprs } from './period';
import {
  badMetric,
  impossibleOver,
  recordedCount,
  recordSeconds,
  ticketSeconds,
  totalMetric,
} from './promql';
import { limitNotes, refusalOf, servedRegions } from './refusal';
import { type Labels, type ObjectiveAsk, type Rule, type RuleGroup, windowText } from './rule';

/** Rules of an objective, or why there are none; notes say what the rules cannot do. */
export type ObjectiveRules = { groups: RuleGroup[]; notes: string[] } | { refused: string };

type Severity = 'page' | 'ticket';

/** The rule groups of one objective in one environment: counts and pages every 30 s, tickets every 2 min. */
export function objectiveRules(ask: ObjectiveAsk): ObjectiveRules {
  const { service, slo, environment } = ask;
  const served = servedRegions(ask);
  let indicator: IndicatorQueries;
  try {
    indicator = indicatorOf(service, slo, environment);
  } catch (error) {
    return { refused: messageOf(error) };
  }
  const refused = refusalOf(ask, indicator, served);
  if (refused !== null) return { refused };
  const histogram = slo.indicator !== 'availability' && slo.indicator.kind === 'latency';
  const name = `${nameOf(service, slo)} in ${environment}`;
  const made = burnRulesOf(ask, name);
  const group = `signalbox:${slo.id}:${environment}`;
  const groups = [
    {
      name: group,
      interval: durationText(recordSeconds),
      rules: [
        ...countRules(ask, indicator, histogram),
        ...made.burns('page'),
        absentRule(ask, name, absentOf(ask, indicator, histogram, served.regions)),
      ],
    },
    {
      name: `${group}:tickets`,
      interval: durationText(ticketSeconds),
      rules: [
        ...made.burns('ticket'),
        // Slices, probes and native histograms are made so that they cannot contradict themselves.
        ...(indicator.kind === 'counters' && timeSlices(slo) === null ? [impossibleRule(ask, name)] : []),
      ],
    },
  ];
  return {
    groups: groups.filter(({ rules }) => rules.length > 0),
    notes: [...made.notes, ...limitNotes(ask, served)],
  };
}

const labelsOf = ({ service, slo, environment }: ObjectiveAsk): Labels => ({
  slo: slo.id,
  service: service.id,
  environment,
});

const countsOf = ({ slo, environment }: ObjectiveAsk) => ({
  total: recordedCount(totalMetric, slo.id, environment),
  bad: recordedCount(badMetric, slo.id, environment),
});

function countRules(ask: ObjectiveAsk, indicator: IndicatorQueries, histogram: boolean): Rule[] {
  const { total, bad } = countExprs(indicator, timeSlices(ask.slo), histogram);
  const labels = labelsOf(ask);
  return [
    { record: totalMetric, expr: total.text, labels },
    { record: badMetric, expr: bad.text, labels },
  ];
}

function alertRule(
  ask: ObjectiveAsk,
  alert: string,
  expr: string,
  own: { severity: Severity; pair?: string; window?: string },
  says: Labels,
  wait?: string,
): Rule {
  return {
    alert,
    expr,
    ...(wait === undefined ? {} : { for: wait }),
    labels: { ...labelsOf(ask), ...own },
    annotations: { ...says, ...linksOf(ask) },
  };
}

function burnRulesOf(ask: ObjectiveAsk, name: string) {
  const { service, slo } = ask;
  const objective = objectiveOf(slo.objective);
  const window = windowExprs(slo.window);
  const counts = countsOf(ask);
  const burn = burnAlerts({ objective, window, ...counts, minFailures: slo.minFailures });
  const words = {
    name,
    windowWords: windowText(slo),
    groupBy: groupLabels(service, slo),
    objective,
    window,
    ...counts,
  };
  const burns = (severity: Severity): Rule[] =>
    burn.alerts
      .filter(({ rule }) => rule.severity === severity)
      .map((one) => {
        const own = { severity, pair: one.rule.id, window: one.spans };
        return alertRule(ask, 'SloBudgetBurn', one.expr, own, burnAnnotations({ ...words, alert: one }));
      });
  return { burns, notes: burn.notes };
}

function absentRule(ask: ObjectiveAsk, name: string, absent: ReturnType<typeof absentOf>): Rule {
  const wait = absentWaitSeconds(objectiveOf(ask.slo.objective), windowExprs(ask.slo.window).nominal);
  const says = absentAnnotations(name, absent.groupBy, absent.what);
  return alertRule(ask, 'SloMetricsAbsent', absent.expr, { severity: 'page' }, says, durationText(wait));
}

function impossibleRule(ask: ObjectiveAsk, name: string): Rule {
  const { total, bad } = countsOf(ask);
  const expr = impossibleOver(total, bad, 3600).text;
  const says = impossibleAnnotations(name, groupLabels(ask.service, ask.slo));
  return alertRule(ask, 'SloCountsImpossible', expr, { severity: 'ticket' }, says, '15m');
}

/** Many objectives are named after their service already. */
const nameOf = (service: Service, slo: Slo): string =>
  slo.name.includes(service.name) ? slo.name : `${slo.name} of ${service.name}`;

function linksOf({ service, slo, baseUrl }: ObjectiveAsk): Labels {
  const { runbook } = service.links;
  return {
    ...(runbook === undefined ? {} : { runbook_url: withoutTemplate(runbook) }),
    ...(baseUrl === null ? {} : { console_url: withoutTemplate(`${baseUrl}${paths.slo(slo.id)}`) }),
  };
}

const withoutTemplate = (url: string): string => url.replaceAll('{{', '%7B%7B');
