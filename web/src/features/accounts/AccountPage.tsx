import { Navigate } from 'react-router-dom';
import { Preferences, ProfileForm } from '@/features/accounts/Profile';
import { Farewell, PasswordForm, Sessions } from '@/features/accounts/Security';
import { marquee } from '@/api/tags';
import { useSession } from '@/app/session';
import { useTitle } from '@/lib/title';
import { Block, FailedPage, Waiting } from '@/ui/States';

const PARTS = [
  ['profile', 'Profile'],
  ['preferences', 'How it looks'],
  ['password', 'Password'],
  ['sessions', 'Where you are signed in'],
  ['farewell', 'Leave'],
] as const;

const Page = () => {
  const { me, isKnown, trouble } = useSession();
  const { refetch } = marquee.useMeQuery(undefined, { skip: !trouble });
  useTitle('Your account');
  if (trouble) return <FailedPage error={trouble} retry={() => void refetch()} />;
  if (!isKnown) {
    return (
      <Waiting isPage>
        <div className="wrap sec">
          <Block height={200} />
        </div>
      </Waiting>
    );
  }
  if (!me) return <Navigate to="/login?then=/account" replace />;
  return (
    <div className="wrap sec account">
      <nav aria-label="Your account">
        {PARTS.map(([id, text]) => (
          <a key={id} href={`#${id}`}>
            {text}
          </a>
        ))}
      </nav>
      <div>
      <h1>Your account</h1>
      <ProfileForm key={me.version} me={me} />
      <Preferences me={me} />
      <PasswordForm />
      <Sessions />
      <Farewell />
      </div>
    </div>
  );
};
export default Page;
