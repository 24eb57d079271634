import { configureStore } from '@reduxjs/toolkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyApi } from '@/api/client';
import { csrfToken, forgetSession, SESSION_ENDED } from '@/lib/cookies';

const api = emptyApi.injectEndpoints({ endpoints: (build) => ({ me: build.query<unknown, number>({ query: () => 'http://localhost/me' }) }) });
const store = configureStore({
  reducer: { [api.reducerPath]: api.reducer },
  middleware: (usual) => usual().concat(api.middleware),
});
const ended = vi.fn();
const refused = () => Promise.resolve(Response.json({ status: 401, detail: 'Sign in.' }, { status: 401 }));

beforeEach(() => {
  ended.mockClear();
  window.addEventListener(SESSION_ENDED, ended);
  document.cookie = 'marquee_csrf=first; Path=/';
});
afterEach(() => {
  window.removeEventListener(SESSION_ENDED, ended);
  vi.unstubAllGlobals();
  forgetSession();
});

it('forgets a session that the server no longer knows, and says so once', async () => {
  vi.stubGlobal('fetch', refused);
  await Promise.all([store.dispatch(api.endpoints.me.initiate(1)), store.dispatch(api.endpoints.me.initiate(2))]);
  expect([csrfToken(), ended.mock.calls.length]).toEqual(['', 1]);
});

it('keeps a session that began while an answer to the one before was on its way', async () => {
  vi.stubGlobal('fetch', () => {
    document.cookie = 'marquee_csrf=second; Path=/';
    return refused();
  });
  await store.dispatch(api.endpoints.me.initiate(3));
  expect([csrfToken(), ended.mock.calls.length]).toEqual(['second', 0]);
});

it('tries once more where a lost token came back with the refusal, and only then', async () => {
  const sent: (string | null)[] = [];
  forgetSession();
  vi.stubGlobal('fetch', (asked: Request) => {
    sent.push(asked.headers.get('X-CSRF-Token'));
    document.cookie = 'marquee_csrf=again; Path=/';
    const problem = { status: 403, field: 'X-CSRF-Token', detail: 'Repeat it.' };
    return Promise.resolve(Response.json(problem, { status: 403 }));
  });
  await store.dispatch(api.endpoints.me.initiate(4));
  await store.dispatch(api.endpoints.me.initiate(5));
  expect(sent).toEqual([null, 'again', 'again']);
});
