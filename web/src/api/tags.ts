import { api } from '@/api/generated/api';

// What a change makes stale beyond its own context: a review moves its film's figures.
export const marquee = api.enhanceEndpoints({
  addTagTypes: ['accounts', 'auth', 'catalog', 'parked', 'reviews', 'search'],
  endpoints: {
    postReview: { invalidatesTags: ['reviews', 'catalog'] },
    editReview: { invalidatesTags: ['reviews', 'catalog'] },
    deleteReview: { invalidatesTags: ['reviews', 'catalog'] },
    signIn: { invalidatesTags: ['accounts', 'auth', 'reviews'] },
    signOut: { invalidatesTags: ['accounts', 'auth', 'reviews'] },
    deleteMe: { invalidatesTags: ['accounts', 'auth', 'reviews'] },
  },
});
