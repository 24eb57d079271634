import { api, type HitView } from '@/api/generated/api';

export type Hit = HitView;
export const { useSearchEverythingQuery, useSuggestQuery } = api;
