import { emptyApi } from '@/api/client';
import type { FacetCount } from '@/api/generated/api';

export interface Hit {
  kind: 'movie' | 'person';
  id: string;
  title: string;
  year: number | null;
  highlight: string;
  score: number;
  poster_url: string | null;
}

export interface SearchAnswer {
  items: Hit[];
  next: string | null;
  total: number;
  facets?: Record<string, FacetCount[]>;
}

export interface SearchQuestion {
  q: string;
  kind?: string;
  genre?: string[];
  decade?: string;
  platform?: string;
  cursor?: string;
  limit?: number;
}

const searching = emptyApi.injectEndpoints({
  endpoints: (build) => ({
    search: build.query<SearchAnswer, SearchQuestion>({
      query: (params) => ({ url: '/api/v1/search', params: { ...params } }),
    }),
    suggest: build.query<{ items: Hit[] }, string>({
      query: (q) => ({ url: '/api/v1/search/suggest', params: { q } }),
    }),
  }),
});

export const { useSearchQuery, useSuggestQuery } = searching;
