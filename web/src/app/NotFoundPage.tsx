import { useTitle } from '@/lib/title';
import { Missing } from '@/ui/States';

export const NotFoundPage = () => {
  useTitle('Not found');
  return (
    <Missing title="Nothing at this address" note="404">
      It may have been moved or deleted, or the link may be cut short. The films are where they were.
    </Missing>
  );
};
