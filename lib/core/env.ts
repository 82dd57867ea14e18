import 'server-only';
import fs from 'node:fs';
import { z } from 'zod';
import { OpsError } from './errors';

/** The only reader of process.env. Everything else that varies between installs is in signalbox.yaml. */
const Env = z.object({
  SIGNALBOX_CONFIG: z.string().default('signalbox.yaml'),
  DATABASE_URL: z.string().optional(),
  NEXTAUTH_URL: z.url().optional(),
  NEXTAUTH_SECRET: z.string().min(16).optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default('Single sign-on'),
  /** Of the command line, where it talks to a console as pipelines do. */
  SIGNALBOX_URL: z.string().optional(),
  SIGNALBOX_TOKEN: z.string().optional(),
  SIGNALBOX_WORKER_HOST: z.string().default('127.0.0.1'),
  SIGNALBOX_WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  SIGNALBOX_WORKER_ID: z.string().optional(),
  /** Where tools are looked for, which are then started with an environment of their own. */
  PATH: z.string().default(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
export type Env = z.infer<typeof Env>;

/** Reads the environment anew on each call; throws OpsError `invalid` that names the variable. */
export function env(): Env {
  const parsed = Env.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OpsError('invalid', `Environment variable ${issue?.path.join('.')}: ${issue?.message}`, {
    next: 'Correct the variable and start the process again.',
  });
}

/** A variable that this process cannot do without. */
export function requiredEnv(name: 'DATABASE_URL' | 'NEXTAUTH_SECRET' | 'NEXTAUTH_URL'): string {
  const value = env()[name];
  if (value === undefined || value === '') {
    throw new OpsError('invalid', `Environment variable ${name} is not set.`, {
      next: `Set ${name} and start the process again.`,
    });
  }
  return value;
}

/** Where a secret comes from: a file or an environment name, never the configuration itself. */
export type SecretRef = { file: string } | { env: string };

/** Reads a secret at the moment of use, so that a rotated file is seen. Throws OpsError `unavailable`. */
export function readSecret(ref: SecretRef): string {
  if ('file' in ref) {
    try {
      return fs.readFileSync(ref.file, 'utf8').trim();
    } catch (cause) {
      throw new OpsError('unavailable', `The secret file ${ref.file} cannot be read.`, {
        next: 'Check that the file exists and that this process may read it.',
        cause,
      });
    }
  }
  const value = process.env[ref.env];
  if (value === undefined || value === '') {
    throw new OpsError('unavailable', `The environment variable ${ref.env}, named as a secret, is empty.`, {
      next: `Set ${ref.env} for this process.`,
    });
  }
  return value;
}
