import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

type Asked = {
  title: string;
  /** What the button says that does it. */
  yes: string;
  isOpen: boolean;
  isBusy: boolean;
  onYes: () => void;
  onNo: () => void;
  children: ReactNode;
};

/** Asks once more before what cannot be undone. */
export const Sure = ({ title, yes, isOpen, isBusy, onYes, onNo, children }: Asked) => (
  <Modal opened={isOpen} onClose={onNo} title={title} zIndex={400} closeButtonProps={{ 'aria-label': 'Close' }}>
    <p>{children}</p>
    <p className="acts-row">
      <button type="button" className="btn bad" aria-busy={isBusy} onClick={onYes}>
        {yes}
      </button>
      <button type="button" className="btn q" onClick={onNo}>
        Keep it
      </button>
    </p>
  </Modal>
);
