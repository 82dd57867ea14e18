import { UserError } from '../setup/user-error';
import { installDebianPackages } from './debian';
import { findProgram } from './path';

const find = () => findProgram('chromium', 'chromium-browser', 'google-chrome');

/**
 * The Chromium of the end-to-end tests. Root on Debian gets it installed; otherwise UserError names what to
 * install, and the tests that need it count as failed.
 */
export async function chromium(onInstall: () => void = () => {}): Promise<string> {
  const present = find();
  if (present) return present;
  onInstall();
  const { output } = await installDebianPackages('chromium');
  const installed = find();
  if (installed) return installed;
  throw new UserError(
    `The end-to-end tests need Chromium, and there is none on this machine.${output ? `\n${output.trim().split('\n').slice(-5).join('\n')}` : ''}`,
    'Install it (Debian: sudo apt-get install -y chromium) and run npm test again.',
  );
}
