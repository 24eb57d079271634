import { expect, it } from 'vitest';
import { placeAfter } from '@/features/accounts/then';

it('goes nowhere but to a page of this site', () => {
  expect(placeAfter('/films/7?x=1')).toBe('/films/7?x=1');
  for (const elsewhere of ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', null]) {
    expect(placeAfter(elsewhere)).toBe('/');
  }
});
