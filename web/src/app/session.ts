import { marquee } from '@/api/tags';
import { csrfToken } from '@/lib/cookies';
import type { OwnProfile } from '@/api/generated/api';

export interface Session {
  me: OwnProfile | null;
  isKnown: boolean;
  isModerator: boolean;
  isAdmin: boolean;
}

/** Who is signed in, if anybody; `isKnown` once the server has said so. Without the cookie it is not asked. */
export const useSession = (): Session => {
  const isStranger = csrfToken() === '';
  const { data, isError, isLoading } = marquee.useMeQuery(undefined, { skip: isStranger });
  const me = isStranger || isError ? null : (data ?? null);
  return {
    me,
    isKnown: !isLoading,
    isModerator: me?.role === 'moderator' || me?.role === 'admin',
    isAdmin: me?.role === 'admin',
  };
};

export const useRatingStyle = (): 'stars' | 'ten' => useSession().me?.preferences.rating_style ?? 'stars';
