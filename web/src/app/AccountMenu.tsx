import { Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { useSession } from '@/app/session';
import { toast } from '@/lib/toast';
import { Avatar } from '@/ui/Avatar';

const hasChosen = (): boolean => {
  try {
    return localStorage.getItem('mantine-color-scheme-value') !== null;
  } catch {
    return true;
  }
};

/** Log in and sign up for strangers; the account for those who have one. */
export const AccountMenu = () => {
  const { me, isKnown, isModerator } = useSession();
  const { pathname, search } = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('dark') === 'dark';
  const [change] = marquee.useChangeMeMutation();
  const [signOut] = marquee.useSignOutMutation();
  const navigate = useNavigate();
  const chosen = me?.preferences.theme;
  useEffect(() => {
    // What was chosen on this machine goes before what was chosen on another.
    if (chosen && !hasChosen()) setColorScheme(chosen === 'system' ? 'auto' : chosen);
  }, [chosen, setColorScheme]);
  if (!isKnown) return <span className="ava" aria-hidden="true" style={{ opacity: 0 }} />;
  if (!me) {
    const after = encodeURIComponent(pathname + search);
    return (
      <div className="strangers">
        <Link className="btn q not-s" to={`/login?then=${after}`}>
          Log in
        </Link>
        <Link className="btn" to={`/signup?then=${after}`}>
          Sign up
        </Link>
      </div>
    );
  }
  const turn = () => {
    const theme = isDark ? 'light' : 'dark';
    setColorScheme(theme);
    void change({ profilePatch: { preferences: { theme } } });
  };
  const leave = async () => {
    await signOut();
    toast('Signed out.');
    await navigate('/');
  };
  return (
    <Menu position="bottom-end" width={220} zIndex={500} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" className="iconbtn" aria-label={`Your account, ${me.username}`}>
          <Avatar name={me.username} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.display_name || me.username}</Menu.Label>
        <Menu.Item component={Link} to={`/members/${me.username}`}>
          Your reviews
        </Menu.Item>
        <Menu.Item component={Link} to="/account">
          Account
        </Menu.Item>
        {isModerator ? (
          <Menu.Item component={Link} to="/admin">
            Admin
          </Menu.Item>
        ) : null}
        <Menu.Item onClick={turn}>{isDark ? 'Lights up' : 'Lights down'}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
