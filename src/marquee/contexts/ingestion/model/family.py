"""Keywords fit for a screen in the living room."""

import re

from marquee.contexts.ingestion.model.text import plain, remembering, words

LONGEST = 80

# A keyword is left out when one of its folded words is one of these, or starts with one ("*").
_UNFIT = """
adulter* aphrodisiac* ass asshole* bdsm behead* bestial* bitch* bondage boob boobs bra breasts
brothel* buttock* cannibal* castrat* cleavage clitor* condom condoms copulat* cunnil* cunt*
cybersex decapitat* defecat* dildo* disembowel* dismember* dominatrix ejaculat* erection* erotic*
evisc* excrement* exhibitionis* faeces feces fellatio fetish* foreplay fornicat* fuck* genital*
gigolo* gore gory gratuitous handjob hardcore hentai hipersexual* hooker* impale* incest*
infidelity intercourse lingerie lust masochis* masturbat* menage molest* mutilat* naked* necrophil*
nipple* nude nudes nudi* obscen* orgasm* orgies orgy paedophil* panties pantyhose pederas* pedophil*
penis* perver* pimp* porn* profan* prostitut* pubes pubic rape raped rapes raping rapist* sadis*
sadomas* seduc* semen sex sexappeal sexchat sexo* sexploit* sexual* sexy shit* slut* snuff sodom*
softcore sperm splatter* stripper* striptease* suicid* swinger* testicle* threesome* tits topless
tortur* underwear upskirt urinat* vagina* virginity vomit* voyeur* vulgar* whore* zoophil*
"""
_UNFIT_PHRASES = """
bare breast; bare butt; bare chest; bikini; blood spl; blood spurt; bloody body; blow job;
breast enlarge; breast expan; breast surg; burned alive; butt$; c word; call girl; camera focus on;
child abuse; child killed; child killing; crotch; cut in half; cut off arm; cut off head;
drug overdose; ethnic slur; exploding body; extramarital; f word; fart; female frontal; female rear;
flashing; forced to strip; gang bang$; gay slur; gun in mouth; hand on butt; hanged; head blown;
head cut; lap danc; lynching; male escort; male frontal; male rear; male virgin; man in towel;
middle finger; n word; one night stand; pole danc; racial humor; racial slur; red light district;
scalping; scantily; see through; self harm; severed; shot in the butt; shot in the head; skinny dip;
slit throat; strip$; strip club; strip search; strip show; strip tease; tattoo on breast;
throat slit; torso cut; virgin$; virgin blood; wet t shirt; white slavery; woman in towel
"""
_FIT = {"battle of the sexes", "comic strip", "based on comic strip", "head butt", "cigarette butt"}


def _pattern() -> re.Pattern[str]:
    alone = [
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else r"\b")
        for word in _UNFIT.split()
    ]
    phrases = [
        re.escape(phrase.strip().rstrip("$")) + ("$" if phrase.strip().endswith("$") else "")
        for phrase in _UNFIT_PHRASES.split(";")
    ]
    return re.compile(rf"\b(?:{'|'.join([*alone, *phrases])})")


_PATTERN = _pattern()
_EDGES = " ,;.-*+"
_FIRST_LETTER = re.compile(r"[^\W_]")


@remembering
def keyword(text: str) -> str | None:
    """The keyword in lower case and plain; None when it is empty or unfit for a family screen."""
    while (after := plain(text).strip(_EDGES).lower()) != text:
        text = after
    if not text or len(text) > LONGEST or not _FIRST_LETTER.search(text):
        return None
    return text if is_fit(text) else None


def is_fit(text: str) -> bool:
    folded = " ".join(words(text))
    return folded in _FIT or not _PATTERN.search(folded)
