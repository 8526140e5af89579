/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Charset names. A name is compared by its letters and digits alone, in lower
 * case, without the prefixes x- and cs. As browsers do (WHATWG Encoding,
 * 2022), a label is read as the superset its writers mean: ISO-8859-1 and
 * US-ASCII as windows-1252, Shift_JIS as code page 932, GB2312 as GB18030.
 */
#include "format/text/charset-table.h"

const struct charset charset_table[] = {
	{"utf-8", NULL, CHARSET_UTF8, 1},
	{"windows-1252", "CP1252", CHARSET_SINGLE, 1},
	{"iso-8859-2", "ISO-8859-2", CHARSET_SINGLE, 1},
	{"iso-8859-3", "ISO-8859-3", CHARSET_SINGLE, 1},
	{"iso-8859-4", "ISO-8859-4", CHARSET_SINGLE, 1},
	{"iso-8859-5", "ISO-8859-5", CHARSET_SINGLE, 1},
	{"iso-8859-6", "ISO-8859-6", CHARSET_SINGLE, 1},
	{"iso-8859-7", "ISO-8859-7", CHARSET_SINGLE, 1},
	{"iso-8859-8", "ISO-8859-8", CHARSET_SINGLE, 1},
	{"iso-8859-10", "ISO-8859-10", CHARSET_SINGLE, 1},
	{"iso-8859-13", "ISO-8859-13", CHARSET_SINGLE, 1},
	{"iso-8859-14", "ISO-8859-14", CHARSET_SINGLE, 1},
	{"iso-8859-15", "ISO-8859-15", CHARSET_SINGLE, 1},
	{"iso-8859-16", "ISO-8859-16", CHARSET_SINGLE, 1},
	{"windows-874", "CP874", CHARSET_SINGLE, 1},
	{"windows-1250", "CP1250", CHARSET_SINGLE, 1},
	{"windows-1251", "CP1251", CHARSET_SINGLE, 1},
	{"windows-1253", "CP1253", CHARSET_SINGLE, 1},
	{"windows-1254", "CP1254", CHARSET_SINGLE, 1},
	{"windows-1255", "CP1255", CHARSET_SINGLE, 1},
	{"windows-1256", "CP1256", CHARSET_SINGLE, 1},
	{"windows-1257", "CP1257", CHARSET_SINGLE, 1},
	{"windows-1258", "CP1258", CHARSET_SINGLE, 1},
	{"koi8-r", "KOI8-R", CHARSET_SINGLE, 1},
	{"koi8-u", "KOI8-U", CHARSET_SINGLE, 1},
	{"ibm437", "IBM437", CHARSET_SINGLE, 1},
	{"ibm850", "IBM850", CHARSET_SINGLE, 1},
	{"ibm852", "IBM852", CHARSET_SINGLE, 1},
	{"ibm855", "IBM855", CHARSET_SINGLE, 1},
	{"ibm857", "IBM857", CHARSET_SINGLE, 1},
	{"ibm858", "CP858", CHARSET_SINGLE, 1},
	{"ibm862", "IBM862", CHARSET_SINGLE, 1},
	{"ibm865", "IBM865", CHARSET_SINGLE, 1},
	{"ibm866", "IBM866", CHARSET_SINGLE, 1},
	{"macintosh", "MACINTOSH", CHARSET_SINGLE, 1},
	{"x-mac-cyrillic", "MAC-CYRILLIC", CHARSET_SINGLE, 1},
	{"x-mac-ce", "MAC-CENTRALEUROPE", CHARSET_SINGLE, 1},
	{"viscii", "VISCII", CHARSET_SINGLE, 1},
	{"armscii-8", "ARMSCII-8", CHARSET_SINGLE, 1},
	{"georgian-academy", "GEORGIAN-ACADEMY", CHARSET_SINGLE, 1},
	{"georgian-ps", "GEORGIAN-PS", CHARSET_SINGLE, 1},
	{"shift_jis", "CP932", CHARSET_DOUBLE, 1},
	{"euc-jp", "EUC-JP-MS", CHARSET_DOUBLE, 1},
	{"euc-kr", "UHC", CHARSET_DOUBLE, 1},
	{"johab", "JOHAB", CHARSET_DOUBLE, 1},
	{"gb18030", "GB18030", CHARSET_DOUBLE, 1},
	{"big5", "BIG5-HKSCS", CHARSET_DOUBLE, 1},
	{"euc-tw", "EUC-TW", CHARSET_DOUBLE, 1},
	{"iso-2022-jp", "ISO-2022-JP", CHARSET_SEVEN, 1},
	{"iso-2022-kr", "ISO-2022-KR", CHARSET_SEVEN, 1},
	{"iso-2022-cn", "ISO-2022-CN", CHARSET_SEVEN, 1},
	{"utf-7", "UTF-7", CHARSET_SEVEN, 1},
	{"utf-16", "UTF-16", CHARSET_WIDE, 2},
	{"utf-16le", "UTF-16LE", CHARSET_WIDE, 2},
	{"utf-16be", "UTF-16BE", CHARSET_WIDE, 2},
	{"utf-32", "UTF-32", CHARSET_WIDE, 4},
	{"utf-32le", "UTF-32LE", CHARSET_WIDE, 4},
	{"utf-32be", "UTF-32BE", CHARSET_WIDE, 4},
};

const size_t charset_count = sizeof charset_table / sizeof charset_table[0];

/* clang-format off */
/* Alias and the name it stands for, both as fold_name leaves them. */
static const char *const aliases[][2] = {
	{"utf8mb4", "utf8"}, {"unicode11utf8", "utf8"}, {"utf8n", "utf8"}, {"cp65001", "utf8"}, {"65001", "utf8"},
	{"utf8bom", "utf8"},
	{"iso88591", "windows1252"}, {"88591", "windows1252"}, {"latin1", "windows1252"}, {"l1", "windows1252"},
	{"isolatin1", "windows1252"}, {"iso885911987", "windows1252"}, {"isoir100", "windows1252"},
	{"cp819", "windows1252"}, {"ibm819", "windows1252"}, {"cp1252", "windows1252"}, {"1252", "windows1252"},
	{"ascii", "windows1252"}, {"usascii", "windows1252"}, {"us", "windows1252"}, {"ansix341968", "windows1252"},
	{"ansix341986", "windows1252"}, {"iso646us", "windows1252"}, {"isoir6", "windows1252"}, {"646", "windows1252"},
	{"cp367", "windows1252"}, {"ibm367", "windows1252"}, {"7bit", "windows1252"}, {"8bit", "windows1252"},
	{"ansi", "windows1252"}, {"iso88591windows31latin1", "windows1252"}, {"asciius", "windows1252"},
	{"latin2", "iso88592"}, {"l2", "iso88592"}, {"isolatin2", "iso88592"}, {"isoir101", "iso88592"},
	{"88592", "iso88592"}, {"iso885921987", "iso88592"},
	{"latin3", "iso88593"}, {"l3", "iso88593"}, {"isolatin3", "iso88593"},
	{"latin4", "iso88594"}, {"l4", "iso88594"}, {"isolatin4", "iso88594"},
	{"cyrillic", "iso88595"}, {"isolatincyrillic", "iso88595"}, {"iso885951988", "iso88595"},
	{"arabic", "iso88596"}, {"isolatinarabic", "iso88596"}, {"iso88596e", "iso88596"}, {"iso88596i", "iso88596"},
	{"asmo708", "iso88596"}, {"ecma114", "iso88596"},
	{"greek", "iso88597"}, {"greek8", "iso88597"}, {"isolatingreek", "iso88597"}, {"elot928", "iso88597"},
	{"ecma118", "iso88597"}, {"iso885971987", "iso88597"},
	{"hebrew", "iso88598"}, {"isolatinhebrew", "iso88598"}, {"iso88598e", "iso88598"}, {"iso88598i", "iso88598"},
	{"logical", "iso88598"}, {"visual", "iso88598"},
	{"iso88599", "windows1254"}, {"latin5", "windows1254"}, {"l5", "windows1254"}, {"isolatin5", "windows1254"},
	{"cp1254", "windows1254"}, {"turkish", "windows1254"}, {"88599", "windows1254"},
	{"latin6", "iso885910"}, {"l6", "iso885910"}, {"latin7", "iso885913"}, {"latin8", "iso885914"},
	{"latin9", "iso885915"}, {"l9", "iso885915"}, {"latin0", "iso885915"}, {"isolatin9", "iso885915"},
	{"latin10", "iso885916"},
	{"iso885911", "windows874"}, {"tis620", "windows874"}, {"tis6202533", "windows874"}, {"cp874", "windows874"},
	{"dos874", "windows874"}, {"iso8859112001", "windows874"},
	{"cp1250", "windows1250"}, {"1250", "windows1250"}, {"cp1251", "windows1251"}, {"1251", "windows1251"},
	{"win1251", "windows1251"}, {"cp1253", "windows1253"}, {"cp1255", "windows1255"}, {"cp1256", "windows1256"},
	{"cp1257", "windows1257"}, {"cp1258", "windows1258"}, {"tcvn", "windows1258"},
	{"koi8", "koi8r"}, {"koi", "koi8r"}, {"koi8ru", "koi8u"},
	{"cp437", "ibm437"}, {"437", "ibm437"}, {"dos", "ibm437"}, {"cp850", "ibm850"}, {"850", "ibm850"},
	{"cp852", "ibm852"}, {"852", "ibm852"}, {"cp855", "ibm855"}, {"cp857", "ibm857"}, {"cp858", "ibm858"},
	{"ibm00858", "ibm858"}, {"cp862", "ibm862"}, {"cp865", "ibm865"}, {"cp866", "ibm866"}, {"866", "ibm866"},
	{"mac", "macintosh"}, {"macroman", "macintosh"}, {"macukrainian", "maccyrillic"},
	{"maccentraleurope", "macce"}, {"maccentraleurroman", "macce"},
	{"sjis", "shiftjis"}, {"mskanji", "shiftjis"}, {"windows31j", "shiftjis"}, {"cp932", "shiftjis"},
	{"ms932", "shiftjis"}, {"932", "shiftjis"}, {"jis", "iso2022jp"}, {"iso2022jp1", "iso2022jp"},
	{"iso2022jp2", "iso2022jp"}, {"iso2022jpms", "iso2022jp"}, {"cp50220", "iso2022jp"}, {"cp50221", "iso2022jp"},
	{"cp51932", "eucjp"}, {"ujis", "eucjp"}, {"eucpkdfmtjapanese", "eucjp"},
	{"ksc56011987", "euckr"}, {"ksc5601", "euckr"}, {"ks56011987", "euckr"}, {"korean", "euckr"},
	{"windows949", "euckr"}, {"cp949", "euckr"}, {"uhc", "euckr"}, {"949", "euckr"}, {"isoir149", "euckr"},
	{"gb2312", "gb18030"}, {"gbk", "gb18030"}, {"cp936", "gb18030"}, {"ms936", "gb18030"}, {"936", "gb18030"},
	{"windows936", "gb18030"}, {"euccn", "gb18030"}, {"gb231280", "gb18030"}, {"chinese", "gb18030"},
	{"iso58gb231280", "gb18030"}, {"gb", "gb18030"},
	{"big5hkscs", "big5"}, {"cnbig5", "big5"}, {"cp950", "big5"}, {"950", "big5"}, {"big5eten", "big5"},
	{"unicode11utf7", "utf7"}, {"unicode20utf7", "utf7"}, {"cp65000", "utf7"},
	{"ucs2", "utf16"}, {"iso10646ucs2", "utf16"}, {"unicode", "utf16"}, {"unicodefeff", "utf16"},
	{"unicodefffe", "utf16be"}, {"ucs2le", "utf16le"}, {"ucs2be", "utf16be"}, {"utf16bom", "utf16"},
	{"ucs4", "utf32"}, {"iso10646ucs4", "utf32"},
};
/* clang-format on */

enum { FOLDED_MAX = 40 };

static char fold_letter(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + 'a' - 'A');
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char)c : '\0';
}

/* Letters and digits in lower case without x- and cs; empty if it is no name at all. */
static void fold_name(struct bytes name, char into[FOLDED_MAX])
{
	size_t length = 0;
	if (bytes_start_with_nocase(name, BYTES_LITERAL("x-")))
		name = bytes_from(name, 2);
	else if (bytes_start_with_nocase(name, BYTES_LITERAL("cs")))
		name = bytes_from(name, 2);
	for (size_t i = 0; i < name.len && length + 1 < FOLDED_MAX; i++) {
		char letter = fold_letter(name.at[i]);
		if (letter != '\0')
			into[length++] = letter;
	}
	into[length] = '\0';
}

static const struct charset *find_folded(const char *folded)
{
	char own[FOLDED_MAX];
	for (size_t i = 0; i < charset_count; i++) {
		fold_name(bytes_of_string(charset_table[i].name), own);
		if (strcmp(own, folded) == 0)
			return &charset_table[i];
	}
	return NULL;
}

const struct charset *charset_find(struct bytes name)
{
	char folded[FOLDED_MAX];
	fold_name(name, folded);
	if (folded[0] == '\0')
		return NULL;
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(aliases[i][0], folded) == 0)
			return find_folded(aliases[i][1]);
	return find_folded(folded);
}
