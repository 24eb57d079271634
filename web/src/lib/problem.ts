export interface Problem {
  status: number;
  code: string;
  detail: string;
  field?: string;
  requestId?: string;
  /** In how many seconds it is worth another try, where the server says so. */
  retryAfter?: number;
  extra: Record<string, unknown>;
}

const AWAY: Problem = {
  status: 0,
  code: 'away',
  detail: 'The server did not answer. Try again.',
  extra: {},
};

/** "40 seconds", "5 minutes". */
export const wait = (seconds: number): string => {
  const minutes = Math.ceil(seconds / 60);
  if (seconds > 90) return `${minutes} minutes`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
};

/** In words for people: the server's own, but for what it says to programs. */
const say = (status: number, detail: string, retryAfter?: number): string => {
  if (status === 401) return 'Your sign-in has ended. Log in again.';
  if (status === 429 && retryAfter) return `Too many tries. Try again in ${wait(retryAfter)}.`;
  return detail;
};

/** What went wrong, from whatever a request was rejected with. */
export const problemOf = (error: unknown): Problem => {
  if (typeof error !== 'object' || error === null || !('status' in error)) return AWAY;
  const { status, data } = error as { status: unknown; data?: unknown };
  if (typeof status !== 'number' || typeof data !== 'object' || data === null) return AWAY;
  const told = data as Record<string, unknown>;
  const retryAfter = typeof told['retry_after'] === 'number' ? told['retry_after'] : undefined;
  return {
    status,
    code: typeof told['code'] === 'string' ? told['code'] : 'error',
    detail: say(status, typeof told['detail'] === 'string' ? told['detail'] : AWAY.detail, retryAfter),
    field: typeof told['field'] === 'string' ? told['field'] : undefined,
    requestId: typeof told['request_id'] === 'string' ? told['request_id'] : undefined,
    retryAfter,
    extra: told,
  };
};
