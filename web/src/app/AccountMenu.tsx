import { Menu, useMantineColorScheme } from '@mantine/core';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { useSession } from '@/app/session';
import { toast } from '@/lib/toast';
import { Avatar } from '@/ui/Avatar';

/** Log in and sign up for strangers; the account for those who have one. */
export const AccountMenu = () => {
  const { me, isKnown } = useSession();
  const { pathname, search } = useLocation();
  const { colorScheme, toggleColorScheme } = useMantineColorScheme();
  const [signOut] = marquee.useSignOutMutation();
  const navigate = useNavigate();
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
  const leave = async () => {
    await signOut();
    toast('Signed out.');
    await navigate('/');
  };
  return (
    <Menu position="bottom-end" width={220} zIndex={500} withinPortal>
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
        <Menu.Item onClick={toggleColorScheme}>{colorScheme === 'dark' ? 'Lights up' : 'Lights down'}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
