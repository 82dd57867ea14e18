import type { Job } from '../job';
import { adoptSlos } from './adopt-slos';
import { answerPlans } from './answer-plans';
import { applyRetention } from './apply-retention';
import { checkCopies, dropScratchDatabases, makeCopies, rehearseRestores } from './copy-databases';
import { deliverMessages } from './deliver-outbox';
import { expireWaiting } from './expire-changes';
import { freezeMonths } from './freeze-reports';
import { checkArchives, makeArchives, retainArchives } from './make-archives';
import { countChanges } from './measure-changes';
import { publishStatusPage } from './publish-status';
import { recordSlos } from './record-slos';
import { remindOfReviews } from './remind-reviews';
import { dropSetAsideDatabases, loadRestores } from './restore-databases';
import { retainCopies } from './retain-copies';
import { sampleDatabases } from './sample-databases';
import { sequenceEntries } from './sequence-audit';
import { tellTrouble } from './tell-trouble';
import { watchDeploys } from './watch-deploys';

/** What every worker does beside carrying changes out. */
export const jobs: readonly Job[] = [
  answerPlans,
  sequenceEntries,
  expireWaiting,
  remindOfReviews,
  deliverMessages,
  countChanges,
  watchDeploys,
  publishStatusPage,
  recordSlos,
  adoptSlos,
  freezeMonths,
  sampleDatabases,
  makeCopies,
  checkCopies,
  rehearseRestores,
  dropScratchDatabases,
  loadRestores,
  dropSetAsideDatabases,
  retainCopies,
  makeArchives,
  checkArchives,
  retainArchives,
  tellTrouble,
  applyRetention,
];
