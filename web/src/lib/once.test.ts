import { afterEach, expect, test, vi } from 'vitest';
import { onceKey } from '@/lib/once';

afterEach(() => vi.unstubAllGlobals());

test('a key is made where the browser has no randomUUID, as on plain http at a LAN name', () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  expect(onceKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(onceKey()).not.toBe(onceKey());
});
