import { ChangeParams } from '@/lib/change/contract';
import { MeasurementList, MeasurementsQuery } from '@/lib/change/measured-contract';
import { viewMeasurements } from '@/lib/change/view-evidence';
import { route } from '@/lib/http/route';

export const GET = route({
  summary: 'The readings of the guard or the analysis of a change, newest first',
  audience: 'signed-in',
  tokens: 'read',
  input: null,
  params: ChangeParams,
  query: MeasurementsQuery,
  output: MeasurementList,
  handler: ({ params, query }) => viewMeasurements(params.change, query),
});
