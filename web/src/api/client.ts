import {
  createApi,
  fetchBaseQuery,
  type BaseQueryFn,
  type FetchArgs,
  type FetchBaseQueryError,
} from '@reduxjs/toolkit/query/react';
import { csrfToken } from '@/lib/cookies';

const SAFE = new Set(['GET', 'HEAD']);

const raw = fetchBaseQuery({
  baseUrl: '/',
  credentials: 'same-origin',
  paramsSerializer: (given) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== null && one !== '') query.append(name, String(one));
      }
    }
    return query.toString();
  },
  prepareHeaders: (headers) => {
    headers.set('Accept', 'application/json');
    const token = csrfToken();
    if (token) headers.set('X-CSRF-Token', token);
    return headers;
  },
});

/** Repeats the session's CSRF token, and carries no header that was left out. */
const baseQuery: BaseQueryFn<string | FetchArgs, unknown, FetchBaseQueryError> = (args, api, extra) => {
  if (typeof args === 'string') return raw(args, api, extra);
  const given = Object.entries((args.headers ?? {}) as Record<string, string | undefined>);
  const headers = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const method = args.method ?? 'GET';
  return raw(SAFE.has(method) ? { ...args, headers } : { ...args, headers, cache: 'no-store' }, api, extra);
};

export const emptyApi = createApi({
  reducerPath: 'api',
  baseQuery,
  keepUnusedDataFor: 60,
  endpoints: () => ({}),
});
