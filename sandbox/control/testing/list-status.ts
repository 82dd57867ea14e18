import { get } from 'node:https';
import type { Cluster } from '../../kubernetes/cluster';

/** What a client of the cluster gets for a read, as the web's account. */
export function listStatus(cluster: Cluster): Promise<number> {
  const { token } = cluster.kubeconfigFor('signalbox-web').user.user;
  const options = { headers: { authorization: `Bearer ${token}` }, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    get(`${cluster.url}/api/v1/namespaces/kube-system`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}
