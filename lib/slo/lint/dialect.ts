import type { Entry, Field, Finding, Place } from './model';
import { fieldOf, type Member, memberOf, type Source } from './yaml-nodes';

/**
 * X-35: rules with `name:` and `action:` in place of `alert:` and a label are no Prometheus rules; Prometheus refuses
 * the whole file for one unknown field. They are read through this converter, which says what it made of them.
 */
const severityOf = new Map([
  ['page_on_call', 'critical'],
  ['page', 'critical'],
  ['notify_slack', 'warning'],
  ['notify_team', 'warning'],
  ['notify', 'warning'],
  ['slack', 'warning'],
  ['email', 'warning'],
  ['ticket', 'warning'],
  ['log', 'info'],
]);

export const ruleFields = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

export type Converted = {
  name: Field | null;
  labels: Entry[];
  /** What was made of which field, in words. */
  steps: string[];
};

/** Null where a rule needs no conversion. `labels` are those that the rule has already. */
export function convert(
  source: Source,
  members: readonly Member[],
  labels: readonly Entry[],
): Converted | null {
  const steps: string[] = [];
  const added: Entry[] = [];
  const add = (key: string, from: Member, value: string): void => {
    if (labels.some((one) => one.key === key)) return;
    const { place } = from;
    added.push({ key, keyPlace: from.keyPlace, field: { value, place, at: () => place } });
    steps.push(`${from.key}: ${fieldOf(source, from.value)?.value ?? ''} → labels.${key}: ${value}`);
  };
  const named = memberOf(members, 'name');
  const isNamed = named !== undefined && !memberOf(members, 'alert') && !memberOf(members, 'record');
  const name = isNamed ? fieldOf(source, named.value) : null;
  if (name !== null) steps.push(`name: ${name.value} → alert: ${name.value}`);
  const action = memberOf(members, 'action');
  const word = action === undefined ? null : fieldOf(source, action.value);
  if (action !== undefined && word !== null) {
    const severity = severityOf.get(word.value.toLowerCase());
    if (severity === undefined) add('action', action, word.value);
    else add('severity', action, severity);
  }
  const loose = memberOf(members, 'severity');
  const value = loose === undefined ? null : fieldOf(source, loose.value);
  if (loose !== undefined && value !== null) add('severity', loose, value.value);
  return steps.length === 0 ? null : { name, labels: added, steps };
}

/** Fields of a rule that neither Prometheus nor the converter knows. */
export const unknownFields = (members: readonly Member[], converted: boolean): Member[] =>
  members.filter(
    ({ key }) => !ruleFields.includes(key) && !(converted && ['name', 'action', 'severity'].includes(key)),
  );

export function dialectFinding(place: Place, rule: string, { steps, name }: Converted): Finding {
  return {
    ...place,
    id: 'X-35',
    severity: 'error',
    rule,
    says: `${name === null ? 'Not all fields are' : 'These are not the fields'} of a Prometheus rule: Prometheus refuses the whole file.`,
    why: `Read as: ${steps.join('; ')}. Who is told is decided by Alertmanager's routes, by the labels of the alert.`,
    corrected: null,
  };
}

export function unknownFieldFinding(member: Member, rule: string): Finding {
  return {
    ...member.keyPlace,
    id: 'X-35',
    severity: 'error',
    rule,
    says: `${member.key === '' ? 'This' : `"${member.key}"`} is no field of a rule: Prometheus refuses the whole file.`,
    why: `A rule has ${ruleFields.join(', ')}.`,
    corrected: null,
  };
}
