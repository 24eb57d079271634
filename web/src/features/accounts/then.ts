/** Where to go after signing in: a path of this site, never another one's address. */
export const placeAfter = (given: string | null): string => {
  if (!given?.startsWith('/') || given.startsWith('//') || /[\\\s]/.test(given)) return '/';
  return given;
};
