"""One ISO 639 code for each language, whether a table gives its name or a code."""

from marquee.contexts.ingestion.model.text import fold, plain, remembering

_NAMES = """
aa Afar;ab Abkhazian,Abkhaz;ae Avestan;af Afrikaans;ak Akan;am Amharic;an Aragonese;ar Arabic;
as Assamese;av Avaric;ay Aymara;az Azerbaijani;ba Bashkir;be Belarusian;bg Bulgarian;bi Bislama;
bm Bambara;bn Bengali,Bangla;bo Tibetan;br Breton;bs Bosnian;ca Catalan,Valencian;ce Chechen;
ch Chamorro;co Corsican;cr Cree;cs Czech;cu Church Slavonic;cv Chuvash;cy Welsh;da Danish;de German;
dv Divehi,Maldivian;dz Dzongkha;ee Ewe;el Greek,Modern Greek;en English;eo Esperanto;
es Spanish,Castilian;et Estonian;eu Basque;fa Persian,Farsi;ff Fulah,Fula;fi Finnish;fj Fijian;
fo Faroese;fr French;fy Western Frisian,Frisian;ga Irish,Irish Gaelic;gd Scottish Gaelic,Gaelic;
gl Galician;gn Guarani;gu Gujarati;gv Manx;ha Hausa;he Hebrew;hi Hindi;ho Hiri Motu;hr Croatian;
ht Haitian Creole,Haitian;hu Hungarian;hy Armenian;hz Herero;ia Interlingua;id Indonesian;
ie Interlingue;ig Igbo;ii Sichuan Yi;ik Inupiaq;io Ido;is Icelandic;it Italian;iu Inuktitut;
ja Japanese;jv Javanese;ka Georgian;kg Kongo;ki Kikuyu;kj Kuanyama;kk Kazakh;kl Kalaallisut,Greenlandic;
km Khmer,Central Khmer;kn Kannada;ko Korean;kr Kanuri;ks Kashmiri;ku Kurdish;kv Komi;kw Cornish;
ky Kirghiz,Kyrgyz;la Latin;lb Luxembourgish,Letzeburgesch;lg Ganda;li Limburgish;ln Lingala;lo Lao;
lt Lithuanian;lu Luba-Katanga;lv Latvian;mg Malagasy;mh Marshallese,Marshall;mi Maori;mk Macedonian;
ml Malayalam;mn Mongolian;mr Marathi;ms Malay;mt Maltese;my Burmese;na Nauru;nd North Ndebele;
ne Nepali;ng Ndonga;nl Dutch,Flemish;no Norwegian,Norwegian Bokmål,Norwegian Nynorsk;
nr South Ndebele;nv Navajo;ny Chichewa,Nyanja;oc Occitan;oj Ojibwe,Ojibwa;om Oromo;or Oriya,Odia;
os Ossetian;pa Panjabi,Punjabi;pi Pali;pl Polish;ps Pashto,Pushto;pt Portuguese;qu Quechua;
rm Romansh;rn Rundi,Kirundi;ro Romanian,Moldavian,Moldovan;ru Russian;rw Kinyarwanda;sa Sanskrit;
sc Sardinian;sd Sindhi;se Northern Sami,Sami;sg Sango;si Sinhala,Sinhalese;sk Slovak;
sl Slovenian,Slovene;sm Samoan;sn Shona;so Somali;sq Albanian;sr Serbian,Serbo-Croatian;ss Swati;
st Southern Sotho,Sotho;su Sundanese;sv Swedish;sw Swahili;ta Tamil;te Telugu;tg Tajik;th Thai;
ti Tigrinya;tk Turkmen;tl Tagalog,Filipino;tn Tswana;to Tonga;tr Turkish;ts Tsonga;tt Tatar;tw Twi;
ty Tahitian;ug Uighur,Uyghur;uk Ukrainian;ur Urdu;uz Uzbek;ve Venda;vi Vietnamese;vo Volapük;
wa Walloon;wo Wolof;xh Xhosa;yi Yiddish;yo Yoruba;za Zhuang;zh Chinese,Mandarin,Mandarin Chinese;
zu Zulu;yue Cantonese;prs Dari;arc Aramaic;yua Maya,Mayan,Yucatec Maya;aus Aboriginal;nan Hokkien,Min Nan;
hak Hakka;ase American Sign Language;bfi British Sign Language;grc Ancient Greek;ang Old English;
syr Syriac;haw Hawaiian;chr Cherokee;lkt Lakota,Sioux;gsw Swiss German;nap Neapolitan;scn Sicilian;
rom Romany,Romani;tlh Klingon;fil Filipino;bho Bhojpuri;mai Maithili;tpi Tok Pisin;apc Levantine Arabic;
cmn Mandarin;sat Santali;mos Mossi;kab Kabyle;ber Berber,Amazigh
"""
_SAME = {
    "cn": "yue",  # what TMDB calls Cantonese
    "cmn": "zh",
    "fil": "tl",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "nb": "no",
    "nn": "no",
    "sh": "sr",
}


def _tables() -> tuple[frozenset[str], dict[str, str]]:
    codes: set[str] = set()
    names: dict[str, str] = {}
    for entry in _NAMES.replace("\n", "").strip().split(";"):
        code, known_as = entry.split(" ", 1)
        codes.add(code)
        for name in known_as.split(","):
            names.setdefault(fold(name), _SAME.get(code, code))
    return frozenset(codes), names


_CODES, _BY_NAME = _tables()


@remembering
def language(text: str) -> str | None:
    """The ISO 639-1 code (639-2 or -3 where there is none) of a name or a code.

    One code for one language: Bokmål is `no`, Mandarin is `zh`. None for "None", for TMDB's `xx`
    (no language), and for what is no language.
    """
    text = plain(text)
    code = text.lower().split("-", maxsplit=1)[0] if text[:3].isascii() else ""
    code = _SAME.get(code, code)
    if code in _CODES and len(text) <= len("zh-Hant"):
        return code
    return _BY_NAME.get(fold(text))
