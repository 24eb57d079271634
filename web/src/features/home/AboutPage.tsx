import { Link } from 'react-router-dom';
import { useTitle } from '@/lib/title';
import { Rail } from '@/ui/Rail';

const Page = () => {
  useTitle('Sources of the facts');
  return (
    <div className="wrap sec prose">
      <h1>Sources of the facts</h1>
      <p>
        The catalog this site opened with holds facts only: titles, years, names, figures. They were merged from four
        public tables and cleaned by rules: the Kaggle tables “IMDB data 2006–2016” (PromptCloud), “IMDB 5000” and “TMDB
        5000”, and the Wikipedia movie table of P. Rust, which is under the MIT licence. Ratings and votes from IMDb are
        those of 2016 and 2017.
      </p>
      <p>
        A fact that is missing is not known; nothing is invented. If one is wrong, whoever runs this site can change it,
        and what they change outlives every later import.
      </p>
      <section className="sec" aria-labelledby="posters">
        <Rail title="Posters" id="posters" />
        <p>
          No film’s own artwork is kept here. Each poster is drawn from the film’s facts: the same film has the same
          poster on every machine. Its letters come from typefaces under the SIL Open Font License.
        </p>
      </section>
      <p className="acts-row">
        <Link className="btn" to="/films">
          Films
        </Link>
      </p>
    </div>
  );
};
export default Page;
