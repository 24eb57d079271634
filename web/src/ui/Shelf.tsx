import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from '@/ui/icons';
import { Rail } from '@/ui/Rail';
import { useRoving } from '@/ui/roving';

interface Given {
  title: string;
  more?: ReactNode;
  width?: number;
  children: ReactNode[];
}

const isCalm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** A row that scrolls sideways: Tab enters the first card, arrows move, Tab leaves. */
export const Shelf = ({ title, more, width = 150, children }: Given) => {
  const id = useId();
  const row = useRef<HTMLUListElement>(null);
  const { enter, focus, links } = useRoving(row, 'li > * a, li > a');
  const onKeyDown = (event: KeyboardEvent) => {
    const all = links();
    const here = all.indexOf(document.activeElement as HTMLAnchorElement);
    if (here < 0) return;
    const step = STEPS[event.key];
    if (step !== undefined) focus(all[here + step]);
    else if (event.key === 'Home') focus(all[0]);
    else if (event.key === 'End') focus(all.at(-1));
    else return;
    event.preventDefault();
  };
  const scroll = (by: number) => row.current?.scrollBy({ left: by * row.current.clientWidth * 0.8, behavior: isCalm() ? 'auto' : 'smooth' });

  return (
    <section className="sec shelved" aria-labelledby={id}>
      <Rail title={title} id={id}>
        {more}
      </Rail>
      <div className="shelf-turn" aria-hidden="true">
        <button type="button" className="iconbtn" tabIndex={-1} onClick={() => scroll(-1)}>
          <Icon name="left" />
        </button>
        <button type="button" className="iconbtn" tabIndex={-1} onClick={() => scroll(1)}>
          <Icon name="right" />
        </button>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between its links */}
      <ul className="shelf" ref={row} onKeyDown={onKeyDown} onFocus={enter} style={{ '--w': `${width}px` } as React.CSSProperties}>
        {children}
      </ul>
    </section>
  );
};
