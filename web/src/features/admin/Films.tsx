import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useSearchEverythingQuery } from '@/api/search';
import { marquee } from '@/api/tags';
import { Field } from '@/features/accounts/Field';
import { counted } from '@/lib/format';
import { Empty, Failure } from '@/ui/States';

const PAUSE = 150;

/** Find a film to change, or begin a new one. */
const Films = () => {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), PAUSE);
  const { data: all, error: noList, refetch } = marquee.useListMoviesQuery({ sort: '-popularity', limit: 12 });
  const { data: found, error: noSearch, refetch: searchAgain } = useSearchEverythingQuery({ q, kind: 'movie', limit: 30 }, { skip: !q });
  const shown = q
    ? (found?.items ?? []).map((one) => ({ id: one.id, title: one.title, year: one.year }))
    : (all?.items ?? []).map((one) => ({ id: one.id, title: one.title, year: one.year }));
  return (
    <section aria-label="Films">
      <div className="admin-top">
        <Field label="Find a film" type="search" value={text} onChange={(event) => setText(event.target.value)} hint={all ? counted(all.total, 'film') : undefined} />
        <Link className="btn p" to="/admin/films/new">
          New film
        </Link>
      </div>
      {q && noSearch ? <Failure error={noSearch} retry={() => void searchAgain()} /> : null}
      {!q && noList ? <Failure error={noList} retry={() => void refetch()} /> : null}
      {q && found && !noSearch && !found.items.length ? <Empty title={`Nothing is called “${q}”`}>You can add it.</Empty> : null}
      <ul className="lines">
        {shown.map((one) => (
          <li key={one.id}>
            <Link to={`/admin/films/${one.id}`}>
              <b>{one.title}</b> <span className="muted num">{one.year ?? ''}</span>
            </Link>
            <Link className="link sm" to={`/films/${one.id}`}>
              Open
              <span className="vh"> {one.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
};
export default Films;
