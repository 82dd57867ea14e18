import type { JsonObject } from '../store';

/** What /version says: the release whose behaviour was recorded. */
export const SERVER_VERSION: JsonObject = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '$Format:%H$',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** The same of another release, such as "1.37". */
export function versionOf(release: string): JsonObject {
  const [major = '1', minor = '36'] = release.split('.');
  return { ...SERVER_VERSION, major, minor, gitVersion: `v${major}.${minor}.0` };
}
