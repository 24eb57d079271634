import { useEffect } from 'react';
import { useLocation } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { useAppDispatch } from '@/app/store';
import { csrfToken, SESSION_ENDED } from '@/lib/cookies';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';
import type { OwnProfile } from '@/api/generated/api';

export interface Session {
  me: OwnProfile | null;
  isKnown: boolean;
  isModerator: boolean;
  isAdmin: boolean;
  /** Why it is not known, where the server could not say. */
  trouble: unknown;
}

/** Who is signed in, if anybody; `isKnown` once the server has said so. Without the cookie it is not asked. */
export const useSession = (): Session => {
  const isStranger = csrfToken() === '';
  const { data, error, isLoading } = marquee.useMeQuery(undefined, { skip: isStranger });
  const trouble = error && !isStranger && problemOf(error).status !== 401 ? error : undefined;
  const me = isStranger || error ? null : (data ?? null);
  return {
    me,
    isKnown: !isLoading && !trouble,
    isModerator: me?.role === 'moderator' || me?.role === 'admin',
    isAdmin: me?.role === 'admin',
    trouble,
  };
};

/** Tells whoever was signed in that they no longer are, once, with the way back to this page. */
export const useFarewell = (): void => {
  const dispatch = useAppDispatch();
  const { pathname, search } = useLocation();
  useEffect(() => {
    const onEnd = () => {
      dispatch(marquee.util.invalidateTags(['accounts', 'auth', 'reviews']));
      const then = encodeURIComponent(pathname + search);
      toast('Your sign-in has ended.', { text: 'Log in again', to: `/login?then=${then}` });
    };
    window.addEventListener(SESSION_ENDED, onEnd);
    return () => window.removeEventListener(SESSION_ENDED, onEnd);
  }, [dispatch, pathname, search]);
};

export const useRatingStyle = (): 'stars' | 'ten' => useSession().me?.preferences.rating_style ?? 'stars';
