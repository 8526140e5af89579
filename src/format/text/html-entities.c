/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Character references by name: the 252 of HTML 4.01 (chapter 24), and of HTML
 * 5 (13.5) those for ASCII characters and for the letters of Central Europe
 * and Turkey. Sorted by byte, for a binary search. Those of 1999 in Latin-1
 * may lack their semicolon.
 */
#include "format/text/html-entities.h"

#include "base/text.h"

#include <stdlib.h>

struct entity {
	char name[18];
	bool is_bare; /* needs no semicolon */
	uint16_t code_point;
};

/* clang-format off */
static const struct entity entities[] = {
	{"AElig", 1, 198}, {"AMP", 1, 38}, {"Aacute", 1, 193}, {"Acirc", 1, 194}, {"Agrave", 1, 192},
	{"Alpha", 0, 913}, {"Aogon", 0, 260}, {"Aring", 1, 197}, {"Atilde", 1, 195}, {"Auml", 1, 196},
	{"Beta", 0, 914}, {"Cacute", 0, 262}, {"Ccaron", 0, 268}, {"Ccedil", 1, 199}, {"Chi", 0, 935},
	{"Dagger", 0, 8225}, {"Delta", 0, 916}, {"DiacriticalGrave", 0, 96}, {"ETH", 1, 208},
	{"Eacute", 1, 201}, {"Ecaron", 0, 282}, {"Ecirc", 1, 202}, {"Egrave", 1, 200}, {"Eogon", 0, 280},
	{"Epsilon", 0, 917}, {"Eta", 0, 919}, {"Euml", 1, 203}, {"GT", 1, 62}, {"Gamma", 0, 915},
	{"Gbreve", 0, 286}, {"Hat", 0, 94}, {"Iacute", 1, 205}, {"Icirc", 1, 206}, {"Idot", 0, 304},
	{"Igrave", 1, 204}, {"Iota", 0, 921}, {"Iuml", 1, 207}, {"Kappa", 0, 922}, {"LT", 1, 60},
	{"Lambda", 0, 923}, {"Lstrok", 0, 321}, {"Mu", 0, 924}, {"Nacute", 0, 323}, {"NewLine", 0, 10},
	{"NoBreak", 0, 8288}, {"Ntilde", 1, 209}, {"Nu", 0, 925}, {"OElig", 0, 338}, {"Oacute", 1, 211},
	{"Ocirc", 1, 212}, {"Odblac", 0, 336}, {"Ograve", 1, 210}, {"Omega", 0, 937}, {"Omicron", 0, 927},
	{"Oslash", 1, 216}, {"Otilde", 1, 213}, {"Ouml", 1, 214}, {"Phi", 0, 934}, {"Pi", 0, 928},
	{"Prime", 0, 8243}, {"Psi", 0, 936}, {"QUOT", 1, 34}, {"Rcaron", 0, 344}, {"Rho", 0, 929},
	{"Sacute", 0, 346}, {"Scaron", 0, 352}, {"Scedil", 0, 350}, {"Sigma", 0, 931}, {"THORN", 1, 222},
	{"Tab", 0, 9}, {"Tau", 0, 932}, {"Theta", 0, 920}, {"Uacute", 1, 218}, {"Ucirc", 1, 219},
	{"Udblac", 0, 368}, {"Ugrave", 1, 217}, {"UnderBar", 0, 95}, {"Upsilon", 0, 933}, {"Uring", 0, 366},
	{"Uuml", 1, 220}, {"VerticalLine", 0, 124}, {"Xi", 0, 926}, {"Yacute", 1, 221}, {"Yuml", 0, 376},
	{"Zacute", 0, 377}, {"Zcaron", 0, 381}, {"Zdot", 0, 379}, {"ZeroWidthSpace", 0, 8203},
	{"Zeta", 0, 918}, {"aacute", 1, 225}, {"acirc", 1, 226}, {"acute", 1, 180}, {"aelig", 1, 230},
	{"agrave", 1, 224}, {"alefsym", 0, 8501}, {"alpha", 0, 945}, {"amp", 1, 38}, {"and", 0, 8743},
	{"ang", 0, 8736}, {"aogon", 0, 261}, {"apos", 0, 39}, {"aring", 1, 229}, {"ast", 0, 42},
	{"asymp", 0, 8776}, {"atilde", 1, 227}, {"auml", 1, 228}, {"bdquo", 0, 8222}, {"beta", 0, 946},
	{"brvbar", 1, 166}, {"bsol", 0, 92}, {"bull", 0, 8226}, {"bullet", 0, 8226}, {"cacute", 0, 263},
	{"cap", 0, 8745}, {"ccaron", 0, 269}, {"ccedil", 1, 231}, {"cedil", 1, 184}, {"cent", 1, 162},
	{"check", 0, 10003}, {"chi", 0, 967}, {"circ", 0, 710}, {"clubs", 0, 9827}, {"colon", 0, 58},
	{"comma", 0, 44}, {"commat", 0, 64}, {"cong", 0, 8773}, {"copy", 1, 169}, {"crarr", 0, 8629},
	{"cup", 0, 8746}, {"curren", 1, 164}, {"dArr", 0, 8659}, {"dagger", 0, 8224}, {"darr", 0, 8595},
	{"dash", 0, 8208}, {"deg", 1, 176}, {"delta", 0, 948}, {"diams", 0, 9830}, {"divide", 1, 247},
	{"dollar", 0, 36}, {"eacute", 1, 233}, {"ecaron", 0, 283}, {"ecirc", 1, 234}, {"egrave", 1, 232},
	{"empty", 0, 8709}, {"emsp", 0, 8195}, {"ensp", 0, 8194}, {"eogon", 0, 281}, {"epsilon", 0, 949},
	{"equals", 0, 61}, {"equiv", 0, 8801}, {"eta", 0, 951}, {"eth", 1, 240}, {"euml", 1, 235},
	{"euro", 0, 8364}, {"excl", 0, 33}, {"exist", 0, 8707}, {"fnof", 0, 402}, {"forall", 0, 8704},
	{"frac12", 1, 189}, {"frac14", 1, 188}, {"frac34", 1, 190}, {"frasl", 0, 8260}, {"gamma", 0, 947},
	{"gbreve", 0, 287}, {"ge", 0, 8805}, {"grave", 0, 96}, {"gt", 1, 62}, {"hArr", 0, 8660},
	{"hairsp", 0, 8202}, {"harr", 0, 8596}, {"hearts", 0, 9829}, {"hellip", 0, 8230},
	{"hyphen", 0, 8208}, {"iacute", 1, 237}, {"icirc", 1, 238}, {"iexcl", 1, 161}, {"igrave", 1, 236},
	{"image", 0, 8465}, {"imath", 0, 305}, {"infin", 0, 8734}, {"inodot", 0, 305}, {"int", 0, 8747},
	{"iota", 0, 953}, {"iquest", 1, 191}, {"isin", 0, 8712}, {"iuml", 1, 239}, {"kappa", 0, 954},
	{"lArr", 0, 8656}, {"lambda", 0, 955}, {"lang", 0, 9001}, {"laquo", 1, 171}, {"larr", 0, 8592},
	{"lbrace", 0, 123}, {"lbrack", 0, 91}, {"lceil", 0, 8968}, {"lcub", 0, 123}, {"ldquo", 0, 8220},
	{"le", 0, 8804}, {"lfloor", 0, 8970}, {"lowast", 0, 8727}, {"lowbar", 0, 95}, {"loz", 0, 9674},
	{"lpar", 0, 40}, {"lrm", 0, 8206}, {"lsaquo", 0, 8249}, {"lsqb", 0, 91}, {"lsquo", 0, 8216},
	{"lstrok", 0, 322}, {"lt", 1, 60}, {"macr", 1, 175}, {"mdash", 0, 8212}, {"micro", 1, 181},
	{"midast", 0, 42}, {"middot", 1, 183}, {"minus", 0, 8722}, {"mu", 0, 956}, {"nabla", 0, 8711},
	{"nacute", 0, 324}, {"nbsp", 1, 160}, {"ndash", 0, 8211}, {"ne", 0, 8800}, {"ni", 0, 8715},
	{"not", 1, 172}, {"notin", 0, 8713}, {"nsub", 0, 8836}, {"ntilde", 1, 241}, {"nu", 0, 957},
	{"num", 0, 35}, {"numsp", 0, 8199}, {"oacute", 1, 243}, {"ocirc", 1, 244}, {"odblac", 0, 337},
	{"oelig", 0, 339}, {"ograve", 1, 242}, {"oline", 0, 8254}, {"omega", 0, 969}, {"omicron", 0, 959},
	{"oplus", 0, 8853}, {"or", 0, 8744}, {"ordf", 1, 170}, {"ordm", 1, 186}, {"oslash", 1, 248},
	{"otilde", 1, 245}, {"otimes", 0, 8855}, {"ouml", 1, 246}, {"para", 1, 182}, {"part", 0, 8706},
	{"percnt", 0, 37}, {"period", 0, 46}, {"permil", 0, 8240}, {"perp", 0, 8869}, {"phi", 0, 966},
	{"pi", 0, 960}, {"piv", 0, 982}, {"plus", 0, 43}, {"plusmn", 1, 177}, {"pound", 1, 163},
	{"prime", 0, 8242}, {"prod", 0, 8719}, {"prop", 0, 8733}, {"psi", 0, 968}, {"puncsp", 0, 8200},
	{"quest", 0, 63}, {"quot", 1, 34}, {"rArr", 0, 8658}, {"radic", 0, 8730}, {"rang", 0, 9002},
	{"raquo", 1, 187}, {"rarr", 0, 8594}, {"rbrace", 0, 125}, {"rbrack", 0, 93}, {"rcaron", 0, 345},
	{"rceil", 0, 8969}, {"rcub", 0, 125}, {"rdquo", 0, 8221}, {"real", 0, 8476}, {"reg", 1, 174},
	{"rfloor", 0, 8971}, {"rho", 0, 961}, {"rlm", 0, 8207}, {"rpar", 0, 41}, {"rsaquo", 0, 8250},
	{"rsqb", 0, 93}, {"rsquo", 0, 8217}, {"sacute", 0, 347}, {"sbquo", 0, 8218}, {"scaron", 0, 353},
	{"scedil", 0, 351}, {"sdot", 0, 8901}, {"sect", 1, 167}, {"semi", 0, 59}, {"shy", 1, 173},
	{"sigma", 0, 963}, {"sigmaf", 0, 962}, {"sim", 0, 8764}, {"sol", 0, 47}, {"spades", 0, 9824},
	{"sub", 0, 8834}, {"sube", 0, 8838}, {"sum", 0, 8721}, {"sup", 0, 8835}, {"sup1", 1, 185},
	{"sup2", 1, 178}, {"sup3", 1, 179}, {"supe", 0, 8839}, {"szlig", 1, 223}, {"tau", 0, 964},
	{"there4", 0, 8756}, {"theta", 0, 952}, {"thetasym", 0, 977}, {"thinsp", 0, 8201}, {"thorn", 1, 254},
	{"tilde", 0, 732}, {"times", 1, 215}, {"trade", 0, 8482}, {"uArr", 0, 8657}, {"uacute", 1, 250},
	{"uarr", 0, 8593}, {"ucirc", 1, 251}, {"udblac", 0, 369}, {"ugrave", 1, 249}, {"uml", 1, 168},
	{"upsih", 0, 978}, {"upsilon", 0, 965}, {"uring", 0, 367}, {"uuml", 1, 252}, {"verbar", 0, 124},
	{"vert", 0, 124}, {"weierp", 0, 8472}, {"xi", 0, 958}, {"yacute", 1, 253}, {"yen", 1, 165},
	{"yuml", 1, 255}, {"zacute", 0, 378}, {"zcaron", 0, 382}, {"zdot", 0, 380}, {"zeta", 0, 950},
	{"zwj", 0, 8205}, {"zwnj", 0, 8204},
};
/* clang-format on */

static int compare(const void *key, const void *member)
{
	const struct bytes *name = key;
	const struct entity *entity = member;
	return bytes_compare(*name, bytes_of_string(entity->name));
}

static const struct entity *find_entity(struct bytes name)
{
	return bsearch(&name, entities, sizeof entities / sizeof entities[0], sizeof entities[0], compare);
}

/* What pages mean by numbers that are no characters: the letters of windows-1252 (HTML 5, 13.2.5.80). */
static uint32_t repair_number(uint32_t number)
{
	static const uint16_t windows[32] = {
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
		0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
		0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
	};
	if (number >= 0x80 && number < 0xA0)
		return windows[number - 0x80];
	return number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000) ? 0xFFFD : number;
}

static unsigned digit_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 99;
}

static size_t read_number(struct bytes text, uint32_t *ret_code_point)
{
	bool is_hexadecimal = text.len > 2 && (text.at[2] | 0x20) == 'x';
	unsigned base = is_hexadecimal ? 16 : 10;
	size_t start = is_hexadecimal ? 3 : 2, at = start;
	uint32_t number = 0;
	for (; at < text.len && at < HTML_REFERENCE_MAX && digit_of(text.at[at]) < base; at++)
		number = number > 0x10FFFF ? number : number * base + digit_of(text.at[at]);
	if (at == start)
		return 0;
	*ret_code_point = repair_number(number);
	return at < text.len && text.at[at] == ';' ? at + 1 : at;
}

static bool is_name_letter(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t html_reference_read(struct bytes text, bool in_attribute, uint32_t *ret_code_point)
{
	size_t end = 1;
	if (text.len > 1 && text.at[1] == '#')
		return read_number(text, ret_code_point);
	while (end < text.len && end < HTML_REFERENCE_MAX && is_name_letter(text.at[end]))
		end++;
	bool is_closed = end < text.len && text.at[end] == ';';
	const struct entity *entity = find_entity(bytes_slice(text, 1, end - 1));
	if (is_closed && entity != NULL) {
		*ret_code_point = entity->code_point;
		return end + 1;
	}
	if (is_closed || (in_attribute && end < text.len && text.at[end] == '='))
		return 0;
	/* Without its semicolon the longest name that may lack it counts: "&copy2020". */
	for (size_t length = end < 7 ? end : 7; length > 2 && (length == end || !in_attribute); length--) {
		entity = find_entity(bytes_slice(text, 1, length - 1));
		if (entity != NULL && entity->is_bare) {
			*ret_code_point = entity->code_point;
			return length;
		}
	}
	return 0;
}

void html_append_resolved(struct buffer *into, struct bytes text, bool in_attribute)
{
	while (text.len > 0) {
		uint32_t code_point = 0;
		unsigned char utf8[4];
		size_t plain = bytes_find_byte(text, '&');
		plain = plain == BYTES_NOT_FOUND ? text.len : plain;
		buffer_append(into, bytes_slice(text, 0, plain));
		text = bytes_from(text, plain);
		size_t length = text.len > 0 ? html_reference_read(text, in_attribute, &code_point) : 0;
		if (length > 0)
			buffer_append(into, bytes_of(utf8, text_encode(code_point, utf8)));
		else if (text.len > 0)
			buffer_append_byte(into, '&');
		text = bytes_from(text, length > 0 ? length : 1);
	}
}
