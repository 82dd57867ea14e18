import 'server-only';
import { tryFolder } from '@/lib/backup/folder';
import type { SetupFinding } from '@/lib/backup/setup-finding';
import type { ConfigSource } from '@/lib/config/load';
import { sentenceOf } from '@/lib/core/errors';
import { packConfiguration } from './configuration';

const subject = 'Archives';

/** Whether archives can be made from here: the folder can be written to, and what belongs into them can be read. */
export async function checkArchiving(source: ConfigSource): Promise<SetupFinding[]> {
  const { archives } = source.config;
  if (archives === undefined) {
    return [{ state: 'note', subject, says: 'no folder: configuration and audit log are archived nowhere.' }];
  }
  return [
    await tell(async () => {
      await tryFolder(archives.folder);
      return `the folder ${archives.folder} can be written to.`;
    }),
    await tell(async () => {
      const { manifest } = await packConfiguration(source);
      const count = manifest.files.length;
      return `the configuration is ${count === 1 ? '1 file' : `${count} files`}; ${manifest.secrets.length} secrets are left out.`;
    }),
  ];
}

async function tell(check: () => Promise<string>): Promise<SetupFinding> {
  try {
    return { state: 'ok', subject, says: await check() };
  } catch (error) {
    return { state: 'wrong', subject, says: sentenceOf(error) };
  }
}
