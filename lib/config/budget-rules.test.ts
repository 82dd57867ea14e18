import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { levelRoles, unknownAnswer } from './policy-budget';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

/** The example with this budget part in its policy for production. */
function check(budget: unknown) {
  const document = parseDocument(example);
  document.setIn(['policies', 1, 'budget'], budget);
  const { config, problems } = validateConfig(document.toString(), 'signalbox.yaml');
  return { budget: config?.policies[1]?.budget, problems: problems.map(formatProblem) };
}
const cto = { below: '25', signOffs: ['cto'] };

test('levels stay as they are written, and an unknown budget asks everybody that a level names', () => {
  const { budget, problems } = check({ levels: [cto, { below: '-10.5', refuse: true }] });
  expect(problems).toEqual([]);
  if (budget === undefined) throw new Error('the budget is gone');
  expect(budget.levels.map(({ below }) => below)).toEqual(['25', '-10.5']);
  expect([unknownAnswer(budget), levelRoles(budget)]).toEqual(['sign-off', ['cto']]);
  expect(unknownAnswer({ ...budget, unknown: 'allow' })).toBe('allow');
  expect(unknownAnswer({ ...budget, levels: [{ below: '0', refuse: true }] })).toBe('refuse');
});

test.each<[string, object, string]>([
  ['a level as a number', { levels: [{ ...cto, below: 25 }] }, 'Expected: Per cent of the budget left'],
  [
    'a level that is no number',
    { levels: [{ ...cto, below: '25%' }] },
    '"25%" must be per cent as decimal text',
  ],
  ['more than all', { levels: [{ ...cto, below: '101' }] }, 'must be 100 or less'],
  ['no level', { levels: [] }, 'budget.levels'],
  ['a level that does nothing', { levels: [{ below: '5' }] }, 'exactly one of signOffs and refuse'],
  ['a level that does both', { levels: [{ ...cto, refuse: true }] }, 'exactly one of signOffs and refuse'],
  ['a misspelt key', { levels: [{ ...cto, belov: '5' }] }, 'the key belov is unknown. Did you mean below?'],
  ['an unknown answer', { levels: [cto], unknown: 'alow' }, 'Did you mean allow?'],
  ['no such SLO', { levels: [cto], slos: ['nowhere'] }, 'the SLO nowhere does not exist.'],
  ['two levels at one figure', { levels: [cto, { below: '25.0', refuse: true }] }, 'two levels below 25.0 %'],
  [
    'a level behind a closed door',
    { levels: [{ below: '30', refuse: true }, cto] },
    'below 30 % every deploy is refused already',
  ],
  [
    'a role that signs anyway',
    { levels: [{ below: '25', signOffs: ['devops_lead'] }] },
    'the role devops_lead signs under the policy production already.',
  ],
  ['a role twice', { levels: [{ below: '25', signOffs: ['cto', 'cto'] }] }, 'the role cto signs twice.'],
  [
    'a role that never signs',
    { levels: [{ below: '25', signOffs: ['stakeholder'] }] },
    'the role stakeholder does not sign changes.',
  ],
  [
    'nobody to sign for the unknown',
    { levels: [{ below: '0', refuse: true }], unknown: 'sign-off' },
    'no level names a role that could sign for it.',
  ],
  [
    'nobody to sign for a fast burn',
    { levels: [{ below: '0', refuse: true }], burning: 'sign-off' },
    'no level names a role that could sign for it.',
  ],
])('refused: %s', (_, budget, said) => {
  const { problems } = check(budget);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(said);
  expect(problems[0]).toMatch(/^signalbox\.yaml:\d+:\d+: /);
});

test('production asks the budget where another environment does', () => {
  const document = parseDocument(example);
  document.deleteIn(['policies', 1, 'budget']);
  document.setIn(['policies', 2, 'budget'], { levels: [cto] });
  const { problems } = validateConfig(document.toString(), 'signalbox.yaml');
  expect(problems.map(formatProblem)[0]).toMatch(
    /policies\[1\].*production of fraiseql-api does not ask the error budget, but staging does\. Production may not be weaker/,
  );
});

test('shifts too, where a policy of their own asks it elsewhere', () => {
  const document = parseDocument(example);
  document.setIn(['policies', 1, 'match', 'actions'], ['deploy']);
  document.addIn(['policies'], {
    id: 'shifts',
    match: { actions: ['shift'], environments: ['production'] },
    signOffs: ['engineering_lead'],
  });
  document.setIn(['policies', 2, 'match', 'environments'], ['staging']);
  document.setIn(['policies', 2, 'budget'], { levels: [cto] });
  const { problems } = validateConfig(document.toString(), 'signalbox.yaml');
  expect(problems.map(formatProblem)).toEqual([
    expect.stringMatching(
      /policies\[3\].*production of fraiseql-api does not ask the error budget, but staging does/,
    ),
  ]);
});

test('a budget that judges nothing is refused, and an objective of elsewhere too', () => {
  const document = parseDocument(example);
  document.setIn(['policies', 1, 'match', 'services'], ['nobody-has-slos']);
  document.setIn(['policies', 1, 'budget'], { levels: [cto] });
  const { problems } = validateConfig(document.toString(), 'signalbox.yaml');
  const told = problems.map(formatProblem).join('\n');
  expect(told).toContain('the policy production covers no objective, so its budget would never be asked.');
  document.setIn(['policies', 1, 'budget'], { levels: [cto], slos: ['fraiseql-api-availability'] });
  const named = validateConfig(document.toString(), 'signalbox.yaml').problems.map(formatProblem).join('\n');
  expect(named).toContain(
    'the SLO fraiseql-api-availability is of no service and environment that the policy',
  );
});
