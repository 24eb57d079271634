/** A key for one write. `crypto.randomUUID` is not there on plain http at a LAN name; this is. */
export const onceKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
