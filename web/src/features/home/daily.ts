/** The same few for everybody on one day, others on the next. */
export const daily = <T>(from: readonly T[], day: Date, many: number): T[] => {
  let seed = day.getFullYear() * 372 + day.getMonth() * 31 + day.getDate();
  const left = [...from];
  const found: T[] = [];
  while (found.length < many && left.length) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    found.push(...left.splice((seed >>> 8) % left.length, 1));
  }
  return found;
};
