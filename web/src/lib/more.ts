import { useState } from 'react';
import { useLocation } from 'react-router-dom';

const shown = new Set<string>();

/** Whether the page behind this one was asked for; whoever comes back to a list finds as much of it as they left. */
export const useMore = (cursor = ''): [boolean, () => void] => {
  const { key } = useLocation();
  const name = `${key} ${cursor}`;
  const [more, setMore] = useState(() => shown.has(name));
  const show = () => {
    shown.add(name);
    setMore(true);
  };
  return [more, show];
};
