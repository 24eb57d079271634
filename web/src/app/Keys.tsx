import { Modal } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useSession } from '@/app/session';

const GOES: Record<string, string> = { h: '/', f: '/films', s: '/search', a: '/account' };
const LIST = [
  ['/', 'Search'],
  ['?', 'This list'],
  ['g h', 'Home'],
  ['g f', 'Films'],
  ['g s', 'The search page'],
  ['g a', 'Your account'],
  ['Esc', 'Close the topmost thing'],
  ['R', 'On a poster: rate or review the film'],
  ['↑ ↓ ← →', 'On a poster: the films around it'],
  ['← →', 'Rating: half a star less or more'],
  ['1 to 9', 'Rating: that many half stars'],
  ['0', 'Rating: none'],
] as const;
const WAIT = 1200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Single keys, unless one is typing or has switched them off. */
export const Keys = () => {
  const [shown, show] = useState(false);
  const went = useRef(0);
  const navigate = useNavigate();
  const { me } = useSession();
  const isOn = me?.preferences.shortcuts ?? true;

  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '/') {
        event.preventDefault();
        const box = document.querySelector<HTMLInputElement>('[data-search]');
        // Out of sight on phones, where the search has a page of its own.
        if (box?.offsetParent) box.focus();
        else void navigate('/search');
      } else if (event.key === 'r' && document.activeElement?.matches('a.poster')) {
        void navigate(`${(document.activeElement as HTMLAnchorElement).pathname}#rate`);
      } else if (event.key === '?') show(true);
      else if (event.key === 'g') went.current = Date.now();
      else if (Date.now() - went.current < WAIT && GOES[event.key]) {
        went.current = 0;
        void navigate(GOES[event.key] ?? '/');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOn, navigate]);

  return (
    <Modal opened={shown} onClose={() => show(false)} title="Keys" zIndex={400} closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className="keys">
        {LIST.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
};
