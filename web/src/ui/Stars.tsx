import { Star } from '@/ui/icons';
import { useRatingStyle } from '@/app/session';
import { starsInWords } from '@/lib/format';

/** One person's rating, 1 to 10: as five stars, or out of ten where the reader prefers that. */
export const Stars = ({ rating, size = 15 }: { rating: number; size?: number }) => {
  const style = useRatingStyle();
  if (style === 'ten') {
    return (
      <span className="score num" role="img" aria-label={`${rating} of 10`}>
        {rating}/10
      </span>
    );
  }
  const fills = [2, 4, 6, 8, 10].map((full) => (rating >= full ? 'full' : rating === full - 1 ? 'half' : 'none'));
  return (
    <span
      className="stars"
      role="img"
      aria-label={starsInWords(rating)}
      style={{ '--s': `${size}px` } as React.CSSProperties}
    >
      {fills.map((fill, n) => (
        <Star key={n} fill={fill} />
      ))}
    </span>
  );
};

/** An average: one number with one star. */
export const Score = ({ value, label }: { value: number; label?: string }) => (
  <span className="score">
    <Star fill="full" />
    <span className="num">
      {value.toFixed(1)}
      <span className="vh"> of 10{label ? `, ${label}` : ''}</span>
    </span>
  </span>
);
