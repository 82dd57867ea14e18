import { expect, test } from 'vitest';
import { parseDemoOptions } from './options';

const defaults = { webPort: 3000, portBase: 3100, history: true, reset: false };
const env = (variables: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  ...variables,
});

test.each([
  [[], {}, defaults],
  [['--reset', '--no-history'], {}, { ...defaults, reset: true, history: false }],
  [['--port', '4000', '--port-base=5000'], {}, { ...defaults, webPort: 4000, portBase: 5000 }],
  [
    [],
    { SIGNALBOX_PORT: '4100', SIGNALBOX_PORT_BASE: '4200' },
    { ...defaults, webPort: 4100, portBase: 4200 },
  ],
  [['--port', '4000'], { SIGNALBOX_PORT: '4100' }, { ...defaults, webPort: 4000 }],
  [[], { SIGNALBOX_PORT: '' }, defaults],
])('%j with %j', (args, variables, expected) => {
  expect(parseDemoOptions(args, env(variables))).toEqual(expected);
});

test.each([
  [['--prot', '4000'], {}, 'npm run demo does not know --prot.'],
  [['--port'], {}, '--port must be a port from 1 to 65535; it is missing.'],
  [['--port', '70000'], {}, '--port must be a port from 1 to 65535; it is 70000.'],
  [['--port-base', '65530'], {}, '--port-base must be a port from 1 to 65515; it is 65530.'],
  [[], { SIGNALBOX_PORT: 'web' }, 'SIGNALBOX_PORT must be a port from 1 to 65535; it is web.'],
])('%j with %j is refused', (args, variables, message) => {
  expect(() => parseDemoOptions(args, env(variables))).toThrow(message);
});
