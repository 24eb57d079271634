import { notifications } from '@mantine/notifications';
import { createElement, type ReactNode } from 'react';

type Way = (() => void) | { text: string; to: string };

/** One at a time; with a way to undo it where there is one, or to a page that helps. */
export const toast = (message: string, way?: Way): void => {
  const id = `t${Date.now()}`;
  const undo = (go: () => void) => () => {
    notifications.hide(id);
    go();
  };
  const onward: ReactNode =
    typeof way === 'function'
      ? createElement('button', { type: 'button', className: 'link', onClick: undo(way) }, 'Undo')
      : way
        ? createElement('a', { className: 'link', href: way.to }, way.text)
        : null;
  notifications.show({
    id,
    message: onward ? createElement('span', { className: 'toast-row' }, message, onward) : message,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
};
