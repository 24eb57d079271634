import { describe, expect, it } from 'vitest';
import { asked, isFree, read, write } from '@/features/browse/question';

describe('the address of the films page', () => {
  it('says again what it was read from', () => {
    const address = 'genre=Film+Noir&genre=Crime&from=1944&to=1958&language=en&rating=7&sort=-year';
    expect(write(read(new URLSearchParams(address))).toString()).toBe(address);
  });
  it('forgets what makes no sense', () => {
    const question = read(new URLSearchParams('from=abc&to=99999&rating=NaN&sort=drop+table&longest='));
    expect(isFree(question)).toBe(true);
    expect(question.sort).toBe('-popularity');
  });
  it('asks the API for no bound that was not given', () => {
    expect(asked(read(new URLSearchParams('genre=Drama'))).yearFrom).toBeUndefined();
  });
});
