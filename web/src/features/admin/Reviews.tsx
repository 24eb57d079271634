import { useState } from 'react';
import { marquee } from '@/api/tags';
import { ReviewItem } from '@/features/reviews/ReviewItem';
import { Moderate } from '@/features/reviews/ReviewList';
import { Block, Empty, Failure, Waiting } from '@/ui/States';

const SIZE = 20;
const SHOWN = { all: undefined, hidden: false, shown: true } as const;
type Shown = keyof typeof SHOWN;

const Pages = ({ which, cursor }: { which: Shown; cursor?: string }) => {
  const [more, showMore] = useState(false);
  const { data, error, isLoading, refetch } = marquee.useListReviewsQuery({ active: SHOWN[which], cursor, limit: SIZE });
  if (isLoading) {
    return (
      <Waiting>
        <Block height={120} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data.items.length && !cursor) return <Empty title="No reviews">None of this kind.</Empty>;
  return (
    <>
      {data.items.map((review) => (
        <ReviewItem key={review.id} review={review} withFilm>
          <Moderate review={review} />
        </ReviewItem>
      ))}
      {data.next && !more ? (
        <button type="button" className="btn" onClick={() => showMore(true)}>
          More reviews
        </button>
      ) : null}
      {data.next && more ? <Pages which={which} cursor={data.next} /> : null}
    </>
  );
};

const Reviews = () => {
  const [which, choose] = useState<Shown>('all');
  return (
    <section aria-label="Reviews">
      <h2 className="vh">Reviews</h2>
      <p className="chips chosen">
        {(Object.keys(SHOWN) as Shown[]).map((one) => (
          <button key={one} type="button" className={which === one ? 'chip on' : 'chip'} aria-pressed={which === one} onClick={() => choose(one)}>
            {one === 'all' ? 'All' : one === 'hidden' ? 'Hidden' : 'Shown'}
          </button>
        ))}
      </p>
      <Pages key={which} which={which} />
    </section>
  );
};
export default Reviews;
