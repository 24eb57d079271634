import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useRatingStyle } from '@/app/session';
import { ratingInWords } from '@/lib/format';
import { Star } from '@/ui/icons';

interface Given {
  value: number;
  onChange: (value: number) => void;
  label?: string;
  /** Takes the focus when its dialog opens. */
  isFirst?: boolean;
}

const LAST = 10;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** Five stars in ten steps; 0 is no rating. A second click on the same value clears it. */
export const RatingSlider = ({ value, onChange, label = 'Your rating', isFirst = false }: Given) => {
  const [hovered, hover] = useState<number | null>(null);
  const style = useRatingStyle();
  const shown = hovered ?? value;
  const set = (next: number) => onChange(Math.max(0, Math.min(LAST, next)));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) set(value + step);
    else if (event.key === 'Home') set(1);
    else if (event.key === 'End') set(LAST);
    else if (event.key === 'Delete' || event.key === 'Backspace') set(0);
    else if (/^\d$/.test(event.key)) set(Number(event.key));
    else return;
    event.preventDefault();
  };
  const valueAt = (event: PointerEvent<HTMLElement>, star: number): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return star * 2 - (event.clientX - box.left < box.width / 2 ? 1 : 0);
  };

  return (
    <div className="rating">
      <div
        className="rate"
        role="slider"
        tabIndex={0}
        data-autofocus={isFirst || undefined}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={LAST}
        aria-valuenow={value}
        aria-valuetext={value ? ratingInWords(value, style) : 'no rating'}
        onKeyDown={onKeyDown}
        onPointerLeave={() => hover(null)}
      >
        {[1, 2, 3, 4, 5].map((star) => (
          <span
            key={star}
            className="stars"
            onPointerMove={(event) => hover(valueAt(event, star))}
            onPointerDown={(event) => {
              const next = valueAt(event, star);
              set(next === value ? 0 : next);
            }}
          >
            <Star fill={shown >= star * 2 ? 'full' : shown === star * 2 - 1 ? 'half' : 'none'} />
          </span>
        ))}
      </div>
      <span className="note" aria-hidden="true">
        {shown ? ratingInWords(shown, style) : 'Not rated'}
      </span>
    </div>
  );
};
