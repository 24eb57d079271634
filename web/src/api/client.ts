import {
  createApi,
  fetchBaseQuery,
  type BaseQueryFn,
  type FetchArgs,
  type FetchBaseQueryError,
} from '@reduxjs/toolkit/query/react';
import { csrfToken, forgetSession, SESSION_ENDED } from '@/lib/cookies';

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

// Where a 401 says that a password is wrong, not that a session has ended.
const SIGNING_IN = new Set(['signIn', 'register']);

const isOfToken = (answer: { error?: FetchBaseQueryError }): boolean =>
  answer.error?.status === 403 && (answer.error.data as { field?: unknown } | null)?.field === 'X-CSRF-Token';

/** Repeats the session's CSRF token, and carries no header that was left out. A session that has ended is forgotten. */
const baseQuery: BaseQueryFn<string | FetchArgs, unknown, FetchBaseQueryError> = async (args, api, extra) => {
  const asked: FetchArgs = typeof args === 'string' ? { url: args } : args;
  const given = Object.entries((asked.headers ?? {}) as Record<string, string | undefined>);
  const headers = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const isSafe = SAFE.has(asked.method ?? 'GET');
  const token = csrfToken();
  const ask = async () => raw(isSafe ? { ...asked, headers } : { ...asked, headers, cache: 'no-store' }, api, extra);
  let answer = await ask();
  // The browser had lost the token, and the refusal brought it again; nothing has been done.
  if (isOfToken(answer) && token !== csrfToken()) answer = await ask();
  if (!answer.error) return answer;
  const after = Number(answer.meta?.response?.headers.get('Retry-After'));
  if (after > 0 && typeof answer.error.data === 'object') answer.error.data = { ...answer.error.data, retry_after: after };
  // Not of a session that began meanwhile.
  if (answer.error.status === 401 && token && token === csrfToken() && !SIGNING_IN.has(api.endpoint)) {
    forgetSession();
    window.dispatchEvent(new Event(SESSION_ENDED));
  }
  return answer;
};

export const emptyApi = createApi({
  reducerPath: 'api',
  baseQuery,
  keepUnusedDataFor: 60,
  endpoints: () => ({}),
});
