import { emptyApi as api } from "../client";
export const addTagTypes = [
  "accounts",
  "auth",
  "catalog",
  "reviews",
  "parked",
  "search",
] as const;
const injectedRtkApi = api
  .enhanceEndpoints({
    addTagTypes,
  })
  .injectEndpoints({
    endpoints: (build) => ({
      register: build.mutation<RegisterApiResponse, RegisterApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/accounts`,
          method: "POST",
          body: queryArg.newAccount,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["accounts"],
      }),
      logIn: build.mutation<LogInApiResponse, LogInApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/auth/login`,
          method: "POST",
          body: queryArg.credentials,
        }),
        invalidatesTags: ["auth"],
      }),
      logOut: build.mutation<LogOutApiResponse, LogOutApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/auth/logout`,
          method: "POST",
          body: queryArg.refresh,
        }),
        invalidatesTags: ["auth"],
      }),
      changePassword: build.mutation<
        ChangePasswordApiResponse,
        ChangePasswordApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/auth/password`,
          method: "POST",
          body: queryArg.newPassword,
        }),
        invalidatesTags: ["auth"],
      }),
      refresh: build.mutation<RefreshApiResponse, RefreshApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/auth/refresh`,
          method: "POST",
          body: queryArg.refresh,
        }),
        invalidatesTags: ["auth"],
      }),
      signOut: build.mutation<SignOutApiResponse, SignOutApiArg>({
        query: () => ({ url: `/api/v1/auth/session`, method: "DELETE" }),
        invalidatesTags: ["auth"],
      }),
      signIn: build.mutation<SignInApiResponse, SignInApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/auth/session`,
          method: "POST",
          body: queryArg.credentials,
        }),
        invalidatesTags: ["auth"],
      }),
      sessions: build.query<SessionsApiResponse, SessionsApiArg>({
        query: () => ({ url: `/api/v1/auth/sessions` }),
        providesTags: ["auth"],
      }),
      revoke: build.mutation<RevokeApiResponse, RevokeApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/auth/sessions/${queryArg.sessionId}`,
          method: "DELETE",
        }),
        invalidatesTags: ["auth"],
      }),
      listGenres: build.query<ListGenresApiResponse, ListGenresApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/genres`,
          params: {
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["catalog"],
      }),
      deleteMe: build.mutation<DeleteMeApiResponse, DeleteMeApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/me`,
          method: "DELETE",
          body: queryArg.farewell,
        }),
        invalidatesTags: ["accounts"],
      }),
      me: build.query<MeApiResponse, MeApiArg>({
        query: () => ({ url: `/api/v1/me` }),
        providesTags: ["accounts"],
      }),
      changeMe: build.mutation<ChangeMeApiResponse, ChangeMeApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/me`,
          method: "PATCH",
          body: queryArg.profilePatch,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["accounts"],
      }),
      myReviews: build.query<MyReviewsApiResponse, MyReviewsApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/me/reviews`,
          params: {
            sort: queryArg.sort,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
            movie_id: queryArg.movieId,
          },
        }),
        providesTags: ["reviews"],
      }),
      listMovies: build.query<ListMoviesApiResponse, ListMoviesApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/movies`,
          params: {
            genre: queryArg.genre,
            platform: queryArg.platform,
            language: queryArg.language,
            person: queryArg.person,
            decade: queryArg.decade,
            year: queryArg.year,
            year_from: queryArg.yearFrom,
            year_to: queryArg.yearTo,
            runtime_min: queryArg.runtimeMin,
            runtime_max: queryArg.runtimeMax,
            rating_min: queryArg.ratingMin,
            facets: queryArg.facets,
            sort: queryArg.sort,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["catalog"],
      }),
      createMovie: build.mutation<CreateMovieApiResponse, CreateMovieApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/movies`,
          method: "POST",
          body: queryArg.newMovie,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      deleteMovie: build.mutation<DeleteMovieApiResponse, DeleteMovieApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/movies/${queryArg.movieId}`,
          method: "DELETE",
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      getMovie: build.query<GetMovieApiResponse, GetMovieApiArg>({
        query: (queryArg) => ({ url: `/api/v1/movies/${queryArg.movieId}` }),
        providesTags: ["catalog"],
      }),
      changeMovie: build.mutation<ChangeMovieApiResponse, ChangeMovieApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/movies/${queryArg.movieId}`,
          method: "PATCH",
          body: queryArg.moviePatch,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      reviewsOfMovie: build.query<
        ReviewsOfMovieApiResponse,
        ReviewsOfMovieApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/movies/${queryArg.movieId}/reviews`,
          params: {
            sort: queryArg.sort,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["reviews"],
      }),
      listParked: build.query<ListParkedApiResponse, ListParkedApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/parked`,
          params: {
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["parked"],
      }),
      dropParked: build.mutation<DropParkedApiResponse, DropParkedApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/parked/${queryArg.messageId}`,
          method: "DELETE",
        }),
        invalidatesTags: ["parked"],
      }),
      replayParked: build.mutation<ReplayParkedApiResponse, ReplayParkedApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/parked/${queryArg.messageId}/replay`,
            method: "POST",
          }),
          invalidatesTags: ["parked"],
        },
      ),
      listPeople: build.query<ListPeopleApiResponse, ListPeopleApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/people`,
          params: {
            q: queryArg.q,
            sort: queryArg.sort,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["catalog"],
      }),
      createPerson: build.mutation<CreatePersonApiResponse, CreatePersonApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/people`,
            method: "POST",
            body: queryArg.newPerson,
            headers: {
              "Idempotency-Key": queryArg["Idempotency-Key"],
            },
          }),
          invalidatesTags: ["catalog"],
        },
      ),
      deletePerson: build.mutation<DeletePersonApiResponse, DeletePersonApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/people/${queryArg.personId}`,
            method: "DELETE",
            headers: {
              "Idempotency-Key": queryArg["Idempotency-Key"],
              "If-Match": queryArg["If-Match"],
            },
          }),
          invalidatesTags: ["catalog"],
        },
      ),
      getPerson: build.query<GetPersonApiResponse, GetPersonApiArg>({
        query: (queryArg) => ({ url: `/api/v1/people/${queryArg.personId}` }),
        providesTags: ["catalog"],
      }),
      changePerson: build.mutation<ChangePersonApiResponse, ChangePersonApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/people/${queryArg.personId}`,
            method: "PATCH",
            body: queryArg.personPatch,
            headers: {
              "Idempotency-Key": queryArg["Idempotency-Key"],
              "If-Match": queryArg["If-Match"],
            },
          }),
          invalidatesTags: ["catalog"],
        },
      ),
      listPlatforms: build.query<ListPlatformsApiResponse, ListPlatformsApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/platforms`,
            params: {
              cursor: queryArg.cursor,
              limit: queryArg.limit,
            },
          }),
          providesTags: ["catalog"],
        },
      ),
      createPlatform: build.mutation<
        CreatePlatformApiResponse,
        CreatePlatformApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/platforms`,
          method: "POST",
          body: queryArg.newPlatform,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      deletePlatform: build.mutation<
        DeletePlatformApiResponse,
        DeletePlatformApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/platforms/${queryArg.platformId}`,
          method: "DELETE",
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      getPlatform: build.query<GetPlatformApiResponse, GetPlatformApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/platforms/${queryArg.platformId}`,
        }),
        providesTags: ["catalog"],
      }),
      changePlatform: build.mutation<
        ChangePlatformApiResponse,
        ChangePlatformApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/platforms/${queryArg.platformId}`,
          method: "PATCH",
          body: queryArg.platformPatch,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      dropMovie: build.mutation<DropMovieApiResponse, DropMovieApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/platforms/${queryArg.platformId}/movies/${queryArg.movieId}`,
          method: "DELETE",
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      carryMovie: build.mutation<CarryMovieApiResponse, CarryMovieApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/platforms/${queryArg.platformId}/movies/${queryArg.movieId}`,
          method: "PUT",
          body: queryArg.carryBody,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["catalog"],
      }),
      listReviews: build.query<ListReviewsApiResponse, ListReviewsApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/reviews`,
          params: {
            sort: queryArg.sort,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
            active: queryArg.active,
          },
        }),
        providesTags: ["reviews"],
      }),
      postReview: build.mutation<PostReviewApiResponse, PostReviewApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/reviews`,
          method: "POST",
          body: queryArg.newReview,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
          },
        }),
        invalidatesTags: ["reviews"],
      }),
      deleteReview: build.mutation<DeleteReviewApiResponse, DeleteReviewApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/reviews/${queryArg.reviewId}`,
            method: "DELETE",
            headers: {
              "Idempotency-Key": queryArg["Idempotency-Key"],
              "If-Match": queryArg["If-Match"],
            },
          }),
          invalidatesTags: ["reviews"],
        },
      ),
      getReview: build.query<GetReviewApiResponse, GetReviewApiArg>({
        query: (queryArg) => ({ url: `/api/v1/reviews/${queryArg.reviewId}` }),
        providesTags: ["reviews"],
      }),
      editReview: build.mutation<EditReviewApiResponse, EditReviewApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/reviews/${queryArg.reviewId}`,
          method: "PATCH",
          body: queryArg.reviewPatch,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["reviews"],
      }),
      searchEverything: build.query<
        SearchEverythingApiResponse,
        SearchEverythingApiArg
      >({
        query: (queryArg) => ({
          url: `/api/v1/search`,
          params: {
            q: queryArg.q,
            kind: queryArg.kind,
            genre: queryArg.genre,
            decade: queryArg.decade,
            platform: queryArg.platform,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["search"],
      }),
      rebuildIndex: build.mutation<RebuildIndexApiResponse, RebuildIndexApiArg>(
        {
          query: () => ({ url: `/api/v1/search/rebuild`, method: "POST" }),
          invalidatesTags: ["search"],
        },
      ),
      suggest: build.query<SuggestApiResponse, SuggestApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/search/suggest`,
          params: {
            q: queryArg.q,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["search"],
      }),
      users: build.query<UsersApiResponse, UsersApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/users`,
          params: {
            q: queryArg.q,
            cursor: queryArg.cursor,
            limit: queryArg.limit,
          },
        }),
        providesTags: ["accounts"],
      }),
      user: build.query<UserApiResponse, UserApiArg>({
        query: (queryArg) => ({ url: `/api/v1/users/${queryArg.username}` }),
        providesTags: ["accounts"],
      }),
      governUser: build.mutation<GovernUserApiResponse, GovernUserApiArg>({
        query: (queryArg) => ({
          url: `/api/v1/users/${queryArg.username}`,
          method: "PATCH",
          body: queryArg.memberPatch,
          headers: {
            "Idempotency-Key": queryArg["Idempotency-Key"],
            "If-Match": queryArg["If-Match"],
          },
        }),
        invalidatesTags: ["accounts"],
      }),
      reviewsOfUser: build.query<ReviewsOfUserApiResponse, ReviewsOfUserApiArg>(
        {
          query: (queryArg) => ({
            url: `/api/v1/users/${queryArg.username}/reviews`,
            params: {
              sort: queryArg.sort,
              cursor: queryArg.cursor,
              limit: queryArg.limit,
            },
          }),
          providesTags: ["reviews"],
        },
      ),
    }),
    overrideExisting: false,
  });
export { injectedRtkApi as api };
export type RegisterApiResponse = /** status 201 Make an account. */ OwnProfile;
export type RegisterApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  newAccount: NewAccount;
};
export type LogInApiResponse =
  /** status 200 Sign in with a username or an e-mail address. */ TokenPair;
export type LogInApiArg = {
  credentials: Credentials;
};
export type LogOutApiResponse = unknown;
export type LogOutApiArg = {
  refresh: Refresh;
};
export type ChangePasswordApiResponse = unknown;
export type ChangePasswordApiArg = {
  newPassword: NewPassword;
};
export type RefreshApiResponse =
  /** status 200 The next pair of tokens; each refresh token may be used once. */ TokenPair;
export type RefreshApiArg = {
  refresh: Refresh;
};
export type SignOutApiResponse = unknown;
export type SignOutApiArg = void;
export type SignInApiResponse =
  /** status 200 Sign a browser in: the session is a cookie, and no token is in the answer. */ BrowserSignIn;
export type SignInApiArg = {
  credentials: Credentials;
};
export type SessionsApiResponse =
  /** status 200 Where you have signed in, the latest used first. */ {
    items: SessionView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type SessionsApiArg = void;
export type RevokeApiResponse = unknown;
export type RevokeApiArg = {
  sessionId: string;
};
export type ListGenresApiResponse =
  /** status 200 Every genre, with how many movies have it. */ {
    items: GenreView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ListGenresApiArg = {
  cursor?: string;
  limit?: number;
};
export type DeleteMeApiResponse = unknown;
export type DeleteMeApiArg = {
  farewell: Farewell;
};
export type MeApiResponse = /** status 200 Your own account. */ OwnProfile;
export type MeApiArg = void;
export type ChangeMeApiResponse =
  /** status 200 Change your own account. */ OwnProfile;
export type ChangeMeApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
  profilePatch: ProfilePatch;
};
export type MyReviewsApiResponse =
  /** status 200 Your own reviews, hidden ones too. */ {
    items: ReviewView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type MyReviewsApiArg = {
  sort?: "highest" | "lowest" | "newest";
  cursor?: string;
  limit?: number;
  movieId?: string;
};
export type ListMoviesApiResponse =
  /** status 200 Movies by genre, year, platform, person, language, length and rating, in any order. */ {
    items: MovieItem[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ListMoviesApiArg = {
  genre?: string[];
  platform?: string[];
  language?: string[];
  person?: string[];
  decade?: string[];
  year?: number;
  yearFrom?: number;
  yearTo?: number;
  runtimeMin?: number;
  runtimeMax?: number;
  ratingMin?: number;
  facets?: string;
  sort?:
    | "-popularity"
    | "-rating"
    | "-reviews"
    | "-title"
    | "-year"
    | "popularity"
    | "rating"
    | "reviews"
    | "title"
    | "year";
  cursor?: string;
  limit?: number;
};
export type CreateMovieApiResponse = /** status 201 Create a movie. */ Movie;
export type CreateMovieApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  newMovie: NewMovie;
};
export type DeleteMovieApiResponse = unknown;
export type DeleteMovieApiArg = {
  movieId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match": string;
};
export type GetMovieApiResponse =
  /** status 200 Everything that is known of a movie. */ Movie;
export type GetMovieApiArg = {
  movieId: string;
};
export type ChangeMovieApiResponse =
  /** status 200 Change what is said of a movie; no import changes it back. */ Movie;
export type ChangeMovieApiArg = {
  movieId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match": string;
  moviePatch: MoviePatch;
};
export type ReviewsOfMovieApiResponse =
  /** status 200 What people think of a movie. */ {
    items: ReviewView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ReviewsOfMovieApiArg = {
  movieId: string;
  sort?: "highest" | "lowest" | "newest";
  cursor?: string;
  limit?: number;
};
export type ListParkedApiResponse =
  /** status 200 Messages that a listener could not take, the longest parked first. */ ParkedPage;
export type ListParkedApiArg = {
  cursor?: string;
  limit?: number;
};
export type DropParkedApiResponse = unknown;
export type DropParkedApiArg = {
  messageId: string;
};
export type ReplayParkedApiResponse = unknown;
export type ReplayParkedApiArg = {
  messageId: string;
};
export type ListPeopleApiResponse =
  /** status 200 People, the best known first. */ {
    items: PersonItem[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ListPeopleApiArg = {
  q?: string;
  sort?: "-name" | "-popularity" | "name" | "popularity";
  cursor?: string;
  limit?: number;
};
export type CreatePersonApiResponse =
  /** status 201 Create a person. */ PersonWritten;
export type CreatePersonApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  newPerson: NewPerson;
};
export type DeletePersonApiResponse = unknown;
export type DeletePersonApiArg = {
  personId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
};
export type GetPersonApiResponse =
  /** status 200 A person and everything they did, newest first. */ PersonView;
export type GetPersonApiArg = {
  personId: string;
};
export type ChangePersonApiResponse =
  /** status 200 Rename a person, in every movie; imports that use the old name still mean them. */ PersonWritten;
export type ChangePersonApiArg = {
  personId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
  personPatch: PersonPatch;
};
export type ListPlatformsApiResponse =
  /** status 200 Every platform, by name. */ {
    items: PlatformView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ListPlatformsApiArg = {
  cursor?: string;
  limit?: number;
};
export type CreatePlatformApiResponse =
  /** status 201 Create a platform. */ PlatformView;
export type CreatePlatformApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  newPlatform: NewPlatform;
};
export type DeletePlatformApiResponse = unknown;
export type DeletePlatformApiArg = {
  platformId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
};
export type GetPlatformApiResponse =
  /** status 200 One platform. */ PlatformView;
export type GetPlatformApiArg = {
  platformId: string;
};
export type ChangePlatformApiResponse =
  /** status 200 Change a platform, in every movie it carries. */ PlatformView;
export type ChangePlatformApiArg = {
  platformId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
  platformPatch: PlatformPatch;
};
export type DropMovieApiResponse = unknown;
export type DropMovieApiArg = {
  platformId: string;
  movieId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
};
export type CarryMovieApiResponse =
  /** status 200 Say that a platform carries a movie, with a link to it there if you have one. */ Movie;
export type CarryMovieApiArg = {
  platformId: string;
  movieId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  carryBody: CarryBody;
};
export type ListReviewsApiResponse =
  /** status 200 Everybody's reviews; for moderators hidden ones too, told by their field active. */ {
    items: ReviewView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ListReviewsApiArg = {
  sort?: "highest" | "lowest" | "newest";
  cursor?: string;
  limit?: number;
  active?: boolean;
};
export type PostReviewApiResponse =
  /** status 201 Post a review: one per person and movie. */ ReviewView;
export type PostReviewApiArg = {
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  newReview: NewReview;
};
export type DeleteReviewApiResponse = unknown;
export type DeleteReviewApiArg = {
  reviewId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
};
export type GetReviewApiResponse = /** status 200 One review. */ ReviewView;
export type GetReviewApiArg = {
  reviewId: string;
};
export type EditReviewApiResponse =
  /** status 200 Change a review of your own; a moderator any, and whether it is active. */ ReviewView;
export type EditReviewApiArg = {
  reviewId: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
  reviewPatch: ReviewPatch;
};
export type SearchEverythingApiResponse =
  /** status 200 Find movies and people, even with a letter wrong. */ {
    items: HitView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type SearchEverythingApiArg = {
  q: string;
  kind?: "movie" | "person";
  genre?: string[];
  decade?: string[];
  platform?: string[];
  cursor?: string;
  limit?: number;
};
export type RebuildIndexApiResponse =
  /** status 202 Let the index be built anew beside the one in use; asked twice, it may be done once. */ Put;
export type RebuildIndexApiArg = void;
export type SuggestApiResponse =
  /** status 200 What somebody may be typing the beginning of; never more than one page. */ {
    items: HitView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type SuggestApiArg = {
  q: string;
  limit?: number;
};
export type UsersApiResponse =
  /** status 200 The members, by name; admins see suspended ones too. */ {
    items: PublicProfile[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type UsersApiArg = {
  q?: string;
  cursor?: string;
  limit?: number;
};
export type UserApiResponse = /** status 200 A member. */ PublicProfile;
export type UserApiArg = {
  username: string;
};
export type GovernUserApiResponse =
  /** status 200 Give a member another role, or suspend them. */ PublicProfile;
export type GovernUserApiArg = {
  username: string;
  /** The same key within 24 hours gives the same answer, once. */
  "Idempotency-Key"?: string;
  /** The version you read. */
  "If-Match"?: string;
  memberPatch: MemberPatch;
};
export type ReviewsOfUserApiResponse =
  /** status 200 What somebody thinks of movies. */ {
    items: ReviewView[];
    next: string | null;
    total: number;
    facets?: {
      [key: string]: FacetCount[];
    };
  };
export type ReviewsOfUserApiArg = {
  username: string;
  sort?: "highest" | "lowest" | "newest";
  cursor?: string;
  limit?: number;
};
export type Preferences = {
  rating_style?: "stars" | "ten";
  theme?: "dark" | "light" | "system";
  shortcuts?: boolean;
};
export type OwnProfile = {
  id: string;
  username: string;
  email: string;
  display_name: string;
  bio: string;
  role: "admin" | "moderator" | "regular";
  preferences: Preferences;
  created_at: string;
  version: number;
};
export type Problem = {
  type: string;
  title: string;
  status: number;
  /** Stable; for machines. */
  code: string;
  /** For people. */
  detail: string;
  /** The part of the request at fault. */
  field?: string;
  errors?: {
    field?: string;
    message?: string;
  }[];
  request_id: string;
};
export type NewAccount = {
  username: string;
  email: string;
  password: string;
};
export type TokenPair = {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  token_type?: string;
};
export type Credentials = {
  /** Name or e-mail. */
  login: string;
  password: string;
};
export type Refresh = {
  refresh_token: string;
};
export type NewPassword = {
  current: string;
  new: string;
};
export type SignedIn = {
  id: string;
  username: string;
  display_name: string;
  role: string;
};
export type BrowserSignIn = {
  user: SignedIn;
  csrf_token: string;
  warning?: string;
};
export type SessionView = {
  id: string;
  kind: "bearer" | "cookie";
  current: boolean;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  address: string;
};
export type FacetCount = {
  value: string;
  count: number;
};
export type GenreView = {
  id: string;
  name: string;
  count: number;
};
export type Farewell = {
  password: string;
};
export type PreferencesPatch = {
  rating_style?: "stars" | "ten";
  theme?: "dark" | "light" | "system";
  shortcuts?: boolean;
};
export type ProfilePatch = {
  display_name?: string;
  bio?: string;
  preferences?: PreferencesPatch;
  email?: string;
  current_password?: string;
};
export type AuthorView = {
  id: string;
  username: string;
  display_name: string;
};
export type MovieView = {
  id: string;
  title: string;
  year: number | null;
  poster_url: string;
};
export type ReviewView = {
  id: string;
  movie_id: string;
  author: AuthorView;
  rating: number;
  text: string | null;
  html: string | null;
  has_spoilers: boolean;
  active: boolean;
  created_at: string;
  updated_at: string;
  version: number;
  movie?: MovieView | null;
};
export type Average = {
  average: number | null;
  count: number;
};
export type Outside = {
  source: string;
  value: number;
  out_of: number;
  votes: number | null;
};
export type MovieItem = {
  id: string;
  title: string;
  original_title: string | null;
  year: number | null;
  runtime_minutes: number | null;
  genres: string[];
  directors: string[];
  poster_url: string;
  rating: Average;
  score: number | null;
  external_rating: Outside | null;
  popularity: number;
};
export type CastMember = {
  person_id: string;
  name: string;
  character?: string | null;
};
export type CrewMember = {
  person_id: string;
  name: string;
  job: string;
  department: string;
};
export type Carrier = {
  id: string;
  name: string;
  url?: string | null;
};
export type Ids = {
  imdb?: string | null;
  tmdb?: number | null;
};
export type Rating = {
  average?: number | null;
  count?: number;
  histogram?: number[];
};
export type ExternalRating = {
  source: string;
  value: number;
  out_of: number;
  votes?: number | null;
  as_of?: string | null;
};
export type Movie = {
  id: string;
  title: string;
  original_title?: string | null;
  alternative_titles?: string[];
  year?: number | null;
  released_on?: string | null;
  runtime_minutes?: number | null;
  genres?: string[];
  languages?: string[];
  countries?: string[];
  certificate?: string | null;
  plot?: string | null;
  tagline?: string | null;
  keywords?: string[];
  awards?: string | null;
  budget?: number | null;
  revenue?: number | null;
  cast?: CastMember[];
  crew?: CrewMember[];
  platforms?: Carrier[];
  ids?: Ids;
  rating?: Rating;
  external_ratings?: ExternalRating[];
  score?: number | null;
  popularity?: number;
  poster_url?: string;
  field_url?: string;
  updated_at: string;
  version?: number;
};
export type CastBody = {
  person_id?: string | null;
  name?: string | null;
  character?: string | null;
};
export type CrewBody = {
  person_id?: string | null;
  name?: string | null;
  job: string;
  department?: string;
};
export type CarrierBody = {
  id: string;
  url?: string | null;
  name?: string | null;
};
export type IdsBody = {
  imdb?: string | null;
  tmdb?: number | null;
};
export type RatingBody = {
  source: string;
  value: number;
  out_of: number;
  votes?: number | null;
  as_of?: string | null;
};
export type NewMovie = {
  title: string;
  original_title?: string | null;
  alternative_titles?: string[];
  year?: number | null;
  released_on?: string | null;
  runtime_minutes?: number | null;
  genres?: string[];
  languages?: string[];
  countries?: string[];
  certificate?: string | null;
  plot?: string | null;
  tagline?: string | null;
  keywords?: string[];
  awards?: string | null;
  budget?: number | null;
  revenue?: number | null;
  cast?: CastBody[];
  crew?: CrewBody[];
  platforms?: (string | CarrierBody)[];
  ids?: IdsBody;
  external_ratings?: RatingBody[];
  poster_url?: string | null;
};
export type MoviePatch = {
  title?: string;
  original_title?: string | null;
  alternative_titles?: string[];
  year?: number | null;
  released_on?: string | null;
  runtime_minutes?: number | null;
  genres?: string[];
  languages?: string[];
  countries?: string[];
  certificate?: string | null;
  plot?: string | null;
  tagline?: string | null;
  keywords?: string[];
  awards?: string | null;
  budget?: number | null;
  revenue?: number | null;
  cast?: CastBody[];
  crew?: CrewBody[];
  platforms?: (string | CarrierBody)[];
  ids?: IdsBody;
  external_ratings?: RatingBody[];
  poster_url?: string | null;
};
export type Parked = {
  id: string;
  listener: string;
  source: string;
  kind: string;
  key: string;
  body: string;
  error: string;
  tries: number;
  parked_at: string;
};
export type ParkedPage = {
  items: Parked[];
  next: string | null;
  total: number;
  away: string[];
};
export type TitleView = {
  id: string;
  title: string;
  year: number | null;
  poster_url: string;
};
export type PersonItem = {
  id: string;
  name: string;
  movie_count: number;
  popularity: number;
  known_for: TitleView[];
};
export type PersonWritten = {
  id: string;
  name: string;
  ids: Ids;
  version: number;
};
export type NewPerson = {
  name: string;
  ids?: IdsBody | null;
};
export type Career = {
  first_year: number | null;
  last_year: number | null;
  departments: string[];
  genres: FacetCount[];
};
export type Role = {
  department: string;
  job: string;
  character?: string | null;
};
export type Credit = {
  movie: MovieItem;
  roles: Role[];
};
export type PersonView = {
  id: string;
  name: string;
  movie_count: number;
  popularity: number;
  known_for: TitleView[];
  ids: Ids;
  career: Career;
  filmography: Credit[];
  version: number;
};
export type PersonPatch = {
  name?: string;
  ids?: IdsBody;
};
export type PlatformView = {
  id: string;
  name: string;
  about: string | null;
  url: string | null;
  movie_count: number;
  version: number;
};
export type NewPlatform = {
  name: string;
  about?: string | null;
  url?: string | null;
};
export type PlatformPatch = {
  name?: string;
  about?: string | null;
  url?: string | null;
};
export type CarryBody = {
  url?: string | null;
};
export type NewReview = {
  movie_id: string;
  /** A whole number: ten half stars. */
  rating: number;
  text?: string | null;
  has_spoilers?: boolean;
};
export type ReviewPatch = {
  /** A whole number: ten half stars. */
  rating?: number;
  text?: string | null;
  has_spoilers?: boolean;
  active?: boolean;
};
export type HitView = {
  kind: "movie" | "person";
  id: string;
  title: string;
  year: number | null;
  highlight: string;
  score: number;
  poster_url: string | null;
  genres: string[];
  known_for: string[];
};
export type Put = {
  task_id: string;
};
export type PublicProfile = {
  id: string;
  username: string;
  display_name: string;
  bio: string;
  role: "admin" | "moderator" | "regular";
  is_active: boolean;
  created_at: string;
  version: number;
};
export type MemberPatch = {
  role?: "admin" | "moderator" | "regular";
  is_active?: boolean;
};
export const {
  useRegisterMutation,
  useLogInMutation,
  useLogOutMutation,
  useChangePasswordMutation,
  useRefreshMutation,
  useSignOutMutation,
  useSignInMutation,
  useSessionsQuery,
  useLazySessionsQuery,
  useRevokeMutation,
  useListGenresQuery,
  useLazyListGenresQuery,
  useDeleteMeMutation,
  useMeQuery,
  useLazyMeQuery,
  useChangeMeMutation,
  useMyReviewsQuery,
  useLazyMyReviewsQuery,
  useListMoviesQuery,
  useLazyListMoviesQuery,
  useCreateMovieMutation,
  useDeleteMovieMutation,
  useGetMovieQuery,
  useLazyGetMovieQuery,
  useChangeMovieMutation,
  useReviewsOfMovieQuery,
  useLazyReviewsOfMovieQuery,
  useListParkedQuery,
  useLazyListParkedQuery,
  useDropParkedMutation,
  useReplayParkedMutation,
  useListPeopleQuery,
  useLazyListPeopleQuery,
  useCreatePersonMutation,
  useDeletePersonMutation,
  useGetPersonQuery,
  useLazyGetPersonQuery,
  useChangePersonMutation,
  useListPlatformsQuery,
  useLazyListPlatformsQuery,
  useCreatePlatformMutation,
  useDeletePlatformMutation,
  useGetPlatformQuery,
  useLazyGetPlatformQuery,
  useChangePlatformMutation,
  useDropMovieMutation,
  useCarryMovieMutation,
  useListReviewsQuery,
  useLazyListReviewsQuery,
  usePostReviewMutation,
  useDeleteReviewMutation,
  useGetReviewQuery,
  useLazyGetReviewQuery,
  useEditReviewMutation,
  useSearchEverythingQuery,
  useLazySearchEverythingQuery,
  useRebuildIndexMutation,
  useSuggestQuery,
  useLazySuggestQuery,
  useUsersQuery,
  useLazyUsersQuery,
  useUserQuery,
  useLazyUserQuery,
  useGovernUserMutation,
  useReviewsOfUserQuery,
  useLazyReviewsOfUserQuery,
} = injectedRtkApi;
