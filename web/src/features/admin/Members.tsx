import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { MemberPatch, PublicProfile } from '@/api/generated/api';
import { Field } from '@/features/accounts/Field';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';
import { counted } from '@/lib/format';
import { Block, Failure, Waiting } from '@/ui/States';

const PAUSE = 150;

const Member = ({ member }: { member: PublicProfile }) => {
  const [govern] = marquee.useGovernUserMutation();
  const set = async (memberPatch: MemberPatch, done: string, undo?: MemberPatch) => {
    const answer = await govern({ username: member.username, memberPatch });
    if (answer.error) return toast(problemOf(answer.error).detail);
    toast(done, undo ? () => void set(undo, 'As it was.') : undefined);
  };
  return (
    <li>
      <span>
        <Link to={`/members/${member.username}`}>
          <b>{member.username}</b>
        </Link>{' '}
        {member.is_active ? null : <span className="tag warn">Suspended</span>}
      </span>
      <span className="both">
        <label>
          <span className="vh">Role of {member.username}</span>
          <select
            className="plain"
            value={member.role}
            onChange={(event) => {
              const role = event.target.value as PublicProfile['role'];
              void set({ role }, `${member.username} is ${role} now.`, { role: member.role });
            }}
          >
            <option value="regular">regular</option>
            <option value="moderator">moderator</option>
            <option value="admin">admin</option>
          </select>
        </label>
        <button
          type="button"
          className="link sm"
          onClick={() =>
            void set({ is_active: !member.is_active }, member.is_active ? 'Suspended.' : 'Back again.', { is_active: member.is_active })
          }
        >
          {member.is_active ? 'Suspend' : 'Let back in'}
          <span className="vh"> {member.username}</span>
        </button>
      </span>
    </li>
  );
};

const Members = () => {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), PAUSE);
  const { data, error, isLoading, refetch } = marquee.useUsersQuery({ q: q || undefined, limit: 50 });
  return (
    <section aria-label="Members">
      <Field label="Find a member" type="search" value={text} onChange={(event) => setText(event.target.value)} hint={data ? counted(data.total, 'member') : undefined} />
      {isLoading ? (
        <Waiting>
          <Block height={120} />
        </Waiting>
      ) : error || !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        <ul className="lines">
          {data.items.map((member) => (
            <Member key={member.id} member={member} />
          ))}
        </ul>
      )}
    </section>
  );
};
export default Members;
