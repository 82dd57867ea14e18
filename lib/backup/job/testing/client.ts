import { type ClusterClient, clusterClient } from '@/lib/actuators/kubernetes/client';

/** The cluster of a test, with the account of a kubeconfig file. */
export const clientOf = (kubeconfig: string): ClusterClient =>
  clusterClient({
    id: 'us-east-1',
    access: { kubeconfig, context: 'us-east-1' },
    folder: '/',
    timeoutSeconds: 5,
    userAgent: 'signalbox-worker',
  });
