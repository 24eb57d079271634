import { notifications } from '@mantine/notifications';
import { createElement } from 'react';

/** One at a time; `undo` where undoing is possible. */
export const toast = (message: string, undo?: () => void): void => {
  const id = `t${Date.now()}`;
  const again = () => {
    notifications.hide(id);
    undo?.();
  };
  notifications.show({
    id,
    message: undo
      ? createElement(
          'span',
          { className: 'toast-row' },
          message,
          createElement('button', { type: 'button', className: 'link', onClick: again }, 'Undo'),
        )
      : message,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
};
