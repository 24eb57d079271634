import { useEffect } from 'react';

/** What the browser's tab says of this page. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = title ? `${title} · Marquee` : 'Marquee';
  }, [title]);
};
