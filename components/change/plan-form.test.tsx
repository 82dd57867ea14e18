// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestPlan } from '@/lib/change/contract';
import { PlanForm, type PlanOptions, type PlanText } from './plan-form';

afterEach(cleanup);

const everywhere = [
  { environment: 'production', region: 'us-east-1', traffic: null },
  { environment: 'production', region: 'eu-west-1', traffic: null },
  { environment: 'staging', region: 'us-east-1', traffic: null },
];
const options: PlanOptions = {
  services: [
    { id: 'fraiseql-api', name: 'FraiseQL API', placements: everywhere },
    {
      id: 'tools',
      name: 'Tools',
      placements: [{ environment: 'staging', region: 'us-east-1', traffic: null }],
    },
  ],
  environments: [
    { id: 'production', name: 'Production' },
    { id: 'staging', name: 'Staging' },
    { id: 'empty', name: 'Empty' },
  ],
  strategies: {
    canary: [{ weight: 5, hold: 600 }],
    gradual: [{ weight: 50, hold: 300 }],
    watchSeconds: 1800,
  },
};
const start: RequestPlan = {
  kind: 'deploy',
  service: 'fraiseql-api',
  environment: 'production',
  region: 'eu-west-1',
  version: '2.0.0',
};

function show(value: RequestPlan, fieldError: string | null = null) {
  const values: RequestPlan[] = [];
  const texts: PlanText[] = [];
  render(
    <PlanForm
      options={options}
      value={value}
      onChange={(next) => values.push(next)}
      text={{ reason: '', ticket: '', runWhenApproved: true }}
      onText={(next) => texts.push(next)}
      reasonMinLength={20}
      fieldError={fieldError}
    />,
  );
  return { values, texts, user: userEvent.setup() };
}
const choices = (label: string) =>
  within(screen.getByLabelText(label))
    .getAllByRole('option')
    .map((option) => option.textContent);

describe('the plan form', () => {
  it('offers only the environments and regions where the service is', () => {
    show(start);
    expect(choices('Environment')).toEqual(['Production', 'Staging']);
    expect(choices('Region')).toEqual(['us-east-1', 'eu-west-1']);
    cleanup();
    show({ ...start, service: 'tools', environment: 'staging', region: 'us-east-1' });
    expect(choices('Environment')).toEqual(['Staging']);
    expect(choices('Region')).toEqual(['us-east-1']);
  });

  it('moves to a place the chosen service has, and forgets a version of another service', async () => {
    const { values, user } = show(start);
    await user.selectOptions(screen.getByLabelText('Service'), 'tools');
    expect(values).toEqual([
      { ...start, service: 'tools', environment: 'staging', region: 'us-east-1', version: '' },
    ]);
  });

  it('keeps the place when the chosen service has it too', async () => {
    const { values, user } = show({
      ...start,
      service: 'tools',
      environment: 'staging',
      region: 'us-east-1',
    });
    await user.selectOptions(screen.getByLabelText('Service'), 'fraiseql-api');
    expect(values).toEqual([
      { ...start, service: 'fraiseql-api', environment: 'staging', region: 'us-east-1', version: '' },
    ]);
  });

  it('moves to a region that the chosen environment has', async () => {
    const { values, user } = show(start);
    await user.selectOptions(screen.getByLabelText('Environment'), 'staging');
    expect(values).toEqual([{ ...start, environment: 'staging', region: 'us-east-1' }]);
  });

  it('takes the spaces off a pasted version', async () => {
    const { values, user } = show({ ...start, version: '' });
    await user.click(screen.getByLabelText('Version'));
    await user.paste(' 2.1.0\t');
    expect(values).toEqual([{ ...start, version: '2.1.0' }]);
  });

  it('says at the field what is wrong with the version', () => {
    show({ ...start, version: 'a b' }, 'must be an image tag such as 3.2.0');
    const field = screen.getByLabelText('Version');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'must be an image tag such as 3.2.0',
    );
  });

  it('lets the requester start it by hand', async () => {
    const { texts, user } = show(start);
    await user.click(screen.getByLabelText('Run when approved'));
    expect(texts).toEqual([{ reason: '', ticket: '', runWhenApproved: false }]);
  });
});
