import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '@/lib/access/model';
import { type Eligible, missingRoles, quorumProblem } from './quorum';

const who = (id: string, ...roles: Role[]): Eligible => ({ id, name: id, roles });

test('the requester never counts', () => {
  expect(quorumProblem(['devops_lead'], [who('a', 'devops_lead')], 'a')).toBe(
    'Nobody but the requester could sign as DevOps Lead.',
  );
  expect(quorumProblem(['devops_lead'], [who('a', 'devops_lead')], 'b')).toBe(null);
});

test('one person cannot fill two roles, and a swap is found', () => {
  const both = who('a', 'devops_lead', 'engineering_lead');
  expect(quorumProblem(['devops_lead', 'engineering_lead'], [both], 'x')).toMatch(/2 different people/);
  expect(quorumProblem(['devops_lead', 'engineering_lead'], [both, who('b', 'devops_lead')], 'x')).toBe(null);
});

const four = ['devops_lead', 'engineering_lead', 'cto', 'product_lead'] as const;
const RUNS = 300;
test('the matching agrees with trying every order', () => {
  let runs = 0;
  const anyone = fc.uniqueArray(fc.constantFrom(...four), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(anyone, { maxLength: 5 }),
      fc.uniqueArray(fc.constantFrom(...four), { minLength: 1 }),
      (people, roles) => {
        runs += 1;
        const all = people.map((held, index) => who(`p${index}`, ...held));
        const solvable = (left: readonly Role[], free: readonly Eligible[]): boolean => {
          const [role, ...rest] = left;
          if (role === undefined) return true;
          return free.some(
            (one) =>
              one.roles.includes(role) &&
              solvable(
                rest,
                free.filter((other) => other !== one),
              ),
          );
        };
        expect(quorumProblem(roles, all, 'requester') === null).toBe(solvable(roles, all));
      },
    ),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
});

test('missing roles are those without a sign-off', () => {
  expect(missingRoles(['cto', 'devops_lead'], [{ role: 'cto', userId: 'a' }])).toEqual(['devops_lead']);
});
