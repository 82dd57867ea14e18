import * as approvals from '@/app/api/v1/approvals/route';
import * as archivesArchive from '@/app/api/v1/archives/[archive]/route';
import * as archives from '@/app/api/v1/archives/route';
import * as auditExport from '@/app/api/v1/audit/export/route';
import * as audit from '@/app/api/v1/audit/route';
import * as auditVerification from '@/app/api/v1/audit/verification/route';
import * as backupsCopiesCopyPins from '@/app/api/v1/backups/copies/[copy]/pins/route';
import * as backupsCopy from '@/app/api/v1/backups/copies/[copy]/route';
import * as backupsCopiesCopyUnpin from '@/app/api/v1/backups/copies/[copy]/unpin/route';
import * as backupsDrillsDatabase from '@/app/api/v1/backups/drills/[database]/route';
import * as backupsDrills from '@/app/api/v1/backups/drills/route';
import * as backupsRetentionDatabaseLetGo from '@/app/api/v1/backups/retention/[database]/let-go/route';
import * as backupsRetention from '@/app/api/v1/backups/retention/route';
import * as backups from '@/app/api/v1/backups/route';
import * as changesChangeAbort from '@/app/api/v1/changes/[change]/abort/route';
import * as changesChangeCancellation from '@/app/api/v1/changes/[change]/cancellation/route';
import * as changesChangeLog from '@/app/api/v1/changes/[change]/log/route';
import * as changesChangeMeasurement from '@/app/api/v1/changes/[change]/measurements/[measurement]/route';
import * as changesChangeMeasurements from '@/app/api/v1/changes/[change]/measurements/route';
import * as changesChangePause from '@/app/api/v1/changes/[change]/pause/route';
import * as changesChangePromotion from '@/app/api/v1/changes/[change]/promotion/route';
import * as changesChangeRecord from '@/app/api/v1/changes/[change]/record/route';
import * as changesChangeRejection from '@/app/api/v1/changes/[change]/rejection/route';
import * as changesChangeResumption from '@/app/api/v1/changes/[change]/resumption/route';
import * as changesChangeReview from '@/app/api/v1/changes/[change]/review/route';
import * as changesChange from '@/app/api/v1/changes/[change]/route';
import * as changesChangeSignOffs from '@/app/api/v1/changes/[change]/sign-offs/route';
import * as changesChangeStart from '@/app/api/v1/changes/[change]/start/route';
import * as changesChangeStatement from '@/app/api/v1/changes/[change]/statement/route';
import * as changesChangeWithdrawal from '@/app/api/v1/changes/[change]/withdrawal/route';
import * as changesMeasures from '@/app/api/v1/changes/measures/route';
import * as changes from '@/app/api/v1/changes/route';
import * as killSwitchesSwitchRelease from '@/app/api/v1/kill-switches/[switch]/release/route';
import * as killSwitches from '@/app/api/v1/kill-switches/route';
import * as live from '@/app/api/v1/live/route';
import * as logs from '@/app/api/v1/logs/route';
import * as me from '@/app/api/v1/me/route';
import * as overview from '@/app/api/v1/overview/route';
import * as plansPlan from '@/app/api/v1/plans/[plan]/route';
import * as plans from '@/app/api/v1/plans/route';
import * as reportsMonthCorrections from '@/app/api/v1/reports/[month]/corrections/route';
import * as reportsMonth from '@/app/api/v1/reports/[month]/route';
import * as reports from '@/app/api/v1/reports/route';
import * as servicesServiceCharts from '@/app/api/v1/services/[service]/charts/route';
import * as servicesServiceColours from '@/app/api/v1/services/[service]/colours/route';
import * as servicesServiceDatabase from '@/app/api/v1/services/[service]/database/route';
import * as servicesServiceGate from '@/app/api/v1/services/[service]/gate/route';
import * as servicesServiceHistory from '@/app/api/v1/services/[service]/history/route';
import * as servicesServiceRevisions from '@/app/api/v1/services/[service]/revisions/route';
import * as servicesService from '@/app/api/v1/services/[service]/route';
import * as servicesServiceSlis from '@/app/api/v1/services/[service]/slis/route';
import * as servicesServiceWorkloads from '@/app/api/v1/services/[service]/workloads/route';
import * as services from '@/app/api/v1/services/route';
import * as sloDays from '@/app/api/v1/slo-days/route';
import * as slosSloBacktest from '@/app/api/v1/slos/[slo]/backtest/route';
import * as slosSloEntriesEntry from '@/app/api/v1/slos/[slo]/entries/[entry]/route';
import * as slosSloEntries from '@/app/api/v1/slos/[slo]/entries/route';
import * as slosSloExclusionsExclusion from '@/app/api/v1/slos/[slo]/exclusions/[exclusion]/route';
import * as slosSloExclusions from '@/app/api/v1/slos/[slo]/exclusions/route';
import * as slosSloExport from '@/app/api/v1/slos/[slo]/export/route';
import * as slosSloLedger from '@/app/api/v1/slos/[slo]/ledger/route';
import * as slosSlo from '@/app/api/v1/slos/[slo]/route';
import * as slosSloRules from '@/app/api/v1/slos/[slo]/rules/route';
import * as slosSloSpanLabels from '@/app/api/v1/slos/[slo]/span/labels/route';
import * as slosSloSpan from '@/app/api/v1/slos/[slo]/span/route';
import * as slosAdoptedAdopted from '@/app/api/v1/slos/adopted/[adopted]/route';
import * as slosAdopted from '@/app/api/v1/slos/adopted/route';
import * as slos from '@/app/api/v1/slos/route';
import * as statusMessagesMessage from '@/app/api/v1/status/messages/[message]/route';
import * as statusMessages from '@/app/api/v1/status/messages/route';
import * as status from '@/app/api/v1/status/route';
import * as viewsView from '@/app/api/v1/views/[view]/route';
import * as views from '@/app/api/v1/views/route';
import * as health from '@/app/health/route';
import * as metrics from '@/app/metrics/route';
import * as ready from '@/app/ready/route';
import type { ListedRoute } from '@/lib/http/openapi';

/** Every route of the API by its path; a test names the one that is missing here. */
export const routes: readonly ListedRoute[] = [
  { path: '/api/v1/approvals', methods: { GET: approvals.GET } },
  { path: '/api/v1/archives/[archive]', methods: { GET: archivesArchive.GET } },
  { path: '/api/v1/archives', methods: { GET: archives.GET } },
  { path: '/api/v1/audit/export', methods: { GET: auditExport.GET } },
  { path: '/api/v1/audit', methods: { GET: audit.GET } },
  { path: '/api/v1/audit/verification', methods: { GET: auditVerification.GET } },
  { path: '/api/v1/backups/copies/[copy]', methods: { GET: backupsCopy.GET } },
  { path: '/api/v1/backups', methods: { GET: backups.GET } },
  { path: '/api/v1/backups/copies/[copy]/pins', methods: { POST: backupsCopiesCopyPins.POST } },
  { path: '/api/v1/backups/copies/[copy]/unpin', methods: { POST: backupsCopiesCopyUnpin.POST } },
  { path: '/api/v1/backups/drills', methods: { GET: backupsDrills.GET } },
  { path: '/api/v1/backups/drills/[database]', methods: { POST: backupsDrillsDatabase.POST } },
  {
    path: '/api/v1/backups/retention/[database]/let-go',
    methods: { POST: backupsRetentionDatabaseLetGo.POST },
  },
  { path: '/api/v1/backups/retention', methods: { GET: backupsRetention.GET } },
  { path: '/api/v1/changes/[change]/abort', methods: { POST: changesChangeAbort.POST } },
  { path: '/api/v1/changes/[change]/cancellation', methods: { POST: changesChangeCancellation.POST } },
  { path: '/api/v1/changes/[change]/log', methods: { GET: changesChangeLog.GET } },
  {
    path: '/api/v1/changes/[change]/measurements/[measurement]',
    methods: { GET: changesChangeMeasurement.GET },
  },
  { path: '/api/v1/changes/[change]/measurements', methods: { GET: changesChangeMeasurements.GET } },
  { path: '/api/v1/changes/[change]/pause', methods: { POST: changesChangePause.POST } },
  { path: '/api/v1/changes/[change]/promotion', methods: { POST: changesChangePromotion.POST } },
  { path: '/api/v1/changes/[change]/record', methods: { GET: changesChangeRecord.GET } },
  { path: '/api/v1/changes/[change]/rejection', methods: { POST: changesChangeRejection.POST } },
  { path: '/api/v1/changes/[change]/resumption', methods: { POST: changesChangeResumption.POST } },
  { path: '/api/v1/changes/[change]/review', methods: { POST: changesChangeReview.POST } },
  { path: '/api/v1/changes/[change]/statement', methods: { POST: changesChangeStatement.POST } },
  { path: '/api/v1/changes/[change]', methods: { GET: changesChange.GET } },
  { path: '/api/v1/changes/[change]/sign-offs', methods: { POST: changesChangeSignOffs.POST } },
  { path: '/api/v1/changes/[change]/start', methods: { POST: changesChangeStart.POST } },
  { path: '/api/v1/changes/[change]/withdrawal', methods: { POST: changesChangeWithdrawal.POST } },
  { path: '/api/v1/changes/measures', methods: { GET: changesMeasures.GET } },
  { path: '/api/v1/changes', methods: { GET: changes.GET, POST: changes.POST } },
  { path: '/api/v1/live', methods: { GET: live.GET } },
  { path: '/api/v1/kill-switches/[switch]/release', methods: { POST: killSwitchesSwitchRelease.POST } },
  { path: '/api/v1/kill-switches', methods: { GET: killSwitches.GET, POST: killSwitches.POST } },
  { path: '/api/v1/logs', methods: { GET: logs.GET } },
  { path: '/api/v1/me', methods: { GET: me.GET } },
  { path: '/api/v1/overview', methods: { GET: overview.GET } },
  { path: '/api/v1/plans/[plan]', methods: { GET: plansPlan.GET } },
  { path: '/api/v1/plans', methods: { POST: plans.POST } },
  { path: '/api/v1/reports/[month]/corrections', methods: { POST: reportsMonthCorrections.POST } },
  { path: '/api/v1/reports/[month]', methods: { GET: reportsMonth.GET } },
  { path: '/api/v1/reports', methods: { GET: reports.GET } },
  { path: '/api/v1/services/[service]/charts', methods: { GET: servicesServiceCharts.GET } },
  { path: '/api/v1/services/[service]/colours', methods: { GET: servicesServiceColours.GET } },
  { path: '/api/v1/services/[service]/database', methods: { GET: servicesServiceDatabase.GET } },
  { path: '/api/v1/services/[service]/revisions', methods: { GET: servicesServiceRevisions.GET } },
  { path: '/api/v1/services/[service]/history', methods: { GET: servicesServiceHistory.GET } },
  { path: '/api/v1/services/[service]/gate', methods: { GET: servicesServiceGate.GET } },
  { path: '/api/v1/services/[service]', methods: { GET: servicesService.GET } },
  { path: '/api/v1/services/[service]/slis', methods: { GET: servicesServiceSlis.GET } },
  { path: '/api/v1/services/[service]/workloads', methods: { GET: servicesServiceWorkloads.GET } },
  { path: '/api/v1/services', methods: { GET: services.GET } },
  { path: '/api/v1/slo-days', methods: { GET: sloDays.GET } },
  { path: '/api/v1/slos/[slo]/backtest', methods: { GET: slosSloBacktest.GET } },
  { path: '/api/v1/slos/[slo]/entries/[entry]', methods: { DELETE: slosSloEntriesEntry.DELETE } },
  { path: '/api/v1/slos/[slo]/entries', methods: { POST: slosSloEntries.POST } },
  {
    path: '/api/v1/slos/[slo]/exclusions/[exclusion]',
    methods: { DELETE: slosSloExclusionsExclusion.DELETE },
  },
  { path: '/api/v1/slos/[slo]/exclusions', methods: { POST: slosSloExclusions.POST } },
  { path: '/api/v1/slos/[slo]/export', methods: { GET: slosSloExport.GET } },
  { path: '/api/v1/slos/[slo]/ledger', methods: { GET: slosSloLedger.GET } },
  { path: '/api/v1/slos/[slo]', methods: { GET: slosSlo.GET } },
  { path: '/api/v1/slos/[slo]/rules', methods: { GET: slosSloRules.GET } },
  { path: '/api/v1/slos/[slo]/span/labels', methods: { GET: slosSloSpanLabels.GET } },
  { path: '/api/v1/slos/[slo]/span', methods: { GET: slosSloSpan.GET } },
  { path: '/api/v1/slos/adopted/[adopted]', methods: { GET: slosAdoptedAdopted.GET } },
  { path: '/api/v1/slos/adopted', methods: { GET: slosAdopted.GET } },
  { path: '/api/v1/slos', methods: { GET: slos.GET } },
  { path: '/api/v1/status/messages/[message]', methods: { POST: statusMessagesMessage.POST } },
  { path: '/api/v1/status/messages', methods: { POST: statusMessages.POST } },
  { path: '/api/v1/status', methods: { GET: status.GET } },
  { path: '/api/v1/views/[view]', methods: { POST: viewsView.POST, DELETE: viewsView.DELETE } },
  { path: '/api/v1/views', methods: { GET: views.GET, POST: views.POST } },
  { path: '/health', methods: { GET: health.GET } },
  { path: '/metrics', methods: { GET: metrics.GET } },
  { path: '/ready', methods: { GET: ready.GET } },
];
