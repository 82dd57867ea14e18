import { UserError } from '../setup/user-error';
import { installDebianPackages } from './debian';
import { findProgram } from './path';

const SHELL = 'chromium-headless-shell';
const find = () => findProgram(SHELL, 'chromium', 'chromium-browser', 'google-chrome');

/**
 * The Chromium of the end-to-end tests: the build without a window of its own where it can be had, since drawing that
 * takes as long as the pages do. Root on Debian gets it installed; otherwise UserError names what to install, and the
 * tests that need it count as failed.
 */
export async function chromium(onInstall: () => void = () => {}): Promise<string> {
  const shell = findProgram(SHELL);
  if (shell) return shell;
  onInstall();
  const { output } = await installDebianPackages(SHELL);
  const installed = find();
  if (installed) return installed;
  throw new UserError(
    `The end-to-end tests need Chromium, and there is none on this machine.${output ? `\n${output.trim().split('\n').slice(-5).join('\n')}` : ''}`,
    'Install it (Debian: sudo apt-get install -y chromium-headless-shell) and run npm test again.',
  );
}
