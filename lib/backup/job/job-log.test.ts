import { expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import type { CopyJobs, PodSeen } from './cluster';
import { JobLog } from './job-log';

const pod = (isRunning: boolean): PodSeen => ({
  name: 'x-1-abcde',
  phase: 'Running',
  reason: '',
  message: '',
  unscheduled: null,
  waiting: null,
  isRunning,
  terminated: null,
});

/** A log whose pod says these texts one after another, or fails with these errors. */
function logOf(...answers: (string | OpsError)[]) {
  let asked = 0;
  const unused = () => Promise.reject(new Error('Not asked for here.'));
  const jobs: CopyJobs = {
    ...{ readCronJob: unused, create: unused, read: unused, pods: unused, complaint: unused, remove: unused },
    log: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? '';
      asked += 1;
      if (typeof answer !== 'string') throw answer;
      return answer;
    },
  };
  const log = new JobLog({
    jobs,
    place: { cluster: 'us-east-1' },
    ref: { namespace: 'backup', name: 'x-1' },
    container: 'pg-dump',
    pollMs: 0,
    secrets: ['correct-horse'],
  });
  return { log, asked: () => asked };
}
const away = new OpsError('unavailable', 'away');
const gone = new OpsError('precondition', 'pods "x-1-abcde" not found');
const head = 'Job us-east-1/backup/x-1, pod x-1-abcde, container pg-dump\n';

test('is read when its pod runs first, then now and then, and stays when the pod goes', async () => {
  const { log, asked } = logOf('one\n', 'two\n', gone);
  await log.readNowAndThen(undefined);
  await log.readNowAndThen(pod(false));
  expect(asked()).toBe(0);
  expect(log.text).toBe('Job us-east-1/backup/x-1, no pod was seen\n');
  for (let look = 0; look < 5; look += 1) await log.readNowAndThen(pod(true));
  expect([asked(), log.text]).toEqual([1, `${head}one\n`]);
  await log.readNowAndThen(pod(true));
  expect([asked(), log.text]).toEqual([2, `${head}two\n`]);
  await log.readLast(pod(false));
  expect([asked(), log.text]).toEqual([3, `${head}two\n`]);
});

test('its end is asked for again while the cluster is away, and not for ever', async () => {
  const late = logOf(away, away, 'the end\n');
  await late.log.readLast(pod(false));
  expect([late.asked(), late.log.text]).toEqual([3, `${head}the end\n`]);
  const never = logOf(away);
  await never.log.readLast(pod(false));
  expect(never.asked()).toBe(5);
});

test('holds neither secrets nor rows, nor what may be the middle of a row', async () => {
  const rows =
    'pg_dump: error: no\nDETAIL:  Key (mail)=(ada@example.org)\nada@example.org\npg_dump: end correct-horse\n';
  const whole = logOf(rows);
  await whole.log.readLast(pod(false));
  expect(whole.log.text).toBe(`${head}pg_dump: error: no\npg_dump: end [redacted]\n`);
  const cut = logOf(`${'ada@example.org\n'.repeat(500)}pg_dump: end\n`);
  await cut.log.readLast(pod(false));
  expect(cut.log.text).toBe(`${head}pg_dump: end\n`);
});

test.each([
  ['pg_dump: error: could not open output file "/copies/.x.part": Permission denied', /runAsUser/],
  ['pg_dump: error: could not open output file "/c/x": No such file or directory', /Mount the volume/],
  ['pg_dump: error: query failed: ERROR:  invalid snapshot identifier: "x"', /same server and database/],
  ['pg_dump: error: aborting because of server version mismatch', /older than the server/],
  ['pg_dump: error: something new', /It said: pg_dump: error: something new$/],
])('tells the cause of a failure by what was said: %s', async (said, cause) => {
  const { log } = logOf(`${said}\n`);
  await log.readLast(pod(false));
  expect(log.inWords('It failed.')).toMatch(/^It failed\. /);
  expect(log.inWords('It failed.')).toMatch(cause);
});
