import type { ChangeKind } from '@/lib/core/change-kind';

/** Heading of the page where a change of this kind is planned. */
export const planHeadings: Record<ChangeKind, string> = {
  deploy: 'Plan a deploy',
  rollback: 'Plan a rollback',
  shift: 'Plan a traffic shift',
  scale: 'Plan a scaling',
  restart: 'Plan a restart',
  'set-env': 'Plan a new value',
  backup: 'Plan a backup',
  'end-session': 'Plan the end of a session',
  restore: 'Plan a restore',
};

export const kindLabels: Record<ChangeKind, string> = {
  deploy: 'Deploy',
  rollback: 'Roll back',
  shift: 'Shift traffic',
  scale: 'Scale',
  restart: 'Restart',
  'set-env': 'Set a variable',
  backup: 'Back up',
  'end-session': 'End a session',
  restore: 'Restore a copy',
};

/** What the page waits for before there can be a plan. */
export const missingWords: Record<ChangeKind, { title: string; why: string }> = {
  deploy: { title: 'Name a version', why: 'an image tag' },
  rollback: { title: 'Choose a revision', why: 'a revision that the cluster still has' },
  shift: { title: 'Choose a colour', why: 'a colour and its share of the requests' },
  scale: { title: 'Name a number of pods', why: 'a number of pods from 1 to 1000' },
  restart: { title: 'Choose a place', why: 'a region' },
  'set-env': { title: 'Name a variable', why: 'the name of a variable and its value' },
  backup: { title: 'Choose a database', why: 'one of its databases' },
  'end-session': { title: 'Choose a session', why: 'a session of one of its databases' },
  restore: { title: 'Choose a copy', why: 'a copy of one of its databases' },
};
