import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../process/run';
import { typescript } from '../setup/typescript';
import { UserError } from '../setup/user-error';
import type { ConsoleEnvironment } from './programs';

/** Who can sign in to a demo: an SRE who asks, the six leads who sign (APR-01), a stakeholder who reads. */
export const demoAccounts = [
  { email: 'sam@demo.example', name: 'Sam Okafor', role: 'sre' },
  { email: 'carla@demo.example', name: 'Carla Mendes', role: 'cto' },
  { email: 'erik@demo.example', name: 'Erik Lindqvist', role: 'engineering_lead' },
  { email: 'dana@demo.example', name: 'Dana Novak', role: 'devops_lead' },
  { email: 'selin@demo.example', name: 'Selin Kaya', role: 'security_lead' },
  { email: 'pavel@demo.example', name: 'Pavel Horak', role: 'product_lead' },
  { email: 'hana@demo.example', name: 'Hana Sato', role: 'head_of_support' },
  { email: 'stella@demo.example', name: 'Stella Moreau', role: 'stakeholder' },
] as const;

/** A secret that is made once per folder and readable only by its owner. */
export function keptSecret(folder: string, name: string, bytes: number): string {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, `${crypto.randomBytes(bytes).toString('base64url')}\n`, { mode: 0o600 });
  }
  return fs.readFileSync(file, 'utf8').trim();
}

/** Adds the demo's accounts, all with this password, through the command line's own command. */
export async function addDemoAccounts(environment: ConsoleEnvironment, password: string): Promise<void> {
  const args = typescript('scripts/stack/add-accounts.ts');
  const { code, output } = await run(process.execPath, args, {
    env: {
      SIGNALBOX_CONFIG: environment.configFile,
      DATABASE_URL: environment.databaseUrl,
      SIGNALBOX_PASSWORD: password,
    },
  });
  if (code !== 0) throw new UserError(`The demo accounts could not be made:\n${output.trim()}`);
}
