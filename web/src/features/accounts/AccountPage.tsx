import { Navigate } from 'react-router-dom';
import { Preferences, ProfileForm } from '@/features/accounts/Profile';
import { Farewell, PasswordForm, Sessions } from '@/features/accounts/Security';
import { useSession } from '@/app/session';
import { useTitle } from '@/lib/title';
import { Block, Waiting } from '@/ui/States';

const Page = () => {
  const { me, isKnown } = useSession();
  useTitle('Your account');
  if (!isKnown) {
    return (
      <Waiting>
        <div className="wrap sec">
          <Block height={200} />
        </div>
      </Waiting>
    );
  }
  if (!me) return <Navigate to="/login?then=/account" replace />;
  return (
    <div className="wrap sec account">
      <h1>Your account</h1>
      <ProfileForm key={me.version} me={me} />
      <Preferences me={me} />
      <PasswordForm />
      <Sessions />
      <Farewell />
    </div>
  );
};
export default Page;
