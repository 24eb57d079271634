"""One English short name for each country, whatever a table calls it."""

from marquee.contexts.ingestion.model.text import fold, plain, remembering

_NOW = """
AD Andorra;AE United Arab Emirates;AF Afghanistan;AG Antigua and Barbuda;AI Anguilla;AL Albania;
AM Armenia;AO Angola;AQ Antarctica;AR Argentina;AS American Samoa;AT Austria;AU Australia;AW Aruba;
AX Åland Islands;AZ Azerbaijan;BA Bosnia and Herzegovina;BB Barbados;BD Bangladesh;BE Belgium;
BF Burkina Faso;BG Bulgaria;BH Bahrain;BI Burundi;BJ Benin;BL Saint Barthélemy;BM Bermuda;BN Brunei;
BO Bolivia;BQ Caribbean Netherlands;BR Brazil;BS Bahamas;BT Bhutan;BV Bouvet Island;BW Botswana;
BY Belarus;BZ Belize;CA Canada;CC Cocos Islands;CD Democratic Republic of the Congo;
CF Central African Republic;CG Republic of the Congo;CH Switzerland;CI Ivory Coast;CK Cook Islands;
CL Chile;CM Cameroon;CN China;CO Colombia;CR Costa Rica;CU Cuba;CV Cape Verde;CW Curaçao;
CX Christmas Island;CY Cyprus;CZ Czech Republic;DE Germany;DJ Djibouti;DK Denmark;DM Dominica;
DO Dominican Republic;DZ Algeria;EC Ecuador;EE Estonia;EG Egypt;EH Western Sahara;ER Eritrea;
ES Spain;ET Ethiopia;FI Finland;FJ Fiji;FK Falkland Islands;FM Micronesia;FO Faroe Islands;
FR France;GA Gabon;GB United Kingdom;GD Grenada;GE Georgia;GF French Guiana;GG Guernsey;GH Ghana;
GI Gibraltar;GL Greenland;GM Gambia;GN Guinea;GP Guadeloupe;GQ Equatorial Guinea;GR Greece;
GT Guatemala;GU Guam;GW Guinea-Bissau;GY Guyana;HK Hong Kong;HN Honduras;HR Croatia;HT Haiti;
HU Hungary;ID Indonesia;IE Ireland;IL Israel;IM Isle of Man;IN India;IQ Iraq;IR Iran;IS Iceland;
IT Italy;JE Jersey;JM Jamaica;JO Jordan;JP Japan;KE Kenya;KG Kyrgyzstan;KH Cambodia;KI Kiribati;
KM Comoros;KN Saint Kitts and Nevis;KP North Korea;KR South Korea;KW Kuwait;KY Cayman Islands;
KZ Kazakhstan;LA Laos;LB Lebanon;LC Saint Lucia;LI Liechtenstein;LK Sri Lanka;LR Liberia;LS Lesotho;
LT Lithuania;LU Luxembourg;LV Latvia;LY Libya;MA Morocco;MC Monaco;MD Moldova;ME Montenegro;
MF Saint Martin;MG Madagascar;MH Marshall Islands;MK North Macedonia;ML Mali;MM Myanmar;MN Mongolia;
MO Macau;MP Northern Mariana Islands;MQ Martinique;MR Mauritania;MS Montserrat;MT Malta;MU Mauritius;
MV Maldives;MW Malawi;MX Mexico;MY Malaysia;MZ Mozambique;NA Namibia;NC New Caledonia;NE Niger;
NF Norfolk Island;NG Nigeria;NI Nicaragua;NL Netherlands;NO Norway;NP Nepal;NR Nauru;NU Niue;
NZ New Zealand;OM Oman;PA Panama;PE Peru;PF French Polynesia;PG Papua New Guinea;PH Philippines;
PK Pakistan;PL Poland;PM Saint Pierre and Miquelon;PN Pitcairn;PR Puerto Rico;PS Palestine;
PT Portugal;PW Palau;PY Paraguay;QA Qatar;RE Réunion;RO Romania;RS Serbia;RU Russia;RW Rwanda;
SA Saudi Arabia;SB Solomon Islands;SC Seychelles;SD Sudan;SE Sweden;SG Singapore;SH Saint Helena;
SI Slovenia;SJ Svalbard and Jan Mayen;SK Slovakia;SL Sierra Leone;SM San Marino;SN Senegal;
SO Somalia;SR Suriname;SS South Sudan;ST São Tomé and Príncipe;SV El Salvador;SX Sint Maarten;
SY Syria;SZ Eswatini;TC Turks and Caicos Islands;TD Chad;TF French Southern Territories;TG Togo;
TH Thailand;TJ Tajikistan;TK Tokelau;TL East Timor;TM Turkmenistan;TN Tunisia;TO Tonga;TR Turkey;
TT Trinidad and Tobago;TV Tuvalu;TW Taiwan;TZ Tanzania;UA Ukraine;UG Uganda;
UM United States Minor Outlying Islands;US United States;UY Uruguay;UZ Uzbekistan;VA Vatican City;
VC Saint Vincent and the Grenadines;VE Venezuela;VG British Virgin Islands;VI U.S. Virgin Islands;
VN Vietnam;VU Vanuatu;WF Wallis and Futuna;WS Samoa;XK Kosovo;YE Yemen;YT Mayotte;ZA South Africa;
ZM Zambia;ZW Zimbabwe
"""
_ONCE = """
SU Soviet Union;DD East Germany;XG East Germany;XWG West Germany;CS Serbia and Montenegro;
XC Czechoslovakia;CSHH Czechoslovakia;YU Yugoslavia;XYU Federal Republic of Yugoslavia;ZR Zaire;
AN Netherlands Antilles;XKO Korea;XVN North Vietnam;BU Burma
"""
_SYNONYMS = """
USA=US;United States of America=US;U.S.A.=US;U.S.=US;America=US;The United States=US;
UK=GB;U.K.=GB;Great Britain=GB;England=GB;Scotland=GB;Wales=GB;Northern Ireland=GB;
United Kingdom of Great Britain and Northern Ireland=GB;Republic of Ireland=IE;Eire=IE;
Russian Federation=RU;USSR=SU;U.S.S.R.=SU;Union of Soviet Socialist Republics=SU;
Kyrgyz Republic=KG;Czechia=CZ;Holland=NL;The Netherlands=NL;Korea, Republic of=KR;
Republic of Korea=KR;Korea, South=KR;Korea, North=KP;Democratic People's Republic of Korea=KP;
Libyan Arab Jamahiriya=LY;Guadaloupe=GP;Islamic Republic of Iran=IR;Iran, Islamic Republic of=IR;
Persia=IR;Syrian Arab Republic=SY;Viet Nam=VN;Lao People's Democratic Republic=LA;
People's Republic of China=CN;Mainland China=CN;Republic of China=TW;Taiwan, Province of China=TW;
Hong Kong SAR China=HK;Macao=MO;Macao SAR China=MO;Macedonia=MK;FYROM=MK;Burma=MM;Türkiye=TR;
Turkiye=TR;Swaziland=SZ;Cote D'Ivoire=CI;Côte d'Ivoire=CI;Cabo Verde=CV;Timor-Leste=TL;
Holy See=VA;Vatican=VA;The Bahamas=BS;The Gambia=GM;Palestinian Territory=PS;
Palestinian Territories=PS;Occupied Palestinian Territory=PS;State of Palestine=PS;
Brunei Darussalam=BN;Congo=CG;Republic of Moldova=MD;United Republic of Tanzania=TZ;
Federal Republic of Germany=XWG;German Democratic Republic=DD;DDR=DD;Great Britain and Ireland=GB;
Bosnia=BA;Bosnia & Herzegovina=BA;Trinidad & Tobago=TT;Federated States of Micronesia=FM;
UAE=AE;South-Korea=KR;US Virgin Islands=VI;St. Lucia=LC;Democratic Republic of Congo=CD
"""


def _pairs(table: str, mark: str) -> list[tuple[str, str]]:
    entries = table.replace(";\n", ";").strip().split(";")
    halves = (entry.strip().partition(mark) for entry in entries if entry.strip())
    return [(left, right) for left, _, right in halves]


_BY_CODE = dict(_pairs(_NOW + ";" + _ONCE, " "))
_BY_NAME = {fold(name): name for name in _BY_CODE.values()} | {
    fold(name): _BY_CODE[code] for name, code in _pairs(_SYNONYMS, "=")
}


@remembering
def country(text: str) -> str | None:
    """The short name for a name or an ISO 3166-1 code; None for what is no country.

    Countries that were, such as West Germany and the Soviet Union, stay what they were.
    """
    text = plain(text)
    if text in _BY_CODE:
        return _BY_CODE[text]
    return _BY_NAME.get(fold(text))
