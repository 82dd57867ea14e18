import { servePublished } from '@/lib/status/serve';

export const dynamic = 'force-dynamic';

export const GET = () => servePublished('summary.json');
