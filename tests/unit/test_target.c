/* SPDX-License-Identifier: Apache-2.0 */
/* scope/target: every written form, what agrees with what, and what is refused without showing a secret. */
#include "model/id.h"
#include "target-kit.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void assert_refused(const char *written, enum status wanted, const char *part_of_why)
{
	struct target target;
	struct failure failure = {.why = ""};
	enum status status = target_parse(bytes_of_string(written), &arena, &target, &failure);
	if (status != wanted || strstr(failure.why, part_of_why) == NULL)
		print_error("%s: %s: %s\n", written, status_name(status), failure.why);
	assert_int_equal(status, wanted);
	assert_non_null(strstr(failure.why, part_of_why));
}

static void all_forms_of_one_container_agree(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"az://contoso/backup/2019/a b",
		"AZ://Contoso/backup/2019/a%20b",
		"az://contoso/backup/2019/a b  ",
		"https://contoso.blob.core.windows.net/backup/2019/a%20b",
		"http://contoso.blob.core.windows.net/backup/2019/a%20b",
		"https://CONTOSO.Blob.Core.Windows.Net:443/backup/2019/a%20b",
		"https://contoso.blob.core.windows.net./backup/2019/a%20b",
		"https://contoso.dfs.core.windows.net/backup/2019/a%20b",
		"az+https://contoso.blob.core.windows.net/backup/2019/a%20b",
		"https://contoso.blob.core.windows.net/backup?restype=container&comp=list&prefix=2019%2Fa%20b",
		"https://contoso-secondary.blob.core.windows.net/backup/2019/a%20b",
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct target target = target_of(forms[i]);
		assert_int_equal(target.container.provider, PROVIDER_AZURE);
		assert_text(target.container.account, "contoso");
		assert_text(target.account_name, "contoso");
		assert_text(target.container.name, "backup");
		assert_text(target.container.url, "https://contoso.blob.core.windows.net/backup");
		assert_text(target.prefix, "2019/a b");
		assert_text(target.scheme, "https");
		assert_int_equal(target.port, 443);
		assert_false(target.is_path_style || target.is_custom || target.is_loopback);
		assert_true(target_needs_authority(&target));
		bool is_secondary = strstr(forms[i], "-secondary") != NULL;
		assert_text(target.host,
		            is_secondary ? "contoso-secondary.blob.core.windows.net" : "contoso.blob.core.windows.net");
	}
}

static void other_clouds_and_zones_are_accounts_of_their_own(void **state)
{
	(void)state;
	struct target target = target_of("https://contoso.blob.core.usgovcloudapi.net/backup");
	assert_text(target.container.account, "contoso.blob.core.usgovcloudapi.net");
	assert_text(target.account_name, "contoso");
	assert_text(target.container.url, "https://contoso.blob.core.usgovcloudapi.net/backup");
	target = target_of("https://contoso.z06.blob.storage.azure.net/backup/x");
	assert_text(target.container.account, "contoso.z06.blob.storage.azure.net");
	assert_text(target.host, "contoso.z06.blob.storage.azure.net");
	assert_text(target_of("https://contoso.blob.core.chinacloudapi.cn/backup").account_name, "contoso");
}

/* dfs beside blob, in every cloud and zone. */
static void a_dfs_host_is_the_blob_host_beside_it(void **state)
{
	static const char *const pairs[][2] = {
		{"https://contoso.dfs.core.usgovcloudapi.net/backup", "https://contoso.blob.core.usgovcloudapi.net/backup"},
		{"https://contoso-secondary.dfs.core.chinacloudapi.cn/backup/x",
	         "https://contoso.blob.core.chinacloudapi.cn/backup"},
		{"https://contoso.dfs.core.cloudapi.de/backup", "https://contoso.blob.core.cloudapi.de/backup"},
		{"az://contoso.z06.dfs.storage.azure.net/backup", "https://contoso.z06.blob.storage.azure.net/backup"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct target target = target_of(pairs[i][0]);
		assert_text(target.container.url, pairs[i][1]);
		assert_text(target.account_name, "contoso");
		assert_false(target.is_path_style);
		assert_null(strstr((const char *)arena_copy_string(&arena, target.host), "dfs"));
	}
	assert_refused("https://contoso.web.core.usgovcloudapi.net/x", STATUS_USAGE, "static site");
	assert_refused("https://contoso.queue.core.chinacloudapi.cn/x", STATUS_USAGE, "not a blob endpoint");
	assert_refused("https://contoso.dfs.storage.azure.net/backup", STATUS_USAGE, "not a blob endpoint");
	assert_refused("https://contoso.z06.blob.core.windows.net/backup", STATUS_USAGE, "not a blob endpoint");
}

/* One of each that only the detectors' table used to know, and of each that only this one did. */
static void every_cloud_of_the_table_is_recognised(void **state)
{
	static const char *const hosts[] = {
		"buck.s3.gra.io.cloud.ovh.net",
		"buck.fsn1.your-objectstorage.com",
		"s3.eu-de.cloud-object-storage.appdomain.cloud",
		"storage.yandexcloud.net",
		"buck.s3.us-west-1.idrivee2.com",
		"buck.nyc3.cdn.digitaloceanspaces.com",
		"objects-us-east-1.dream.io",
		"buck.s3.amazonaws.com.cn",
		"firebasestorage.googleapis.com",
		"storage.cloud.google.com",
	};
	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		char written[256];
		snprintf(written, sizeof written, "https://%s/buck/x", hosts[i]);
		assert_refused(written, STATUS_UNSUPPORTED, "recognised");
		snprintf(written, sizeof written, "az+https://%s/acct/container", hosts[i]);
		assert_refused(written, STATUS_USAGE, "a provider's host");
	}
	assert_refused("https://pub-1.r2.dev/x", STATUS_USAGE, "no provider's host");
}

static void an_endpoint_of_ones_own_is_path_style(void **state)
{
	(void)state;
	struct target target = target_of("az+http://127.0.0.1:10000/devstoreaccount1/open/dir/%C3%BC");
	assert_text(target.container.account, "127.0.0.1:10000/devstoreaccount1");
	assert_text(target.container.url, "http://127.0.0.1:10000/devstoreaccount1/open");
	assert_text(target.account_name, "devstoreaccount1");
	assert_text(target.prefix, "dir/\xc3\xbc");
	assert_int_equal(target.port, 10000);
	assert_true(target.is_path_style && target.is_custom && target.is_loopback);
	assert_false(target_needs_authority(&target));
	target = target_of("az+https://storage.contoso.example/acct/open");
	assert_text(target.container.account, "storage.contoso.example:443/acct");
	assert_text(target.container.url, "https://storage.contoso.example/acct/open");
	assert_true(target_needs_authority(&target));
	target = target_of("az+http://[0::1]:1/acct/open");
	assert_text(target.host, "[::1]");
	assert_true(target.is_loopback);
	assert_false(target_of("az+http://127.0.0.1.contoso.example/acct/open").is_loopback);
	assert_false(target_of("az+http://localhost.contoso.example/acct/open").is_loopback);
	assert_false(target_of("az+http://[::ffff:7f00:1]/acct/open").is_loopback);
	assert_true(target_of("az+http://LOCALHOST/acct/open").is_loopback);
}

static void special_containers_are_containers(void **state)
{
	(void)state;
	assert_text(target_of("az://contoso/$root/photo.jpg").prefix, "photo.jpg");
	assert_text(target_of("https://contoso.blob.core.windows.net/%24web").container.name, "$web");
	assert_text(target_of("az://contoso/$logs").container.url, "https://contoso.blob.core.windows.net/$logs");
	assert_refused("az://contoso/photo.jpg", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso/Backup", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso/ab", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso/a--b", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso/-abc", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso/$other", STATUS_USAGE, "no container has such a name");
	assert_refused("az://contoso", STATUS_USAGE, "no container");
	assert_refused("az://contoso/", STATUS_USAGE, "no container");
	assert_refused("az://contoso/..%2F..", STATUS_USAGE, "no container has such a name");
}

static void names_are_decoded_once(void **state)
{
	(void)state;
	assert_text(target_of("az://contoso/backup/100%.txt").prefix, "100%.txt");
	assert_text(target_of("az://contoso/backup/%2525").prefix, "%25");
	assert_text(target_of("az://contoso/backup//x").prefix, "/x");
	assert_text(target_of("az://contoso/backup/\xc3\xbc").prefix, "\xc3\xbc");
	assert_text(target_of("az://contoso/backup/").prefix, "");
	assert_refused("az://contoso/backup/%00", STATUS_USAGE, "begins like that");
}

static void a_signature_is_refused_and_never_shown(void **state)
{
	(void)state;
	static const char *const signed_ones[] = {
		"https://contoso.blob.core.windows.net/backup?sv=2022-11-02&sr=c&sp=rl&sig=S3CRET%3D",
		"https://contoso.blob.core.windows.net/backup?SIG=S3CRET",
		"https://contoso.blob.core.windows.net/backup?restype=container&%73ig=S3CRET",
		"https://contoso.blob.core.windows.net/backup%3Fsv=1%26sig%3DS3CRET",
		"https://contoso.blob.core.windows.net/backup#x?sig=S3CRET",
		"az://contoso/backup/x?sv=1&sig=S3CRET",
		"az+http://127.0.0.1:1/a/backup?sig=S3CRET",
		"https://bucket.s3.amazonaws.com/key?X-Amz-Signature=S3CRET",
		"gs://b/o?X-Goog-Signature=S3CRET",
	};
	for (size_t i = 0; i < sizeof signed_ones / sizeof *signed_ones; i++) {
		struct target target;
		struct failure failure;
		assert_int_equal(target_parse(bytes_of_string(signed_ones[i]), &arena, &target, &failure), STATUS_USAGE);
		assert_non_null(strstr(failure.why, "carries a signature"));
		assert_null(strstr(failure.where, "S3CRET"));
	}
	struct target target;
	struct failure failure;
	assert_int_equal(target_parse(BYTES_LITERAL("https://user:S3CRET@contoso.blob.core.windows.net/backup"), &arena, &target,
	                              &failure),
	                 STATUS_USAGE);
	assert_non_null(strstr(failure.why, "password"));
	assert_null(strstr(failure.where, "S3CRET"));
}

static void what_is_no_target_says_why(void **state)
{
	(void)state;
	assert_refused("", STATUS_USAGE, "empty");
	assert_refused("s3://bucket/x", STATUS_UNSUPPORTED, "Azure containers and folders only");
	assert_refused("gs://bucket", STATUS_UNSUPPORTED, "Azure containers and folders only");
	assert_refused("s3+http://127.0.0.1:9000/bucket", STATUS_UNSUPPORTED, "Azure");
	assert_refused("https://bucket.s3.eu-west-1.amazonaws.com/x", STATUS_UNSUPPORTED, "Azure");
	assert_refused("https://storage.googleapis.com/bucket/x", STATUS_UNSUPPORTED, "Azure");
	assert_refused("https://space.fra1.digitaloceanspaces.com", STATUS_UNSUPPORTED, "Azure");
	assert_refused("https://bucket.oss-cn-hangzhou.aliyuncs.com/x", STATUS_UNSUPPORTED, "Azure");
	assert_refused("https://contoso.z6.web.core.windows.net/", STATUS_USAGE, "static site");
	assert_refused("https://contoso.file.core.windows.net/share", STATUS_USAGE, "not a blob endpoint");
	assert_refused("https://www.contoso.example/backup", STATUS_USAGE, "az+http://");
	assert_refused("https://contoso.blob.core.windows.net:8443/backup", STATUS_USAGE, "port");
	assert_refused("https://co.blob.core.windows.net/backup", STATUS_USAGE, "not a blob endpoint");
	assert_refused("az://con-toso/backup", STATUS_USAGE, "no account has such a name");
	assert_refused("az://con*/backup", STATUS_USAGE, "not a URL");
	assert_refused("az+http://127.0.0.1:99999/a/backup", STATUS_USAGE, "not a URL");
	assert_refused("az+http://127.0.0.1:10000/backup", STATUS_USAGE, "no container");
	assert_refused("az+http://127.0.0.1:10000", STATUS_USAGE, "az+http://HOST:PORT");
	assert_refused("az+http://127../acct/open", STATUS_USAGE, "not a URL");
	assert_refused("az+http://127.0.0.1.blob.core.chinacloudapi.cn/acct/open", STATUS_USAGE, "no blob endpoint");
	assert_refused("ftp://contoso/backup", STATUS_USAGE, "not a kind of target");
	assert_refused("az://contoso/backup?versionid=1", STATUS_USAGE, "no query");
	assert_refused("az://contoso/backup/a#b", STATUS_USAGE, "no fragment");
	assert_refused("az://contoso/backup/a\\b", STATUS_USAGE, "not a URL");
	assert_refused("az://contoso/backup/a\nb", STATUS_USAGE, "not a URL");
	assert_refused("/no/such/folder/anywhere", STATUS_ABSENT, "no such folder");
	assert_refused("file:///no/such/folder/anywhere", STATUS_ABSENT, "no such folder");
	assert_refused("file://host/share", STATUS_USAGE, "three slashes");
	assert_refused("/dev/null", STATUS_USAGE, "not a folder");
}

static void a_folder_is_its_real_path(void **state)
{
	(void)state;
	char folder[] = "/tmp/tidemark target XXXXXX", real[PATH_MAX], url[PATH_MAX + 8] = "file://", link[64];
	assert_non_null(mkdtemp(folder));
	assert_non_null(realpath(folder, real));
	snprintf(link, sizeof link, "%s.link", folder);
	assert_int_equal(symlink(folder, link), 0);
	for (size_t i = 0, k = 7; real[i] != '\0'; i++)
		k += (size_t)snprintf(url + k, sizeof url - k, real[i] == ' ' ? "%%20" : "%c", real[i]);
	const char *const forms[] = {folder, link, url};
	for (size_t i = 0; i < 3; i++) {
		struct target target = target_of(forms[i]);
		assert_int_equal(target.container.provider, PROVIDER_FOLDER);
		assert_text(target.container.name, real);
		assert_text(target.container.account, "");
		assert_text(target.container.url, url);
		assert_text(target.prefix, "");
		assert_false(target_needs_authority(&target));
	}
	unlink(link);
	rmdir(folder);
}

static void a_container_is_shown_as_it_can_be_typed_again(void **state)
{
	static const char *const rows[][2] = {
		{"https://contoso.blob.core.windows.net/backup/x", "az://contoso/backup"},
		{"https://contoso-secondary.dfs.core.windows.net/$web", "az://contoso/$web"},
		{"https://contoso.blob.core.usgovcloudapi.net/backup", "https://contoso.blob.core.usgovcloudapi.net/backup"},
		{"az://contoso.z06.dfs.storage.azure.net/backup", "https://contoso.z06.blob.storage.azure.net/backup"},
		{"az+http://127.0.0.1:10000/devstoreaccount1/open/x", "az+http://127.0.0.1:10000/devstoreaccount1/open"},
		{"az+https://storage.contoso.example:443/acct/open", "az+https://storage.contoso.example/acct/open"},
		{"az+http://[0::1]:1/acct/open", "az+http://[::1]:1/acct/open"},
		{"/", "/"},
		{"file:///proc/self/../", "/proc"},
	};
	char folder[] = "/tmp/tidemark target XXXXXX", sub[64];
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target = target_of(rows[i][0]);
		struct buffer shown = buffer_with_ceiling(4096);
		target_append_container(&target.container, &shown);
		assert_string_equal(buffer_string(&shown), rows[i][1]);
		assert_text(target_of(buffer_string(&shown)).container.url,
		            (const char *)arena_copy_string(&arena, target.container.url));
		assert_text(target_of(buffer_string(&shown)).container.account,
		            (const char *)arena_copy_string(&arena, target.container.account));
		buffer_free(&shown);
	}
	struct buffer shown = buffer_with_ceiling(4096);
	struct target target = target_of("https://contoso.blob.core.windows.net/backup/a%20b/%C3%BC");
	target_append(&target, &shown);
	assert_string_equal(buffer_string(&shown), "az://contoso/backup/a%20b/%C3%BC");
	assert_text(target_of(buffer_string(&shown)).prefix, "a b/\xc3\xbc");
	/* Paths that would be read as something else, or not be seen. */
	assert_non_null(mkdtemp(folder));
	static const char *const names[] = {"plain", "ends ", "new\nline", "\xff", NULL};
	for (const char *const *name = names; *name != NULL; name++) {
		snprintf(sub, sizeof sub, "%s/%s", folder, *name);
		assert_int_equal(mkdir(sub, 0700), 0);
		char *url = arena_copy_string(&arena, target_of(folder).container.url);
		char whole[256];
		snprintf(whole, sizeof whole, "%s/%s", url,
		         name == names       ? "plain"
		         : name == names + 1 ? "ends%20"
		         : name == names + 2 ? "new%0Aline"
		                             : "%FF");
		struct container container = target_of(whole).container;
		buffer_reset(&shown);
		target_append_container(&container, &shown);
		assert_int_equal(shown.at[0], name == names ? '/' : 'f');
		assert_text(target_of(buffer_string(&shown)).container.name, sub);
		rmdir(sub);
	}
	rmdir(folder);
	buffer_free(&shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_forms_of_one_container_agree, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(other_clouds_and_zones_are_accounts_of_their_own, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_dfs_host_is_the_blob_host_beside_it, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(every_cloud_of_the_table_is_recognised, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(an_endpoint_of_ones_own_is_path_style, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(special_containers_are_containers, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(names_are_decoded_once, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_signature_is_refused_and_never_shown, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(what_is_no_target_says_why, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_folder_is_its_real_path, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(a_container_is_shown_as_it_can_be_typed_again, make_arena, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
