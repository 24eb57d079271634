import { useState } from 'react';
import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { ReviewView } from '@/api/generated/api';
import { useSession } from '@/app/session';
import { ReviewItem } from '@/features/reviews/ReviewItem';
import { counted } from '@/lib/format';
import { useMore } from '@/lib/more';
import { toast } from '@/lib/toast';
import { problemOf } from '@/lib/problem';
import { Order } from '@/ui/Order';
import { Rail } from '@/ui/Rail';
import { Block, Failure, Waiting } from '@/ui/States';

const SORTS = { newest: 'Newest first', highest: 'Highest first', lowest: 'Lowest first' } as const;
type Sort = keyof typeof SORTS;
const SIZE = 10;

/** A moderator's word on a review, with a way back. */
export const Moderate = ({ review }: { review: ReviewView }) => {
  const { isModerator } = useSession();
  const [edit] = marquee.useEditReviewMutation();
  if (!isModerator) return null;
  const set = async (active: boolean, isUndo = false) => {
    const answer = await edit({ reviewId: review.id, reviewPatch: { active } });
    if (answer.error) toast(problemOf(answer.error).detail);
    else if (!isUndo) toast(active ? 'Shown again.' : 'Hidden from everybody.', () => void set(!active, true));
  };
  return (
    <button type="button" className="link" onClick={() => void set(!review.active)}>
      {review.active ? 'Hide' : 'Show again'}
    </button>
  );
};

const Nobody = ({ movieId, write }: { movieId: string; write: () => void }) => {
  const { me, isKnown } = useSession();
  return (
    <>
      <p className="first">Nobody here has written about this film. If you have seen it, you may be the only one.</p>
      {me ? (
        <button type="button" className="btn" onClick={write}>
          Write the first review
        </button>
      ) : isKnown ? (
        <Link className="btn" to={`/login?then=${encodeURIComponent(`/films/${movieId}#rate`)}`}>
          Write the first review
        </Link>
      ) : null}
    </>
  );
};

interface Asked {
  movieId: string;
  sort: Sort;
  cursor?: string;
  write: () => void;
}

const Pages = ({ movieId, sort, cursor, write }: Asked) => {
  const [more, showMore] = useMore(cursor);
  const { data, error, isLoading, refetch } = marquee.useReviewsOfMovieQuery({ movieId, sort, cursor, limit: SIZE });
  if (isLoading) {
    return (
      <Waiting>
        <Block height={90} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data.items.length && !cursor) {
    return <Nobody movieId={movieId} write={write} />;
  }
  return (
    <>
      {data.items.map((review) => (
        <ReviewItem key={review.id} review={review}>
          <Moderate review={review} />
        </ReviewItem>
      ))}
      {data.next && !more ? (
        <button type="button" className="btn" onClick={showMore}>
          More reviews
        </button>
      ) : null}
      {data.next && more ? <Pages movieId={movieId} sort={sort} cursor={data.next} write={write} /> : null}
    </>
  );
};

export const ReviewList = ({ movieId, write }: { movieId: string; write: () => void }) => {
  const [sort, setSort] = useState<Sort>('newest');
  const { data } = marquee.useReviewsOfMovieQuery({ movieId, sort, limit: SIZE });
  return (
    <section className="sec" aria-labelledby="reviews">
      <Rail title="Reviews" id="reviews" count={data?.total ? counted(data.total, 'review') : undefined}>
        {data?.total ? (
          <Order name="Order of reviews" sorts={SORTS} value={sort} change={setSort} />
        ) : null}
      </Rail>
      <Pages key={sort} movieId={movieId} sort={sort} write={write} />
    </section>
  );
};
