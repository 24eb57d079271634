import { afterEach, expect, it, vi } from 'vitest';
import { csrfToken } from '@/lib/cookies';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['marquee_csrf=old; __Host-marquee_csrf=right', 'right'],
  ['a=1; marquee_csrf=only', 'only'],
  ['not_marquee_csrf=another', ''],
])('reads the token in %j', (cookies, token) => {
  vi.spyOn(document, 'cookie', 'get').mockReturnValue(cookies);
  expect(csrfToken()).toBe(token);
});
