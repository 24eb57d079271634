import { lazy, Suspense } from 'react';
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { useSession } from '@/app/session';
import { useTitle } from '@/lib/title';
import { Block, Empty, FailedPage, Waiting } from '@/ui/States';

const Films = lazy(() => import('@/features/admin/Films'));
const FilmForm = lazy(() => import('@/features/admin/FilmForm'));
const Platforms = lazy(() => import('@/features/admin/Platforms'));
const Reviews = lazy(() => import('@/features/admin/Reviews'));
const Members = lazy(() => import('@/features/admin/Members'));
const Parked = lazy(() => import('@/features/admin/Parked'));

const Page = () => {
  const { me, isKnown, isModerator, isAdmin, trouble } = useSession();
  const { pathname } = useLocation();
  const { refetch } = marquee.useMeQuery(undefined, { skip: !trouble });
  useTitle('Admin');
  if (trouble) return <FailedPage error={trouble} retry={() => void refetch()} />;
  if (isKnown && !me) return <Navigate to={`/login?then=${encodeURIComponent(pathname)}`} replace />;
  if (!isKnown) {
    return (
      <Waiting isPage>
        <div className="wrap sec">
          <Block height={160} />
        </div>
      </Waiting>
    );
  }
  if (!isModerator) {
    return (
      <div className="wrap sec">
        <Empty title="Not for everybody">These pages are for those who run this site.</Empty>
      </div>
    );
  }
  return (
    <div className="wrap sec admin">
      <h1>Admin</h1>
      <nav className="tabs" aria-label="Admin">
        {isAdmin ? <NavLink to="/admin/films">Films</NavLink> : null}
        {isAdmin ? <NavLink to="/admin/platforms">Platforms</NavLink> : null}
        <NavLink to="/admin/reviews">Reviews</NavLink>
        {isAdmin ? <NavLink to="/admin/members">Members</NavLink> : null}
        {isAdmin ? <NavLink to="/admin/messages">Messages</NavLink> : null}
      </nav>
      <Suspense fallback={null}>
        <Routes>
          <Route index element={<Navigate to={isAdmin ? 'films' : 'reviews'} replace />} />
          <Route path="reviews" element={<Reviews />} />
          {isAdmin ? (
            <>
              <Route path="films" element={<Films />} />
              <Route path="films/:id" element={<FilmForm />} />
              <Route path="platforms" element={<Platforms />} />
              <Route path="members" element={<Members />} />
              <Route path="messages" element={<Parked />} />
            </>
          ) : null}
          <Route path="*" element={<Empty title="Nothing here">Choose one of the pages above.</Empty>} />
        </Routes>
      </Suspense>
    </div>
  );
};
export default Page;
