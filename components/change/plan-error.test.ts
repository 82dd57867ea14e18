import { describe, expect, it } from 'vitest';
import { errorOf, valueError } from './plan-error';

const place = { service: 'shop-api', environment: 'production', region: 'us-east-1' };

describe('what is wrong with a field says its rule', () => {
  it.each([
    [{ kind: 'deploy', ...place, version: '' }, null],
    [{ kind: 'deploy', ...place, version: '3.2.0' }, null],
    [{ kind: 'deploy', ...place, version: "'; DROP TABLE change; --" }, 'must be an image tag such as 3.2.0'],
    [{ kind: 'deploy', ...place, version: '💥' }, 'must be an image tag such as 3.2.0'],
    [{ kind: 'shift', ...place, colour: 'blue', weight: 0 }, 'must be a whole number from 1 to 100'],
    [{ kind: 'shift', ...place, colour: 'blue', weight: 500 }, 'must be a whole number from 1 to 100'],
    [{ kind: 'scale', ...place, replicas: 0 }, null],
    [{ kind: 'scale', ...place, replicas: -1 }, 'must be a whole number from 1 to 1000'],
    [{ kind: 'scale', ...place, replicas: 1e9 }, 'must be a whole number from 1 to 1000'],
    [{ kind: 'scale', ...place, replicas: -1, colour: 'blue' }, 'must be a whole number from 0 to 1000'],
    [{ kind: 'set-env', ...place, name: '', value: 'x' }, null],
    [{ kind: 'set-env', ...place, name: '9', value: '' }, 'must be the name of a variable such as POOL_SIZE'],
    [{ kind: 'set-env', ...place, name: 'X'.repeat(300), value: '' }, 'must have 253 characters at most'],
    [{ kind: 'restart', ...place }, null],
  ] as const)('%o: %s', (input, words) => expect(errorOf(input)).toBe(words));

  it('beside the field that it is about', () => {
    const value = 'x'.repeat(5000);
    expect(errorOf({ kind: 'set-env', ...place, name: 'POOL_SIZE', value })).toBe(null);
    expect(valueError(value)).toBe('must have 4,096 characters at most; it has 5,000');
    expect(valueError('x'.repeat(4096))).toBe(null);
  });
});
