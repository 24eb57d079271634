import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router-dom';
import { ErrorBoundary } from '@/app/ErrorBoundary';
import { Places } from '@/app/Places';
import { Shell } from '@/app/Shell';
import { PosterBlocks, Waiting } from '@/ui/States';
import { NotFoundPage } from '@/app/NotFoundPage';

const HomePage = lazy(() => import('@/features/home/HomePage'));
const BrowsePage = lazy(() => import('@/features/browse/BrowsePage'));
const MoviePage = lazy(() => import('@/features/movie/MoviePage'));
const PersonPage = lazy(() => import('@/features/person/PersonPage'));
const SearchPage = lazy(() => import('@/features/search/SearchPage'));
const SignUpPage = lazy(() => import('@/features/accounts/SignUpPage'));
const LogInPage = lazy(() => import('@/features/accounts/LogInPage'));
const AccountPage = lazy(() => import('@/features/accounts/AccountPage'));
const MemberPage = lazy(() => import('@/features/accounts/MemberPage'));
const AboutPage = lazy(() => import('@/features/home/AboutPage'));
const AdminPage = lazy(() => import('@/features/admin/AdminPage'));

const Blank = () => (
  <Waiting isPage>
    <div className="wrap sec">
      <PosterBlocks count={12} />
    </div>
  </Waiting>
);

export const App = () => (
  <>
    <Shell>
      <ErrorBoundary>
        <Suspense fallback={<Blank />}>
          <Routes>
            <Route path="/" element={<HomePage />} />
            <Route path="/films" element={<BrowsePage />} />
            <Route path="/films/:id" element={<MoviePage />} />
            <Route path="/people/:id" element={<PersonPage />} />
            <Route path="/search" element={<SearchPage />} />
            <Route path="/signup" element={<SignUpPage />} />
            <Route path="/login" element={<LogInPage />} />
            <Route path="/account" element={<AccountPage />} />
            <Route path="/members/:username" element={<MemberPage />} />
            <Route path="/about" element={<AboutPage />} />
            <Route path="/admin/*" element={<AdminPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </ErrorBoundary>
    </Shell>
    <Places />
  </>
);
