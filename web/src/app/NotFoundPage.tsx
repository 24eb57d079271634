import { Link } from 'react-router-dom';
import { useTitle } from '@/lib/title';

export const NotFoundPage = () => {
  useTitle('Nothing here');
  return (
    <div className="wrap sec failure">
      <h1>Nothing at this address</h1>
      <p>It may have been moved or deleted. The films are where they were.</p>
      <p className="acts-row">
        <Link className="btn p" to="/films">
          Films
        </Link>
        <Link className="btn" to="/search">
          Search
        </Link>
      </p>
    </div>
  );
};
