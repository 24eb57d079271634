import { Link } from 'react-router-dom';
import { Wordmark } from '@/ui/icons';

export const Home = () => (
  <Link className="mark" to="/" aria-label="Marquee, home">
    <Wordmark />
  </Link>
);
