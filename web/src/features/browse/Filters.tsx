import { useState } from 'react';
import { marquee } from '@/api/tags';
import type { FacetCount } from '@/api/generated/api';
import { years, type Question } from '@/features/browse/question';
import { YearRange } from '@/features/browse/YearRange';
import { count, language } from '@/lib/format';

const SHORT = 8;
const RATINGS = [5, 6, 7, 8];
const LENGTHS = [90, 120, 150];

interface ChoiceGiven {
  legend: string;
  values: FacetCount[];
  chosen: string[];
  show?: (value: string) => string;
  onChange: (chosen: string[]) => void;
}

/** Values with their counts; those chosen stay in sight even where nothing is left of them. */
const Choice = ({ legend, values, chosen, show = (value) => value, onChange }: ChoiceGiven) => {
  const [isWhole, setWhole] = useState(false);
  const missing = chosen.filter((one) => !values.some((each) => each.value === one));
  const all = [...missing.map((value) => ({ value, count: 0 })), ...values];
  if (!all.length) return null;
  const shown = isWhole ? all : all.filter((each, n) => n < SHORT || chosen.includes(each.value));
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <fieldset>
      <legend>
        {legend} <span>{chosen.length ? `${chosen.length} of ${all.length}` : 'any'}</span>
      </legend>
      <div>
        {shown.map((each) => (
          <label key={each.value} className="chk">
            <input type="checkbox" checked={chosen.includes(each.value)} onChange={() => toggle(each.value)} />
            {show(each.value)}
            <b>{count(each.count)}</b>
          </label>
        ))}
        {all.length > shown.length ? (
          <button type="button" className="link sm" onClick={() => setWhole(true)}>
            {all.length - shown.length} more
          </button>
        ) : null}
      </div>
    </fieldset>
  );
};

interface Given {
  question: Question;
  facets: Record<string, FacetCount[]>;
  onChange: (change: Partial<Question>) => void;
}

const Bound = ({ legend, values, chosen, show, onChange }: { legend: string; values: number[]; chosen: number | null; show: (n: number) => string; onChange: (value: number | null) => void }) => (
  <fieldset>
    <legend>
      {legend} <span>{chosen === null ? 'any' : show(chosen)}</span>
    </legend>
    <div className="chips">
      {values.map((value) => (
        <button
          key={value}
          type="button"
          className={chosen === value ? 'chip on' : 'chip'}
          aria-pressed={chosen === value}
          onClick={() => onChange(chosen === value ? null : value)}
        >
          {show(value)}
        </button>
      ))}
    </div>
  </fieldset>
);

export const Filters = ({ question, facets, onChange }: Given) => {
  const { data: platforms } = marquee.useListPlatformsQuery({});
  const named = (facets['platform'] ?? []).filter((each) => each.count > 0);
  const nameOf = (value: string) => platforms?.items.find((one) => one.id === value)?.name ?? value;
  return (
    <>
      <Choice legend="Genre" values={facets['genre'] ?? []} chosen={question.genres} onChange={(genres) => onChange({ genres })} />
      <fieldset>
        <legend>
          Year <span>{years(question)}</span>
        </legend>
        <YearRange
          from={question.yearFrom}
          to={question.yearTo}
          counts={facets['year'] ?? []}
          onChange={(yearFrom, yearTo) => onChange({ yearFrom, yearTo })}
        />
      </fieldset>
      <Bound legend="Rating" values={RATINGS} chosen={question.ratingMin} show={(n) => `${n} and up`} onChange={(ratingMin) => onChange({ ratingMin })} />
      <Bound legend="Length" values={LENGTHS} chosen={question.runtimeMax} show={(n) => `up to ${n} min`} onChange={(runtimeMax) => onChange({ runtimeMax })} />
      <Choice legend="Where" values={named} chosen={question.platforms} show={nameOf} onChange={(chosen) => onChange({ platforms: chosen })} />
      <Choice legend="Language" values={facets['language'] ?? []} chosen={question.languages} show={language} onChange={(languages) => onChange({ languages })} />
    </>
  );
};
