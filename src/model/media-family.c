/* SPDX-License-Identifier: Apache-2.0 */
/* The media types are those that format/ gives, OOXML's and OpenDocument's beginnings as their registrations have them. */
#include "model/media-family.h"

#include <stddef.h>

#define OOXML "application/vnd.openxmlformats-officedocument."
#define OPENDOCUMENT "application/vnd.oasis.opendocument."
#define TYPES(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

/* clang-format off */
const struct media_family media_families[] = {
	{"pdf", TYPES("application/pdf")},
	{"mail", TYPES("message/", "application/mbox", "application/vnd.ms-outlook", "application/vnd.ms-outlook-pst",
	               "application/x-outlook-express", "application/vnd.ms-tnef", "text/rfc822-headers")},
	{"sheet", TYPES(OOXML "spreadsheetml.", OPENDOCUMENT "spreadsheet", "application/vnd.ms-excel", "text/csv",
	                "text/tab-separated-values", "application/vnd.lotus-1-2-3", "application/x-quattro-pro")},
	{"document", TYPES(OOXML "wordprocessingml.", OPENDOCUMENT "text", "application/msword", "text/rtf",
	                   "application/vnd.wordperfect", "application/epub+zip", "application/vnd.ms-works")},
	{"presentation", TYPES(OOXML "presentationml.", OPENDOCUMENT "presentation", "application/vnd.ms-powerpoint")},
	{"text", TYPES("text/")},
	{"image", TYPES("image/")},
	{"audio", TYPES("audio/")},
	{"video", TYPES("video/")},
	{"font", TYPES("font/")},
	{"model", TYPES("model/")},
	{"web", TYPES("text/html", "application/xhtml+xml", "application/warc", "text/css", "text/javascript")},
	{"data", TYPES("application/json", "application/x-ndjson", "application/xml", "application/yaml", "text/csv",
	               "application/vnd.apache.parquet", "application/vnd.apache.avro", "application/vnd.apache.orc",
	               "application/vnd.apache.arrow.file")},
	{"database", TYPES("application/vnd.sqlite3", "application/x-sqlite3", "application/x-msaccess", "application/vnd.dbf",
	                   "application/x-mssql-mdf", "application/x-mysql-table-definition", "application/x-berkeley-db",
	                   "application/x-ms-ese", "application/sql", "application/x-postgresql-dump",
	                   "application/x-oracle-dump", "application/x-redis-dump")},
	{"backup", TYPES("application/x-mssql-backup", "application/x-mtf", "application/x-postgresql-dump",
	                 "application/x-oracle-dump", "application/x-ms-wim")},
	{"archive", TYPES("application/zip", "application/x-tar", "application/gzip", "application/x-7z-compressed",
	                  "application/vnd.rar", "application/x-xz", "application/x-bzip2", "application/zstd", "application/x-lzma",
	                  "application/x-lzip", "application/x-lz4", "application/x-compress", "application/x-cpio",
	                  "application/x-archive", "application/x-arj", "application/x-lzh-compressed", "application/x-rpm",
	                  "application/vnd.ms-cab-compressed", "application/x-iso9660-image", "application/x-xar", "application/zlib",
	                  "application/x-lzop", "application/x-stuffit", "application/x-ace-compressed")},
	{"key", TYPES("application/x-pem-file", "application/x-pkcs12", "application/x-java-keystore", "application/x-keepass",
	              "application/x-der-private-key", "application/pkix-cert")},
	{.name = NULL},
};
/* clang-format on */

const struct media_family *media_family_find(struct bytes name)
{
	for (const struct media_family *family = media_families; family->name != NULL; family++)
		if (bytes_equal_string(name, family->name))
			return family;
	return NULL;
}
