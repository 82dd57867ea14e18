/** Runs once when the web process starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { startWeb } = await import('@/lib/http/start');
    await startWeb();
    // The watches start now: the first page after a start then has its values.
    const [{ clusters }, { config }] = await Promise.all([
      import('@/lib/service/clusters'),
      import('@/lib/config/load'),
    ]);
    clusters(config());
  }
}
