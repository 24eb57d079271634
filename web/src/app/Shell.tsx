import type { ReactNode } from 'react';
import { Link, NavLink, useLocation } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { AccountMenu } from '@/app/AccountMenu';
import { Keys } from '@/app/Keys';
import { useFarewell, useSession } from '@/app/session';
import { SearchBox } from '@/features/search/SearchBox';
import { counted } from '@/lib/format';
import { Home } from '@/ui/Home';
import { Icon } from '@/ui/icons';

const Bar = () => {
  const { isModerator } = useSession();
  return (
    <header className="bar">
      <div className="wrap">
        <Home />
        <nav className="nav" aria-label="Main">
          <NavLink to="/films">Films</NavLink>
          {isModerator ? <NavLink to="/admin">Admin</NavLink> : null}
        </nav>
        <SearchBox />
        <AccountMenu />
      </div>
    </header>
  );
};

const TabBar = () => {
  const { me } = useSession();
  return (
    <nav className="tabbar" aria-label="Tabs">
      <NavLink to="/" end>
        <Icon name="home" />
        Home
      </NavLink>
      <NavLink to="/films">
        <Icon name="films" />
        Films
      </NavLink>
      <NavLink to="/search">
        <Icon name="search" />
        Search
      </NavLink>
      <NavLink to={me ? '/account' : '/login'}>
        <Icon name="person" />
        {me ? 'You' : 'Log in'}
      </NavLink>
    </nav>
  );
};

const Foot = () => {
  const { data } = marquee.useListMoviesQuery({ limit: 1 });
  return (
    <footer className="foot">
      <div className="wrap">
        <span>Marquee on your own machine</span>
        {data ? <span className="num">{counted(data.total, 'film')}</span> : null}
        <a className="link" href="/api/v1/movies">
          API
        </a>
        <Link className="link" to="/about">
          Sources of the facts
        </Link>
      </div>
    </footer>
  );
};

export const Shell = ({ children }: { children: ReactNode }) => {
  const { pathname } = useLocation();
  const isDoor = pathname === '/login' || pathname === '/signup';
  useFarewell();
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {isDoor ? null : <Bar />}
      <main id="main" tabIndex={-1} key={pathname.split('/')[1]}>
        {children}
      </main>
      {isDoor ? null : <Foot />}
      <TabBar />
      <Keys />
    </>
  );
};
