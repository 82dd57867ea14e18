import { describe, expect, it } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { signWords } from './sign-words';
import { testView } from './test-view';
import { restoreChange } from './testing/data-view';

type SignOff = ChangeView['signOffs'][number];
const signOff = (role: SignOff['role'], roleName: string, state: SignOff['state']): SignOff => ({
  role,
  roleName,
  state,
  userName: null,
  at: null,
  comment: null,
  eligible: [],
  because: null,
});
const mine = signOff('devops_lead', 'DevOps Lead', 'yours');

const ending = (signOffs: SignOff[], runWhenApproved = true) =>
  signWords({ ...testView('InReview', { runWhenApproved }), signOffs }, 'devops_lead').at(-1);

describe('what a sign-off starts', () => {
  it('is the change itself where it is the last one', () => {
    expect(ending([mine])).toBe('Yours is the last sign-off: it starts at once.');
    expect(ending([signOff('cto', 'CTO', 'signed'), mine], false)).toBe(
      'Yours is the last sign-off: Sam Okafor starts it.',
    );
  });

  it('is nothing yet where others are missing, who are named', () => {
    const cto = signOff('cto', 'CTO', 'missing');
    const security = signOff('security_lead', 'Security Lead', 'missing');
    expect(ending([mine, cto])).toBe('After yours CTO is missing. It starts by itself with the last one.');
    expect(ending([mine, cto, security], false)).toBe(
      'After yours CTO and Security Lead are missing. Sam Okafor starts it after the last one.',
    );
  });
});

it('names every region of the plan that is signed', () => {
  const view = { ...testView('InReview'), plan: stagedPlan };
  expect(signWords(view, 'cto')[0]).toContain('for production in us-east-1 and eu-west-1.');
});

it('says of a restore what is lost', () => {
  expect(signWords(restoreChange('InReview', null), 'cto')[1]).toMatch(
    /then has the data of .* UTC: what was written since is not in it/,
  );
  expect(signWords(restoreChange('InReview', null), 'cto').at(-1)).toBe(
    'Yours is the last sign-off: it starts at once. For 10 s an abort takes it back before anything is done.',
  );
});

describe('a sign-off that cannot start anything', () => {
  const signed = signOff('cto', 'CTO', 'signed');
  const base = { ...testView('InReview'), signOffs: [signed, mine] };
  const incident = { what: 'the critical alert Down fires', since: '2026-11-21T14:00:00.000Z' };

  it('is told as such where the cluster moved away from the plan', () => {
    const drift = [{ path: 'spec.replicas', before: '3', after: '4' }];
    expect(signWords({ ...base, drift }, 'devops_lead').at(-1)).toMatch(/^It will not start: the cluster/);
  });

  it('and where an incident was opened after somebody signed, but not where it was known', () => {
    const words = (endsApproval: boolean) =>
      signWords({ ...base, incidents: [{ ...incident, endsApproval }] }, 'devops_lead').at(-1);
    expect(words(true)).toMatch(/^It will not start while the incident is open/);
    expect(words(false)).toBe('Yours is the last sign-off: it starts at once.');
  });

  it('names the effect that is signed', () => {
    expect(signWords(base, 'devops_lead')).toContain(base.effect);
  });
});
