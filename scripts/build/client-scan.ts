import fs from 'node:fs';
import path from 'node:path';

/** What only server code has to do with: none of it may be in a file that a browser loads. */
export const serverMarks = [
  '@prisma/',
  'PrismaClient',
  'KUBECONFIG',
  'DATABASE_URL',
  'NEXTAUTH_SECRET',
  'OIDC_CLIENT_SECRET',
  'SIGNALBOX_CONFIG',
  'SIGNALBOX_WORKER',
] as const;

/** The marks found in the text of one file. */
export const marksIn = (text: string): string[] => serverMarks.filter((mark) => text.includes(mark));

/** Every browser file with a mark in it, as `file: marks`. */
export function scanBrowserFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|css|json|map)$/.test(name))
    .flatMap((name) => {
      const marks = marksIn(fs.readFileSync(path.join(folder, name), 'utf8'));
      return marks.length > 0 ? [`${name}: ${marks.join(', ')}`] : [];
    });
}
