import { useDebouncedValue } from '@mantine/hooks';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { useSuggestQuery, type Hit } from '@/api/search';
import { Marked } from '@/features/search/Marked';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/icons';

const PAUSE = 90;
const addressOf = (hit: Hit): string => (hit.kind === 'movie' ? `/films/${hit.id}` : `/people/${hit.id}`);

const NAMES: Record<Hit['kind'], string> = { movie: 'Films', person: 'People' };
const aboutOf = (hit: Hit): string =>
  (hit.kind === 'movie' ? [hit.year, hit.genres.slice(0, 3).join(', ')] : [hit.known_for.slice(0, 3).join(', ')]).filter(Boolean).join(' · ');

/** The search in the bar: suggestions as one types, arrows choose, Enter opens. */
export const SearchBox = () => {
  const [text, setText] = useState('');
  const [isOpen, open] = useState(false);
  const [at, choose] = useState(-1);
  const [asked] = useDebouncedValue(text.trim(), PAUSE);
  const { data } = useSuggestQuery({ q: asked }, { skip: !asked });
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const navigate = useNavigate();
  const found = asked && data ? data.items : [];
  // Grouped by kind, the kind of the best one first; arrows go as they stand.
  const kinds = [...new Set(found.map((hit) => hit.kind))];
  const groups = kinds.map((kind): [Hit['kind'], Hit[]] => [kind, found.filter((hit) => hit.kind === kind)]);
  const hits = groups.flatMap(([, members]) => members);
  const isShown = isOpen && hits.length > 0;

  const leave = () => {
    open(false);
    choose(-1);
  };
  const go = (to: string) => {
    leave();
    input.current?.blur();
    void navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return isShown ? leave() : input.current?.blur();
    if (event.key === 'Enter') {
      event.preventDefault();
      const hit = hits[at];
      if (hit && isShown) return go(addressOf(hit));
      return text.trim() ? go(`/search?q=${encodeURIComponent(text.trim())}`) : undefined;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !hits.length) return;
    event.preventDefault();
    open(true);
    // One place more than there are suggestions: the text itself.
    const next = (at + step + hits.length + 1) % (hits.length + 1);
    choose(next === hits.length ? -1 : next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <search className="find">
      <Icon name="search" />
      <input
        ref={input}
        data-search
        className="in"
        role="combobox"
        aria-label="Search films and people"
        aria-expanded={isShown}
        aria-controls={list}
        aria-activedescendant={isShown && at >= 0 ? `${list}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder="Films and people"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          choose(-1);
          open(true);
        }}
        onFocus={() => open(true)}
        onBlur={() => setTimeout(leave, 120)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">/</kbd>
      <div className="pop sug" id={list} role="listbox" aria-label="Suggestions" hidden={!isShown}>
        {groups.map(([kind, members]) => (
          <div key={kind} role="group" aria-label={NAMES[kind]}>
            <div className="grp" aria-hidden="true">
              {NAMES[kind]}
            </div>
            {members.map((hit) => {
              const n = hits.indexOf(hit);
              return (
                <div
                  key={hit.id}
                  id={`${list}-${n}`}
                  className={n === at ? 'it on' : 'it'}
                  role="option"
                  aria-selected={n === at}
                  tabIndex={-1}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => go(addressOf(hit))}
                  onKeyDown={onKeyDown}
                >
                  {hit.poster_url ? <img src={hit.poster_url} alt="" width={34} height={51} /> : <Avatar name={hit.title} />}
                  <span>
                    <b dir="auto">
                      <Marked html={hit.highlight} />
                    </b>
                    <span className="muted sm num under">{aboutOf(hit)}</span>
                  </span>
                </div>
              );
            })}
          </div>
        ))}
        <div className="ft" aria-hidden="true">
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> {at < 0 ? 'all results' : 'open'}
          </span>
          <button type="button" className="link to-end" tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => go(`/search?q=${encodeURIComponent(asked)}`)}>
            All results
          </button>
        </div>
      </div>
    </search>
  );
};
