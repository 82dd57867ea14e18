import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { explain } from '@/lib/config/explain';
import { Slo } from '@/lib/config/slo';
import { pathOf } from '@/lib/core/path';
import { indicatorForm, type SourceTypes } from './openslo-indicator';
import { objectiveForm, windowForm } from './openslo-objective';
import { annotation, apiVersion, DataSourceSpec, Header, SliSpec, SloSpec } from './openslo-schema';
import { type SloForm, sloForm } from './slo-form';

/** A document or a part of one that has not become an objective; `refused` when an SLO is missing for it. */
export type NotTaken = { object: string; says: string; refused: boolean };
export type Imported = { slos: Slo[]; notTaken: NotTaken[] };

type Document = { header: z.infer<typeof Header>; object: string };

/**
 * Reads OpenSLO v1 documents (several in one text). Each SLO becomes one objective for each of its `objectives`;
 * `environment` is where series that stand as written are from. Whatever has no place in signalbox.yaml is named in `notTaken`, never dropped silently.
 */
export function importOpenSlo(text: string, options: { environment?: string | undefined } = {}): Imported {
  const notTaken: NotTaken[] = [];
  const refuse = (object: string, says: string) => notTaken.push({ object, says, refused: true });
  const leave = (object: string, says: string) => notTaken.push({ object, says, refused: false });
  const documents = readDocuments(text, refuse);
  const context = { environment: options.environment, sources: sourceTypes(documents) };
  const used = new Set<string>();
  const slos = documents.flatMap(({ header, object }) => {
    if (header.kind !== 'SLO') return [];
    const spec = SloSpec.safeParse(header.spec);
    if (!spec.success) {
      refuse(object, problemOf(spec.error));
      return [];
    }
    const sli = findSli(spec.data, documents, used);
    if (typeof sli === 'string') {
      refuse(object, sli);
      return [];
    }
    for (const says of leftOver(header, spec.data)) leave(object, says);
    return spec.data.objectives.flatMap((_, index) => {
      const made = makeSlo(header, spec.data, sli, index, context);
      for (const says of made.notes) leave(object, says);
      if (made.slo === null) refuse(object, made.says);
      return made.slo === null ? [] : [made.slo];
    });
  });
  for (const { header, object } of documents) {
    if (header.kind === 'SLI' && !used.has(header.metadata.name)) leave(object, 'no SLO here refers to it.');
    else if (!['SLO', 'SLI'].includes(header.kind)) leave(object, otherKinds[header.kind] ?? unknownKind);
  }
  return { slos: distinct(slos, refuse), notTaken };
}

const unknownKind = 'this kind is not part of OpenSLO v1.';
const otherKinds: Record<string, string> = {
  Service: 'services are defined in the configuration, below services.',
  DataSource: 'sources are defined in the configuration, below sources.prometheus.',
  AlertPolicy: 'alert rules are made from the objective itself.',
  AlertCondition: 'alert rules are made from the objective itself.',
  AlertNotificationTarget: 'alerts are sent by Alertmanager, in its own configuration.',
};

function problemOf(error: z.ZodError): string {
  const [first] = error.issues;
  return first === undefined ? 'is not valid.' : `${pathOf(first.path) || 'the document'}: ${first.message}.`;
}

function readDocuments(text: string, refuse: (object: string, says: string) => void): Document[] {
  const parsed = parseAllDocuments(text, { uniqueKeys: true });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document, index) => {
    const place = `document ${index + 1}`;
    const [error] = document.errors;
    if (error !== undefined) {
      refuse(place, `not valid YAML: ${error.message.split('\n')[0] ?? ''}`);
      return [];
    }
    let raw: unknown;
    try {
      raw = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      refuse(place, `not usable YAML: ${cause instanceof Error ? cause.message : String(cause)}.`);
      return [];
    }
    if (raw === null || raw === undefined) return [];
    const header = Header.safeParse(raw);
    if (!header.success) {
      refuse(place, `is no OpenSLO document: ${problemOf(header.error)}`);
      return [];
    }
    const object = `${header.data.kind} ${header.data.metadata.name}`;
    if (header.data.apiVersion === apiVersion) return [{ header: header.data, object }];
    refuse(object, `has apiVersion ${header.data.apiVersion}; only ${apiVersion} is read.`);
    return [];
  });
}

function sourceTypes(documents: readonly Document[]): SourceTypes {
  return new Map(
    documents.flatMap(({ header }) => {
      const spec = DataSourceSpec.safeParse(header.spec);
      return header.kind === 'DataSource' && spec.success ? [[header.metadata.name, spec.data.type]] : [];
    }),
  );
}

/** The indicator inside an SLO or the SLI that it refers to; a sentence when there is none. */
function findSli(spec: SloSpec, documents: readonly Document[], used: Set<string>): SliSpec | string {
  if (spec.indicator !== undefined && spec.indicatorRef !== undefined) {
    return 'has both indicator and indicatorRef.';
  }
  if (spec.indicator !== undefined) return spec.indicator.spec;
  if (spec.indicatorRef === undefined) return 'has neither indicator nor indicatorRef.';
  const found = documents.find(
    ({ header }) => header.kind === 'SLI' && header.metadata.name === spec.indicatorRef,
  );
  if (found === undefined) return `refers to the SLI ${spec.indicatorRef}, which is not here.`;
  used.add(spec.indicatorRef);
  const sli = SliSpec.safeParse(found.header.spec);
  return sli.success ? sli.data : `refers to the SLI ${spec.indicatorRef}: ${problemOf(sli.error)}`;
}

/** Parts of an SLO that an objective of ours has no place for. */
function leftOver({ metadata }: Header, spec: SloSpec): string[] {
  const foreign = Object.keys(metadata.annotations ?? {}).filter((key) => !key.startsWith('signalbox.dev/'));
  const inner = spec.indicator?.metadata;
  return [
    ...(metadata.labels === undefined
      ? []
      : [`metadata.labels (${Object.keys(metadata.labels).join(', ')}).`]),
    ...(foreign.length === 0 ? [] : [`metadata.annotations (${foreign.join(', ')}).`]),
    ...((spec.alertPolicies ?? []).length === 0
      ? []
      : ['spec.alertPolicies: alert rules are made from the objective itself.']),
    ...(inner?.displayName === undefined ? [] : ['the displayName of its indicator.']),
    ...(spec.indicator?.spec.description === undefined ? [] : ['the description of its indicator.']),
  ];
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');

type Made = { notes: string[] } & ({ slo: Slo } | { slo: null; says: string });

type Context = { environment: string | undefined; sources: SourceTypes };

function makeSlo(header: Header, spec: SloSpec, sli: SliSpec, index: number, context: Context): Made {
  const { name, displayName, annotations = {} } = header.metadata;
  const objective = spec.objectives[index];
  if (objective === undefined) return { slo: null, says: 'has no objective.', notes: [] };
  const several = spec.objectives.length > 1;
  const id = slugOf(several ? `${name.slice(0, 60)}-${index + 1}` : name);
  const title = [displayName ?? name, several ? (objective.displayName ?? String(index + 1)) : '']
    .filter((part) => part !== '')
    .join(': ');
  const notes = [
    ...(several || id === name ? [] : [`its name is ${id} here.`]),
    ...(several && index === 0
      ? [`has ${spec.objectives.length} objectives: each becomes one of its own.`]
      : []),
    ...(!several && objective.displayName !== undefined ? ['the displayName of its objective.'] : []),
    ...(title.length > 80 ? ['its displayName is cut to 80 characters.'] : []),
  ];
  const parts = [
    windowForm(spec.timeWindow),
    objectiveForm(spec, objective, annotations),
    indicatorForm(sli, objective, annotations, context.sources),
  ];
  const failed = parts.find((part) => !part.ok);
  if (failed?.ok === false) return { slo: null, says: failed.says, notes };
  const form = Object.assign(
    {
      id,
      service: spec.service,
      name: title.slice(0, 80),
      ...(spec.description === undefined || spec.description === '' ? {} : { description: spec.description }),
    },
    ...parts.map((part) => (part.ok ? part.form : {})),
    settings(annotations, notes),
  );
  const parsed = Slo.safeParse(withEnvironment(form, context.environment));
  notes.push(...parts.flatMap((part) => (part.ok ? part.notes : [])));
  if (parsed.success) return { slo: parsed.data, notes };
  const [problem] = explain(Slo, form, parsed.error.issues);
  const says = problem === undefined ? 'is not valid.' : `${pathOf(problem.path)}: ${problem.message}`;
  return { slo: null, says, notes };
}

/** Series that stand as written have no environment of their own, so the objective holds in the one that is said. */
function withEnvironment(form: Partial<SloForm>, environment: string | undefined): Partial<SloForm> {
  if (environment === undefined || form.scope !== 'written' || form.environments !== undefined) return form;
  return { ...form, environments: [environment] };
}

/** What only annotations carry; one that cannot be read is named and left out. */
function settings(annotations: Record<string, string>, notes: string[]): Partial<SloForm> {
  const values = Object.entries(annotation).flatMap(([key, name]): [string, unknown][] => {
    const text = annotations[name];
    if (
      text === undefined ||
      !['environments', 'groupBy', 'minFailures', 'maintenance', 'exclusions'].includes(key)
    )
      return [];
    if (key === 'maintenance') return [[key, text]];
    try {
      return [[key, JSON.parse(text)]];
    } catch {
      notes.push(`its annotation ${name} is not JSON.`);
      return [];
    }
  });
  return Object.fromEntries(values);
}

/** Two documents may come to one id; the second is refused, since ids are unique in the configuration. */
function distinct(slos: readonly Slo[], refuse: (object: string, says: string) => void): Slo[] {
  const seen = new Set<string>();
  return slos.filter(({ id }) => {
    if (seen.has(id)) refuse(`SLO ${id}`, 'another SLO here has the same name.');
    return !seen.has(id) && seen.add(id);
  });
}

/** The `slos` block of signalbox.yaml. */
export const slosBlock = (slos: readonly Slo[]): { slos: SloForm[] } => ({ slos: slos.map(sloForm) });
