export interface Problem {
  status: number;
  code: string;
  detail: string;
  field?: string;
  requestId?: string;
  extra: Record<string, unknown>;
}

const AWAY: Problem = {
  status: 0,
  code: 'away',
  detail: 'The server did not answer. Try again.',
  extra: {},
};

/** What went wrong, from whatever a request was rejected with. */
export const problemOf = (error: unknown): Problem => {
  if (typeof error !== 'object' || error === null || !('status' in error)) return AWAY;
  const { status, data } = error as { status: unknown; data?: unknown };
  if (typeof status !== 'number' || typeof data !== 'object' || data === null) return AWAY;
  const told = data as Record<string, unknown>;
  return {
    status,
    code: typeof told['code'] === 'string' ? told['code'] : 'error',
    detail: typeof told['detail'] === 'string' ? told['detail'] : AWAY.detail,
    field: typeof told['field'] === 'string' ? told['field'] : undefined,
    requestId: typeof told['request_id'] === 'string' ? told['request_id'] : undefined,
    extra: told,
  };
};
