import { expect, it } from 'vitest';
import { problemOf } from '@/lib/problem';

it('says for how long to wait, in words', () => {
  const told = { status: 429, data: { detail: 'Wait a little.', retry_after: 298 } };
  expect(problemOf(told).detail).toBe('Too many tries. Try again in 5 minutes.');
  expect(problemOf({ status: 429, data: { detail: 'Wait a little.', retry_after: 1 } }).detail).toContain('1 second.');
  expect(problemOf({ status: 429, data: { detail: 'Wait a little.' } }).detail).toBe('Wait a little.');
});

it('tells nobody in a browser to send a bearer token', () => {
  const told = { status: 401, data: { detail: 'This needs an account. Sign in, or send a bearer token.' } };
  expect(problemOf(told).detail).toBe('Your sign-in has ended. Log in again.');
});

it('takes a page of some proxy, or nothing at all, for a server that is away', () => {
  for (const told of [{ status: 502, data: '<html>' }, { status: 'FETCH_ERROR' }, null, 'x']) {
    expect(problemOf(told).status).toBe(0);
  }
});
