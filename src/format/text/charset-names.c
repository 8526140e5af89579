/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which charset the names of files are in: a few words without a sentence
 * around them, so frequencies of whole texts say little. Each charset that file
 * systems have written names in is tried on all names at once, once for each of
 * its languages, and gets points for what it makes of them: letters that the
 * language is full of, in words of one script; it loses them for signs, frames
 * and capitals in the midst of a word, and for bytes that are no character. The first of the best wins: code
 * pages of DOS stand before those of Windows, as zips are written.
 */
#include "base/buffer.h"
#include "base/text.h"
#include "format/text/charset.h"

#include <utf8proc.h>

enum { SAMPLE_MAX = 16 << 10, COMMON_END = 0x10000 };

/* clang-format off */
/* Letters that a language writes with beside a to z; of the other scripts those that texts hold most. */
static const char german[] = "äöüß";
static const char northern[] = "åäæöøé";
static const char french[] = "éèàçêâîôûëïùœ";
static const char spanish[] = "ñáéíóúü";
static const char portuguese[] = "ãõáâéêíóôúçà";
static const char italian[] = "àèéìòù";
static const char czech[] = "áčďéěíňóřšťúůýžľĺŕäô";
static const char polish[] = "ąćęłńóśźż";
static const char hungarian[] = "áéíóöőúüű";
static const char croatian[] = "čćđšž";
static const char romanian[] = "ăâîșşțţ";
static const char turkish[] = "çğıiöşüâ";
static const char cyrillic[] = "оеаинтсрвлкмдпу";
static const char greek[] = "αειοντσρκλπμηυςάέίόήύ";
static const char hebrew[] = "יוהלאתרמבשנ";
static const char arabic[] = "اليمونرتبةعدسفهكق";
static const char thai[] = "รานเกองสมลทวยดี";
/* Signs and syllables by how often texts hold them, to a few hundred, and those that offices name files with. Sources: Jun Da,
 * Modern Chinese Character Frequency List, 2004; counts of newspapers' kanji and of Korean syllables as published by many. */
static const char simplified[] =
	"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
	"法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
	"正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
	"原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资"
	"命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白界达光放强即像难且权思王象完设式色路记南品住告类求据程北边张该交规万取"
	"拉格望觉术领共确传师观清今切院让识候带导争运发票价单据账户号码证书图片附录档案清款申请购销售货供应商客户营简历考勤薪招投标预决议纪";
static const char traditional[] =
	"的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去"
	"法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點"
	"正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒"
	"原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資"
	"命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊張該交規萬取"
	"台灣香港發票價單據帳戶號碼證圖片附錄檔案清款申請購銷售貨供應商客營簡歷投標預議紀";
static const char japanese[] =
	"日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問"
	"高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総"
	"加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近"
	"千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品論計官増係感特情投示変打男基私各始島直両朝価式確村提運終挙果西減台広"
	"必応住能再位置企真流格疑口局少放税検町常校料状工建語球営空職証送供可役構割身費付切由説食比難防補車優研収断何南石違消番規術護展態準"
	"備宅害配算視条個契請求納見積票領収注文仕様図面写真履歴給与稟議添付資料一覧名簿顧客";
static const char korean[] =
	"이다는의가에을하고지은로사기한를도서인대자어리시그나정수아해있보여과부들일었제것상전만주구했스장적동조년라게면유으우학공성안경위관국원"
	"화세문와계중비미연생신선마오소물방치무실내개업용명러행당거호재합모금결석단회발진분보약견청류표목록첨파월최종본견참고양식요제출급여직원"
	"이력영수증통거래처고객납품설현황획작력";
/* clang-format on */

/* A bit for each code point. */
struct common {
	uint64_t bits[COMMON_END / 64];
};

/* A charset, and the letters of a language that was written in it. */
static const struct candidate {
	const char *charset, *letters;
} candidates[] = {
	{"ibm437", german},         {"ibm437", french},           {"ibm437", spanish},       {"ibm437", italian},
	{"ibm437", northern},       {"ibm850", german},           {"ibm850", french},        {"ibm850", spanish},
	{"ibm850", portuguese},     {"ibm850", northern},         {"ibm866", cyrillic},      {"shift_jis", japanese},
	{"gb18030", simplified},    {"euc-kr", korean},           {"big5", traditional},     {"ibm852", czech},
	{"ibm852", polish},         {"ibm852", hungarian},        {"ibm852", croatian},      {"ibm852", romanian},
	{"ibm857", turkish},        {"ibm862", hebrew},           {"windows-1252", german},  {"windows-1252", french},
	{"windows-1252", spanish},  {"windows-1252", portuguese}, {"windows-1252", italian}, {"windows-1252", northern},
	{"windows-1251", cyrillic}, {"windows-1250", czech},      {"windows-1250", polish},  {"windows-1250", hungarian},
	{"windows-1250", croatian}, {"windows-1250", romanian},   {"windows-1254", turkish}, {"windows-1253", greek},
	{"windows-1255", hebrew},   {"windows-1256", arabic},     {"windows-874", thai},     {"euc-jp", japanese},
	{"koi8-r", cyrillic},       {"macintosh", german},        {"macintosh", french},     {"macintosh", spanish},
};

enum script {
	SCRIPT_NONE, /* digits, spaces, what stands between words */
	SCRIPT_LATIN,
	SCRIPT_CYRILLIC,
	SCRIPT_GREEK,
	SCRIPT_HEBREW,
	SCRIPT_ARABIC,
	SCRIPT_THAI,
	SCRIPT_KANA,
	SCRIPT_NARROW_KANA,
	SCRIPT_SIGNS, /* Han and Hangul */
	SCRIPT_WIDE,  /* what stands between words of those */
	SCRIPT_MARK,
	SCRIPT_SYMBOL,
	SCRIPT_FRAME,
	SCRIPT_WRONG
};

struct name_letter {
	uint32_t code;
	enum script script;
	bool is_small, is_capital;
};

/* ---- letters ---- */

static void add_common(struct common *common, const char *letters)
{
	struct bytes left = bytes_of_string(letters);
	uint32_t c;
	for (size_t length; (length = text_decode(left, &c)) > 0; left = bytes_from(left, length))
		if (c < COMMON_END)
			common->bits[c / 64] |= UINT64_C(1) << c % 64;
}

static bool is_common(const struct common *common, uint32_t c)
{
	utf8proc_int32_t small = utf8proc_tolower((utf8proc_int32_t)c);
	c = small > 0 ? (uint32_t)small : c;
	return c < COMMON_END && (common->bits[c / 64] >> c % 64 & 1) != 0;
}

/* Signs that people write in names of files: dashes, quotation marks, degrees and the like. */
static bool is_mark(uint32_t c)
{
	static const uint32_t marks[] = {0xA0, 0xA7, 0xA9, 0xAB, 0xAE,   0xB0,   0xB2,  0xB3,
	                                 0xB7, 0xBA, 0xAA, 0xBB, 0x20AC, 0x2116, 0x2122};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i] == c)
			return true;
	return c >= 0x2010 && c <= 0x203A;
}

static enum script script_of(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		enum script script;
	} ranges[] = {
		{'A', 'Z', SCRIPT_LATIN},        {'a', 'z', SCRIPT_LATIN},
		{0, 0x7F, SCRIPT_NONE},          {0x80, 0x9F, SCRIPT_WRONG},
		{0xD7, 0xD7, SCRIPT_SYMBOL},     {0xF7, 0xF7, SCRIPT_SYMBOL},
		{0xC0, 0x24F, SCRIPT_LATIN},     {0x370, 0x3FF, SCRIPT_GREEK},
		{0x400, 0x4FF, SCRIPT_CYRILLIC}, {0x591, 0x5F4, SCRIPT_HEBREW},
		{0x600, 0x6FF, SCRIPT_ARABIC},   {0xE01, 0xE5B, SCRIPT_THAI},
		{0x2500, 0x259F, SCRIPT_FRAME},  {0x3000, 0x303F, SCRIPT_WIDE},
		{0x3040, 0x30FF, SCRIPT_KANA},   {0x3400, 0x9FFF, SCRIPT_SIGNS},
		{0xAC00, 0xD7A3, SCRIPT_SIGNS},  {0xE000, 0xF8FF, SCRIPT_WRONG},
		{0xFF01, 0xFF60, SCRIPT_WIDE},   {0xFF61, 0xFF9F, SCRIPT_NARROW_KANA},
		{0xFFFD, 0xFFFD, SCRIPT_WRONG},
	};
	if (is_mark(c))
		return SCRIPT_MARK;
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].script;
	return SCRIPT_SYMBOL;
}

static struct name_letter letter_of(uint32_t c)
{
	struct name_letter letter = {.code = c, .script = script_of(c)};
	if (letter.script >= SCRIPT_LATIN && letter.script <= SCRIPT_GREEK) {
		utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
		letter.is_small = category == UTF8PROC_CATEGORY_LL;
		letter.is_capital = category == UTF8PROC_CATEGORY_LU;
	}
	return letter;
}

static bool is_of_word(const struct name_letter *letter)
{
	return letter->script >= SCRIPT_LATIN && letter->script <= SCRIPT_THAI;
}

static bool is_east_asian(const struct name_letter *letter)
{
	return letter->script >= SCRIPT_KANA && letter->script <= SCRIPT_WIDE;
}

/* ---- points: three for a byte that is surely right ---- */

struct name_word {
	struct name_letter before; /* of the letter at hand */
	bool is_broken;            /* such a capital stood behind a small letter: it says nothing any more */
};

static int score_cased(const struct common *common, struct name_word *word, const struct name_letter *letter,
                       const struct name_letter *after)
{
	bool is_alone = !is_of_word(&word->before) && !is_of_word(after);
	bool is_accented = letter->script == SCRIPT_LATIN && word->before.code >= 0x80 && after->code >= 0x80;
	if (word->before.is_small && letter->is_capital) {
		word->is_broken |= letter->code >= 0x80;
		return -4;
	}
	if (letter->is_small && after->is_capital && letter->code >= 0x80)
		return -4;
	if (is_alone || word->is_broken)
		return 0;
	/* No language has three letters with accents in a row. */
	if (is_accented && is_of_word(&word->before) && is_of_word(after))
		return -2;
	return is_common(common, letter->code) ? 3 : 1;
}

static int score_letter(const struct common *common, struct name_word *word, const struct name_letter *letter,
                        const struct name_letter *after)
{
	const struct name_letter *before = &word->before;
	bool touches = is_of_word(before) || is_of_word(after), is_within = is_of_word(before) && is_of_word(after);
	bool is_mixed = (is_of_word(before) && before->script != letter->script) ||
	                (is_of_word(after) && after->script != letter->script);
	switch (letter->script) {
	case SCRIPT_NONE: return 0;
	case SCRIPT_LATIN: return is_mixed && letter->code >= 0x80 ? -6 : score_cased(common, word, letter, after);
	case SCRIPT_CYRILLIC:
	case SCRIPT_GREEK: return is_mixed ? -6 : score_cased(common, word, letter, after);
	case SCRIPT_HEBREW:
	case SCRIPT_ARABIC:
	case SCRIPT_THAI: return is_mixed ? -6 : !touches ? 0 : is_common(common, letter->code) ? 3 : 1;
	case SCRIPT_KANA: return is_east_asian(before) || is_east_asian(after) ? 5 : 1;
	case SCRIPT_NARROW_KANA: return before->script == SCRIPT_NARROW_KANA || after->script == SCRIPT_NARROW_KANA ? 2 : -2;
	case SCRIPT_SIGNS: return (is_common(common, letter->code) ? 6 : 1) - (touches ? 2 : 0);
	case SCRIPT_WIDE: return is_east_asian(before) || is_east_asian(after) ? 3 : 0;
	case SCRIPT_MARK: return is_within && letter->code != 0x2019 ? -3 : 0;
	case SCRIPT_SYMBOL: return touches ? -4 : -1;
	case SCRIPT_FRAME: return -6;
	case SCRIPT_WRONG: break;
	}
	return -12;
}

static long score_text(const struct common *common, struct bytes text)
{
	struct name_word word = {.before = {.script = SCRIPT_NONE}};
	uint32_t c = 0, next = 0;
	long sum = 0;
	size_t length = text_decode(text, &c);
	struct name_letter letter = letter_of(c);
	while (length > 0) {
		text = bytes_from(text, length);
		length = text_decode(text, &next);
		struct name_letter after = letter_of(length > 0 ? next : '\n');
		if (!is_of_word(&letter))
			word.is_broken = false;
		/* ASCII is the same in all, but for where words break. */
		int points = score_letter(common, &word, &letter, &after);
		sum += letter.code >= 0x80 ? points : 0;
		word.before = letter;
		letter = after;
	}
	return sum;
}

static bool score_as(const struct candidate *candidate, struct bytes names, long *ret_score)
{
	struct common common = {{0}};
	struct buffer text = buffer_with_ceiling(4 * SAMPLE_MAX);
	add_common(&common, candidate->letters);
	bool is_decoded = charset_append_decoded(&text, bytes_of_string(candidate->charset), names) == STATUS_OK;
	if (is_decoded)
		*ret_score = score_text(&common, buffer_bytes(&text));
	buffer_free(&text);
	return is_decoded;
}

const char *charset_guess_names(struct bytes names, const char *otherwise)
{
	const char *best = otherwise;
	long highest = 0, score;
	names = bytes_slice(names, 0, SAMPLE_MAX);
	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
		if (score_as(&candidates[i], names, &score) && score > highest) {
			highest = score;
			best = candidates[i].charset;
		}
	return best;
}
