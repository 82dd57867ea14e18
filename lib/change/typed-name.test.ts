import { describe, expect, it } from 'vitest';
import { changeKinds } from '@/lib/core/change-kind';
import { needsTypedName, typedNameProblem } from './typed-name';

const restore = { kind: 'restore', service: 'shop-api' } as const;

describe('the name of the service', () => {
  it('is typed for a restore alone', () => {
    expect(changeKinds.filter(needsTypedName)).toEqual(['restore']);
    for (const kind of changeKinds.filter((one) => one !== 'restore'))
      expect(typedNameProblem({ kind, service: 'shop-api' }, undefined)).toBe(null);
  });

  it.each([[undefined], [''], ['  ']])('is missing as %j', (typed) => {
    expect(typedNameProblem(restore, typed)).toBe('Type the name of the service first: shop-api.');
  });

  it.each([['shop'], ['Shop-API'], ['shop-api-2'], ['other-api']])('is not %j', (typed) => {
    expect(typedNameProblem(restore, typed)).toMatch(/is not the name of the service: shop-api/);
  });

  it('may be pasted with a blank around it', () => {
    expect(typedNameProblem(restore, 'shop-api')).toBe(null);
    expect(typedNameProblem(restore, ' shop-api\n')).toBe(null);
  });
});
