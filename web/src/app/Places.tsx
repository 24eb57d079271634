import { useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router-dom';

const KEPT = 'marquee-places';
const PATIENCE = 2000;

/** After a reload, or when the browser itself went back to us; an address that was typed starts at its top. */
const kept = (): Map<string, number> => {
  try {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (entry?.type === 'navigate') return new Map();
    return new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as [string, number][]);
  } catch {
    return new Map();
  }
};
const places = kept();
const keep = () => {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...places].slice(-50)));
  } catch {
    // Storage may be full or forbidden: then a reload starts at the top.
  }
};

/** Scrolls there once the page is long enough, unless its reader moves first. */
const returnTo = (top: number): (() => void) => {
  const until = Date.now() + PATIENCE;
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);
  const step = () => {
    const reach = document.documentElement.scrollHeight - window.innerHeight;
    window.scrollTo(0, Math.min(top, reach));
    if (reach < top && Date.now() < until) frame = requestAnimationFrame(step);
  };
  step();
  for (const moved of ['wheel', 'touchstart', 'keydown'] as const) window.addEventListener(moved, stop, { once: true, passive: true });
  return () => {
    stop();
    for (const moved of ['wheel', 'touchstart', 'keydown'] as const) window.removeEventListener(moved, stop);
  };
};

/** A new page starts at its top, with the keyboard in it; going back returns to where one was. */
export const Places = () => {
  const { pathname, key } = useLocation();
  const how = useNavigationType();
  const before = useRef(pathname);
  useLayoutEffect(() => {
    history.scrollRestoration = 'manual';
    const onScroll = () => places.set(key, window.scrollY);
    window.addEventListener('scroll', onScroll, { passive: true });
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('scroll', onScroll);
      window.removeEventListener('pagehide', keep);
    };
  }, [key]);
  useEffect(() => {
    const isElsewhere = before.current !== pathname;
    before.current = pathname;
    if (isElsewhere) document.getElementById('main')?.focus({ preventScroll: true });
    if (how === 'POP') return returnTo(places.get(key) ?? 0);
    if (isElsewhere) window.scrollTo(0, 0);
  }, [pathname, key, how]);
  return null;
};
