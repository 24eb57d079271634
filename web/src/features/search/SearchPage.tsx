import { Drawer } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router-dom';
import { useSearchEverythingQuery, type Hit } from '@/api/search';
import type { FacetCount } from '@/api/generated/api';
import { Marked } from '@/features/search/Marked';
import { count, counted } from '@/lib/format';
import { useMore } from '@/lib/more';
import { useTitle } from '@/lib/title';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/icons';
import { Block, Empty, Failure, Waiting } from '@/ui/States';

const PAUSE = 120;
const SIZE = 24;
const NAMES = { kind: 'What', genre: 'Genre', decade: 'When', platform: 'Where' } as const;
type Name = keyof typeof NAMES;
const KINDS: Record<string, string> = { movie: 'Films', person: 'People' };
const SHORT = 8;

type Filters = Record<Name, string[]>;

const Facet = ({ name, values, chosen, toggle }: { name: Name; values: FacetCount[]; chosen: string[]; toggle: (value: string) => void }) => {
  const missing = chosen.filter((one) => !values.some((each) => each.value === one));
  const all = [...missing.map((value) => ({ value, count: 0 })), ...values];
  const shown = all.filter((each, n) => n < SHORT || chosen.includes(each.value));
  if (!all.length) return null;
  return (
    <fieldset>
      <legend>{NAMES[name]}</legend>
      <div>
        {shown.map((each) => (
          <label key={each.value} className="chk">
            <input type="checkbox" checked={chosen.includes(each.value)} onChange={() => toggle(each.value)} />
            {name === 'kind' ? (KINDS[each.value] ?? each.value) : each.value}
            <b>{count(each.count)}</b>
          </label>
        ))}
      </div>
    </fieldset>
  );
};

const Line = ({ hit }: { hit: Hit }) => (
  <li className="hit">
    <Link to={hit.kind === 'movie' ? `/films/${hit.id}` : `/people/${hit.id}`}>
      {hit.poster_url ? (
        <span className="poster">
          <img src={hit.poster_url} alt="" width={600} height={900} loading="lazy" />
        </span>
      ) : (
        <Avatar name={hit.title} size="l" />
      )}
      <span>
        <b className="d" dir="auto">
          <Marked html={hit.highlight} />
        </b>
        <span className="muted sm num">
          {hit.kind === 'person' ? ['Person', ...hit.known_for].join(' · ') : [hit.year, ...hit.genres].filter(Boolean).join(' · ')}
        </span>
      </span>
    </Link>
  </li>
);

const Pages = ({ q, filters, cursor }: { q: string; filters: Filters; cursor?: string }) => {
  const [more, showMore] = useMore(cursor);
  const asked = {
    q,
    kind: filters.kind[0] as 'movie' | 'person' | undefined,
    genre: filters.genre,
    decade: filters.decade,
    platform: filters.platform,
    cursor,
    limit: SIZE,
  };
  const { data, error, isLoading, isFetching, refetch } = useSearchEverythingQuery(asked);
  if (isLoading) {
    return (
      <Waiting label="Searching">
        <div className="sk-lines">
          {[1, 2, 3, 4, 5, 6].map((n) => (
            <Block key={n} height={72} />
          ))}
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data.items.length && !cursor) {
    return <Empty title={`Nothing is called “${q}”`}>Try fewer letters, or a name of somebody who made it.</Empty>;
  }
  return (
    <>
      <ul className="hits" aria-busy={isFetching}>
        {data.items.map((hit) => (
          <Line key={hit.kind + hit.id} hit={hit} />
        ))}
      </ul>
      {data.next && !more ? (
        <p className="onward">
          <button type="button" className="btn" onClick={showMore}>
            More
          </button>
        </p>
      ) : null}
      {data.next && more ? <Pages q={q} filters={filters} cursor={data.next} /> : null}
    </>
  );
};

const Page = () => {
  const [address, setAddress] = useSearchParams();
  const [text, setText] = useState(address.get('q') ?? '');
  const [q] = useDebouncedValue(text.trim(), PAUSE);
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, open] = useState(false);
  const inAddress = address.get('q') ?? '';
  const filters: Filters = {
    kind: address.getAll('kind'),
    genre: address.getAll('genre'),
    decade: address.getAll('decade'),
    platform: address.getAll('platform'),
  };
  const [known, know] = useState(inAddress);
  if (inAddress !== known) {
    // Somebody came here again from the bar: what they look for is in the address.
    know(inAddress);
    if (inAddress !== q) setText(inAddress);
  }
  useEffect(() => {
    if (q === (new URLSearchParams(location.search).get('q') ?? '')) return;
    setAddress(q ? { q } : {}, { replace: true });
  }, [q, setAddress]);
  useEffect(() => {
    input.current?.focus();
  }, []);
  useTitle(q ? `${q} · Search` : 'Search');
  const { data } = useSearchEverythingQuery(
    { q, kind: filters.kind[0] as 'movie' | 'person' | undefined, genre: filters.genre, decade: filters.decade, platform: filters.platform, limit: SIZE },
    { skip: !q },
  );
  const toggle = (name: Name) => (value: string) => {
    const next = new URLSearchParams(address);
    const chosen = filters[name];
    next.delete(name);
    const kept = chosen.includes(value) ? chosen.filter((one) => one !== value) : name === 'kind' ? [value] : [...chosen, value];
    kept.forEach((one) => next.append(name, one));
    setAddress(next);
  };
  const many = Object.values(filters).flat().length;
  const facets =
    q && data?.facets
      ? (Object.keys(NAMES) as Name[]).map((name) => (
          <Facet key={name} name={name} values={data.facets?.[name] ?? []} chosen={filters[name]} toggle={toggle(name)} />
        ))
      : null;
  return (
    <div className="wrap browse">
      <aside className="filters not-s" aria-label="Filters">
        {facets}
      </aside>
      <div className="found">
        <h1 className="vh">Search</h1>
        <search>
          <label className="lab" htmlFor="q">
            Films and people
          </label>
          <input id="q" ref={input} className="in large" type="search" value={text} autoComplete="off" spellCheck={false} maxLength={200} onChange={(event) => setText(event.target.value)} />
        </search>
        <div className="both found-count">
          <p className="note" aria-live="polite">
            {q && data ? counted(data.total, 'match', 'matches') : ''}
          </p>
          {facets ? (
            <button type="button" className="btn only-s to-end" onClick={() => open(true)}>
              <Icon name="filters" />
              Filters{many ? ` (${many})` : ''}
            </button>
          ) : null}
        </div>
        {q ? (
          <Pages key={JSON.stringify(filters)} q={q} filters={filters} />
        ) : (
          <Empty title="What are you looking for?">A title, a name, a genre, a year; a letter may be wrong.</Empty>
        )}
      </div>
      <Drawer opened={isOpen} onClose={() => open(false)} position="bottom" size="86%" title="Filters" zIndex={300} closeButtonProps={{ 'aria-label': 'Close the filters' }}>
        <div className="filters">{facets}</div>
        <div className="drawer-done">
          <button type="button" className="btn" onClick={() => setAddress(q ? { q } : {})}>
            Clear
          </button>
          <button type="button" className="btn p" onClick={() => open(false)}>
            Show {data ? counted(data.total, 'match', 'matches') : 'them'}
          </button>
        </div>
      </Drawer>
    </div>
  );
};
export default Page;
