import { Drawer } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { FilmGrid, FilmTable } from '@/features/browse/FilmList';
import { Filters } from '@/features/browse/Filters';
import { asked, isFree, read, SORTS, write, years, type Question } from '@/features/browse/question';
import { count, counted, language } from '@/lib/format';
import { useMore } from '@/lib/more';
import { useTitle } from '@/lib/title';
import { Icon } from '@/ui/icons';
import { Order } from '@/ui/Order';
import { Empty, Failure, PosterBlocks, Waiting } from '@/ui/States';

const SIZE = 36;
const FACETS = 'genre,year,platform,language';

const VIEW = 'marquee-view';
const readView = (): string => {
  try {
    return localStorage.getItem(VIEW) ?? 'grid';
  } catch {
    return 'grid';
  }
};
const keepView = (view: string): void => {
  try {
    localStorage.setItem(VIEW, view);
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
};

/** One page of films and, when asked, the next behind it. */
const Pages = ({ question, cursor, view, again }: { question: Question; cursor?: string; view: string; again: () => void }) => {
  const [more, showMore] = useMore(cursor);
  const { data, error, isLoading, refetch } = marquee.useListMoviesQuery({ ...asked(question), cursor, limit: SIZE });
  if (isLoading) {
    return (
      <Waiting label="Loading films">
        <PosterBlocks count={12} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => { again(); void refetch(); }} />;
  if (!data.items.length && !cursor) {
    return <Empty title="No film fits all of this">Take one of the filters away and there will be some.</Empty>;
  }
  return (
    <>
      {view === 'list' ? <FilmTable movies={data.items} /> : <FilmGrid movies={data.items} />}
      {data.next && !more ? (
        <p className="onward">
          <button type="button" className="btn" onClick={showMore}>
            More films
          </button>
        </p>
      ) : null}
      {data.next && more ? (
        <div className="further">
          <Pages question={question} cursor={data.next} view={view} again={again} />
        </div>
      ) : null}
    </>
  );
};

const Chips = ({ question, onChange }: { question: Question; onChange: (change: Partial<Question>) => void }) => {
  const { data: platforms } = marquee.useListPlatformsQuery({});
  const { data: person } = marquee.useGetPersonQuery({ personId: question.people[0] ?? '' }, { skip: !question.people.length });
  const without = (values: string[], one: string) => values.filter((each) => each !== one);
  const chips: [string, Partial<Question>][] = [
    ...question.genres.map((one): [string, Partial<Question>] => [one, { genres: without(question.genres, one) }]),
    ...question.platforms.map((one): [string, Partial<Question>] => [
      platforms?.items.find((each) => each.id === one)?.name ?? one,
      { platforms: without(question.platforms, one) },
    ]),
    ...question.languages.map((one): [string, Partial<Question>] => [
      language(one),
      { languages: without(question.languages, one) },
    ]),
    ...question.people.map((one): [string, Partial<Question>] => [
      person?.name ?? 'One person',
      { people: without(question.people, one) },
    ]),
  ];
  if (years(question) !== 'any') chips.push([years(question), { yearFrom: null, yearTo: null }]);
  if (question.ratingMin !== null) chips.push([`${question.ratingMin} and up`, { ratingMin: null }]);
  if (question.runtimeMax !== null) chips.push([`up to ${question.runtimeMax} min`, { runtimeMax: null }]);
  return (
    <>
      {chips.map(([text, change]) => (
        <button key={text} type="button" className="chip on" onClick={() => onChange(change)}>
          {text}
          <span className="x" aria-hidden="true" />
          <span className="vh">, take away</span>
        </button>
      ))}
    </>
  );
};

const Page = () => {
  const [address, setAddress] = useSearchParams();
  const [view, setView] = useState(readView);
  const [isOpen, open] = useState(false);
  const question = read(address);
  const { data: told, error, refetch } = marquee.useListMoviesQuery({ ...asked(question), facets: FACETS, limit: 1 });
  // What was told of another question is no answer to this one.
  const data = error ? undefined : told;
  const change = (next: Partial<Question>) => setAddress(write({ ...question, ...next }), { preventScrollReset: true });
  const show = (next: string) => {
    keepView(next);
    setView(next);
  };
  useTitle('Films');
  const chosen = [...write({ ...question, sort: '-popularity', yearTo: null, yearFrom: question.yearFrom ?? question.yearTo })].length;
  const filters = <Filters question={question} facets={data?.facets ?? {}} onChange={change} />;
  return (
    <div className="wrap browse">
      <aside className="filters not-s" aria-label="Filters">
        {filters}
      </aside>
      <div className="found">
        <div className="head">
          <h1>Films</h1>
          <span className="count num" aria-live="polite">
            {data ? count(data.total) : ''}
            <span className="vh"> films</span>
          </span>
          <div className="tools">
            <button type="button" className="btn only-s" onClick={() => open(true)}>
              <Icon name="filters" />
              Filters{chosen ? ` (${chosen})` : ''}
            </button>
            <Order className="sel" name="Order" sorts={SORTS} value={question.sort} change={(sort) => change({ sort })} />
            <div className="seg not-s" role="group" aria-label="Layout">
              {(['grid', 'list'] as const).map((name) => (
                <button key={name} type="button" aria-pressed={view === name} aria-label={name === 'grid' ? 'Grid' : 'List'} onClick={() => show(name)}>
                  <Icon name={name} />
                </button>
              ))}
            </div>
          </div>
        </div>
        {isFree(question) ? null : (
          <div className="chips chosen">
            <Chips question={question} onChange={change} />
            <button type="button" className="link sm" onClick={() => setAddress({})}>
              Clear all
            </button>
          </div>
        )}
        <Pages key={write(question).toString()} question={question} view={view} again={() => void refetch()} />
      </div>
      <Drawer opened={isOpen} onClose={() => open(false)} position="bottom" size="86%" title="Filters" zIndex={300} closeButtonProps={{ 'aria-label': 'Close the filters' }}>
        <div className="filters">{filters}</div>
        <div className="drawer-done">
          <button type="button" className="btn" onClick={() => setAddress({})}>
            Clear
          </button>
          <button type="button" className="btn p" onClick={() => open(false)}>
            Show {data ? counted(data.total, 'film') : 'films'}
          </button>
        </div>
      </Drawer>
    </div>
  );
};
export default Page;
