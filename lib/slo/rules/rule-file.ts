import { Document, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { Config } from '@/lib/config/schema';
import { didYouMean } from '@/lib/config/suggest';
import { OpsError } from '@/lib/core/errors';
import { environmentsOf } from '../define/indicator';
import { objectiveRules } from './objective-rules';
import { escapeUnprintable, onOneLine } from './promql';
import { type RuleGroup, type Server, windowText } from './rule';

/** The oldest Prometheus that the rules are tried against. */
export const oldestPrometheus = '2.42';

export type RulesAsk = {
  slo?: string | undefined;
  environment?: string | undefined;
  source?: string | undefined;
  server: Server;
  baseUrl: string | null;
};

/** A rule file; `refused` names objectives that are not in it and why, `notes` what its rules cannot do. */
export type RuleFile = { text: string; rules: number; refused: string[]; notes: string[] };

/** Reads `2.42`, `3.5.1` or `3.x`. Throws OpsError `invalid` for other text and for servers that are too old. */
export function readServer(version: string, features: string[] = []): Server {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4}|x)(?:\.\d+)?$/.exec(version) ?? [];
  if (major === undefined || minor === undefined) {
    throw new OpsError('invalid', `"${version}" is no version of Prometheus.`, {
      next: 'Write one such as 2.42 or 3.x.',
    });
  }
  const [first, second] = [Number(major), minor === 'x' ? 0 : Number(minor)];
  if (first < 2 || (first === 2 && second < 42)) {
    throw new OpsError('invalid', `The rules need Prometheus ${oldestPrometheus} or newer, not ${version}.`, {
      next: 'Update Prometheus; older ones are not tried.',
    });
  }
  return { version: `${first}.${second}`, features };
}

type Section = { about: string; groups: RuleGroup[] };

/**
 * The rule file of the objectives asked for. Throws OpsError `not-found` for an objective, environment or source that
 * the configuration does not have.
 */
export function ruleFile(config: Config, ask: RulesAsk): RuleFile {
  requireKnown('objective', ask.slo, config.slos);
  requireKnown('environment', ask.environment, config.environments);
  requireKnown('Prometheus', ask.source, config.sources.prometheus);
  const sections: Section[] = [];
  const refused: string[] = [];
  const notes: string[] = [];
  for (const slo of config.slos) {
    const service = config.services.find(({ id }) => id === slo.service);
    if (service === undefined || (ask.slo !== undefined && slo.id !== ask.slo)) continue;
    const holds = environmentsOf(service, slo);
    if (ask.environment !== undefined && !holds.includes(ask.environment) && ask.slo !== undefined) {
      refused.push(`${slo.id}: it does not hold in ${ask.environment}, only in ${holds.join(', ')}.`);
    }
    for (const environment of holds.filter(
      (one) => ask.environment === undefined || one === ask.environment,
    )) {
      const subject = `${slo.id} in ${environment}`;
      const made = objectiveRules({
        config,
        service,
        slo,
        environment,
        server: ask.server,
        source: ask.source ?? null,
        baseUrl: ask.baseUrl,
      });
      if ('refused' in made) refused.push(`${subject}: ${made.refused}`);
      else {
        const about = `${slo.name}: ${slo.objective} % over ${windowText(slo)}, ${service.name} in ${environment}`;
        sections.push({ about: onOneLine(about), groups: made.groups });
        notes.push(...made.notes.map((note) => `${subject}: ${note}`));
      }
    }
  }
  if (sections.length === 0 && refused.length === 0) {
    const where =
      ask.environment === undefined ? 'The configuration has none' : `None holds in ${ask.environment}`;
    notes.push(`No objective is in this file. ${where}.`);
  }
  const rules = sections.flatMap(({ groups }) => groups).reduce((sum, group) => sum + group.rules.length, 0);
  return { text: yamlOf(sections, headerOf(config, ask, { refused, notes })), rules, refused, notes };
}

function requireKnown(what: string, asked: string | undefined, all: readonly { id: string }[]): void {
  if (asked === undefined || all.some(({ id }) => id === asked)) return;
  throw new OpsError('not-found', `There is no ${what} "${onOneLine(asked).slice(0, 80)}".`, {
    next: didYouMean(
      asked,
      all.map(({ id }) => id),
    ),
  });
}

function headerOf(config: Config, ask: RulesAsk, said: { refused: string[]; notes: string[] }): string {
  const filters = [
    ...(ask.slo === undefined ? [] : [`objective ${ask.slo}`]),
    ...(ask.environment === undefined ? [] : [`environment ${ask.environment}`]),
    ...(ask.source === undefined ? [] : [`Prometheus ${ask.source}`]),
  ];
  const labels = [...new Set(['slo', 'environment', ...groupsOf(config)])];
  const lines = [
    `Alert rules for the objectives of ${onOneLine(config.name)}, made by signalbox rules${filters.length > 0 ? ` (${filters.join(', ')})` : ''}.`,
    `For Prometheus ${ask.server.version} and newer. Do not edit: change signalbox.yaml and make it again.`,
    '',
    'Recorded are the bad and all events of the last five minutes, every 30 s; longer spans are sums of them.',
    'The interval of a group is part of its arithmetic: leave it as it is.',
    '',
    'So that a page silences the tickets of the same objective, add to alertmanager.yml:',
    '  inhibit_rules:',
    '    - source_matchers: [severity="page", slo!=""]',
    '      target_matchers: [severity="ticket", slo!=""]',
    `      equal: [${labels.join(', ')}]`,
    ...section('Not in this file:', said.refused),
    ...section('To know:', said.notes),
  ];
  return lines.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${onOneLine(line)}`)];

/** Labels by which groups of any objective are told apart; one that both alerts lack counts as equal. */
const groupsOf = (config: Config): string[] =>
  config.slos.flatMap((slo) => {
    const service = config.services.find(({ id }) => id === slo.service);
    if (slo.groupBy !== undefined) return slo.groupBy;
    return service === undefined || slo.scope === 'written' ? [] : [service.metrics.labels.region];
  });

/** Expressions as blocks, so that they can be read; other text in one line of its own. */
function yamlOf(sections: readonly Section[], header: string): string {
  const document = new Document(
    { groups: sections.flatMap(({ groups }) => groups) },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = header;
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') return;
      if (key.value !== 'expr') return;
      value.value = escapeUnprintable(value.value);
      value.type = Scalar.BLOCK_LITERAL;
    },
  });
  const groups = document.get('groups');
  const firsts = sections.flatMap(({ about, groups: all }) =>
    all.map((_, index) => (index === 0 ? about : null)),
  );
  if (isSeq(groups)) {
    for (const [index, item] of groups.items.entries()) {
      const about = firsts[index] ?? null;
      if (isMap(item) && about !== null) item.commentBefore = ` ${about}`;
    }
  }
  return document.toString({ lineWidth: 0 });
}
