import { UserError } from '../setup/user-error';
import { installDebianPackages } from './debian';
import { findProgram } from './path';

/** The engine of Chromium without windows: tab strip and toolbar cost about a quarter of what a journey takes. */
const SHELL = 'chromium-headless-shell';
const find = () => findProgram(SHELL, 'chromium', 'chromium-browser', 'google-chrome');

/**
 * The Chromium of the end-to-end tests. Root on Debian gets its headless shell installed; otherwise any Chromium that
 * is there will do. Without one UserError names what to install, and the tests that need it count as failed.
 */
export async function chromium(onInstall: () => void = () => {}): Promise<string> {
  const present = findProgram(SHELL);
  if (present) return present;
  onInstall();
  const { output } = await installDebianPackages(SHELL);
  const found = find();
  if (found) return found;
  throw new UserError(
    `The end-to-end tests need Chromium, and there is none on this machine.${output ? `\n${output.trim().split('\n').slice(-5).join('\n')}` : ''}`,
    `Install it (Debian: sudo apt-get install -y ${SHELL}) and run npm test again.`,
  );
}
