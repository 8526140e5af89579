/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets that begin with words of their own, and the values of names that say
 * they are secret. A row is a literal and how what stands there is read; most
 * are a prefix that the provider publishes, so many characters of an alphabet
 * behind it, and nothing that goes on from there. Sources: the providers' pages
 * on their tokens (GitHub "About authentication", GitLab "Token overview",
 * Slack "Tokens", Stripe "API keys", AWS "IAM identifiers", and so on), as of
 * 2026. Formats come and go: an old one is still in old documents.
 */
#include "detector/character.h"
#include "detector/secret.h"

static bool secret_match(struct bytes text, size_t at, struct match *match);

/* How a row is read. */
enum reading {
	READ_RUN,       /* the literal, then least to most characters of the alphabet */
	READ_UNCHECKED, /* the same, whatever they look like */
	READ_PUBLISHED, /* the same, the last six a checksum of the rest (GitHub, npm) */
	READ_ENDS,      /* the same, ending in AA */
	READ_TEST,      /* the same, of an account for tests */
	READ_SLACK,     /* runs of digits between dashes, then letters */
	READ_HOOK,      /* the path of a URL, from the first segment that is secret */
	READ_MIDDLE,    /* least to most characters stand before the literal, and as many as it says behind */
	READ_SENDGRID,  /* a character before it that is no part */
	READ_SIGNATURE, /* a parameter's value */
	READ_ARMOUR,
	READ_PUTTY,
	READ_JWT,
	READ_NAME,
	READ_HEADER,
	READ_USER,
	READ_PASSWORD,
	READ_CALL,
};

struct format {
	const char *subkind;
	enum reading reading;
	enum secret_alphabet alphabet;
	unsigned short least, most, behind;
};

/* clang-format off */
#define FORMATS(ROW, NAME) \
	/* cloud */ \
	ROW("AKIA", "aws-access-key", READ_UNCHECKED, UPPER, 16, 16, 0) \
	ROW("ASIA", "aws-access-key", READ_UNCHECKED, UPPER, 16, 16, 0) \
	ROW("ABIA", "aws-access-key", READ_UNCHECKED, UPPER, 16, 16, 0) \
	ROW("A3T0", "aws-access-key", READ_UNCHECKED, UPPER, 16, 16, 0) \
	ROW("ABSK", "aws-bedrock-key", READ_UNCHECKED, BASE64, 105, 269, 0) \
	ROW("bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", "aws-bedrock-key", READ_UNCHECKED, BASE64, 0, 2000, 0) \
	ROW("amzn.mws.", "aws-mws-token", READ_RUN, DASHED, 36, 36, 0) \
	ROW("da2-", "aws-appsync-key", READ_RUN, LOWER, 26, 26, 0) \
	ROW("AIza", "gcp-api-key", READ_RUN, URL64, 35, 35, 0) \
	ROW("ya29.", "gcp-access-token", READ_RUN, URL64_DOT, 20, 2000, 0) \
	ROW("GOCSPX-", "gcp-client-secret", READ_RUN, URL64, 28, 28, 0) \
	ROW("AZDO", "azure-devops-token", READ_MIDDLE, ALNUM, 76, 76, 4) \
	ROW("sig=", "azure-sas", READ_SIGNATURE, TOKEN, 0, 0, 0) \
	ROW("X-Amz-Signature=", "aws-signed-url", READ_SIGNATURE, TOKEN, 0, 0, 0) \
	ROW("X-Goog-Signature=", "gcp-signed-url", READ_SIGNATURE, TOKEN, 0, 0, 0) \
	ROW("dop_v1_", "digitalocean-token", READ_RUN, HEX, 64, 64, 0) \
	ROW("doo_v1_", "digitalocean-token", READ_RUN, HEX, 64, 64, 0) \
	ROW("dor_v1_", "digitalocean-token", READ_RUN, HEX, 64, 64, 0) \
	ROW("HRKU-", "heroku-key", READ_RUN, URL64, 36, 64, 0) \
	ROW("FlyV1 ", "flyio-token", READ_RUN, TOKEN, 80, 2000, 0) \
	ROW("fm1r_", "flyio-token", READ_RUN, BASE64, 100, 2000, 0) \
	ROW("fm1a_", "flyio-token", READ_RUN, BASE64, 100, 2000, 0) \
	ROW("fm2_", "flyio-token", READ_RUN, BASE64, 100, 2000, 0) \
	ROW("fo1_", "flyio-token", READ_RUN, URL64, 43, 43, 0) \
	ROW("LTAI", "alibaba-access-key", READ_RUN, ALNUM, 20, 20, 0) \
	/* private keys */ \
	ROW("-----BEGIN ", "private-key", READ_ARMOUR, BASE64, 0, 0, 0) \
	ROW("Private-Lines:", "private-key", READ_PUTTY, BASE64, 0, 0, 0) \
	ROW("LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRV", "private-key", READ_RUN, BASE64, 40, 4000, 0) \
	ROW("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS", "private-key", READ_RUN, BASE64, 40, 4000, 0) \
	ROW("LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ", "private-key", READ_RUN, BASE64, 40, 4000, 0) \
	ROW("LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS", "private-key", READ_RUN, BASE64, 40, 4000, 0) \
	ROW("AGE-SECRET-KEY-1", "age-secret-key", READ_UNCHECKED, UPPER, 58, 58, 0) \
	/* code hosts and registries */ \
	ROW("ghp_", "github-token", READ_PUBLISHED, ALNUM, 36, 36, 0) \
	ROW("gho_", "github-token", READ_PUBLISHED, ALNUM, 36, 36, 0) \
	ROW("ghu_", "github-token", READ_PUBLISHED, ALNUM, 36, 36, 0) \
	ROW("ghs_", "github-token", READ_PUBLISHED, ALNUM, 36, 36, 0) \
	ROW("ghr_", "github-token", READ_RUN, ALNUM, 36, 76, 0) \
	ROW("github_pat_", "github-token", READ_RUN, WORD, 82, 82, 0) \
	ROW("glpat-", "gitlab-token", READ_RUN, URL64_DOT, 20, 300, 0) \
	ROW("gldt-", "gitlab-token", READ_RUN, URL64, 20, 20, 0) \
	ROW("glrt-", "gitlab-token", READ_RUN, URL64_DOT, 20, 300, 0) \
	ROW("glcbt-", "gitlab-token", READ_RUN, URL64, 20, 30, 0) \
	ROW("glptt-", "gitlab-token", READ_RUN, HEX, 40, 40, 0) \
	ROW("glft-", "gitlab-token", READ_RUN, URL64, 20, 20, 0) \
	ROW("glimt-", "gitlab-token", READ_RUN, URL64, 25, 25, 0) \
	ROW("glagent-", "gitlab-token", READ_RUN, URL64, 50, 50, 0) \
	ROW("gloas-", "gitlab-token", READ_RUN, URL64, 64, 64, 0) \
	ROW("glsoat-", "gitlab-token", READ_RUN, URL64, 20, 20, 0) \
	ROW("GR1348941", "gitlab-token", READ_RUN, URL64, 20, 20, 0) \
	ROW("ATBB", "bitbucket-token", READ_RUN, ALNUM, 32, 32, 0) \
	ROW("ATCTT3xFf", "atlassian-token", READ_RUN, TOKEN, 100, 300, 0) \
	ROW("ATATT3xFf", "atlassian-token", READ_RUN, TOKEN, 100, 300, 0) \
	ROW("npm_", "npm-token", READ_PUBLISHED, ALNUM, 36, 36, 0) \
	ROW("pypi-AgE", "pypi-token", READ_RUN, URL64, 50, 1000, 0) \
	ROW("rubygems_", "rubygems-key", READ_RUN, HEX, 48, 48, 0) \
	ROW("dckr_pat_", "docker-token", READ_RUN, URL64, 27, 27, 0) \
	ROW("dckr_oat_", "docker-token", READ_RUN, URL64, 32, 32, 0) \
	ROW("AKCp", "artifactory-key", READ_RUN, ALNUM, 69, 69, 0) \
	ROW("cmVmd", "artifactory-token", READ_RUN, ALNUM, 59, 59, 0) \
	ROW("odt_", "dependency-track-key", READ_RUN, ALNUM, 32, 32, 0) \
	ROW("sgp_", "sourcegraph-token", READ_RUN, HEX, 40, 40, 0) \
	ROW("sgp_", "segment-token", READ_RUN, HEX, 64, 64, 0) ROW("sgp_", "sourcegraph-token", READ_RUN, HEX_WORD, 57, 57, 0) ROW("sgp_local_", "sourcegraph-token", READ_RUN, HEX, 40, 40, 0) \
	ROW("oy2a", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2b", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2c", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2d", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2e", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2f", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2g", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2h", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2i", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2j", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2k", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2l", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2m", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2n", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	ROW("oy2o", "nuget-key", READ_RUN, LOWER, 42, 42, 0) ROW("oy2p", "nuget-key", READ_RUN, LOWER, 42, 42, 0) \
	/* chat */ \
	ROW("xoxb-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxp-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxa-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxr-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxs-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxo-", "slack-token", READ_SLACK, DASHED, 0, 0, 0) \
	ROW("xoxe-", "slack-token", READ_RUN, DASHED, 100, 300, 0) \
	ROW("xoxe.xox", "slack-token", READ_RUN, DASHED, 100, 300, 0) \
	ROW("xapp-", "slack-token", READ_RUN, TOKEN, 25, 200, 0) \
	ROW("hooks.slack.com/services/", "slack-webhook", READ_HOOK, URL64, 8, 0, 3) \
	ROW("hooks.slack.com/workflows/", "slack-webhook", READ_HOOK, URL64, 8, 0, 4) \
	ROW("hooks.slack.com/triggers/", "slack-webhook", READ_HOOK, URL64, 8, 0, 3) \
	ROW("discord.com/api/webhooks/", "discord-webhook", READ_HOOK, URL64, 60, 0, 2) \
	ROW("discordapp.com/api/webhooks/", "discord-webhook", READ_HOOK, URL64, 60, 0, 2) \
	ROW("office.com/webhook/", "teams-webhook", READ_HOOK, URL64, 30, 0, 4) \
	ROW("office.com/webhookb2/", "teams-webhook", READ_HOOK, URL64, 30, 0, 4) \
	ROW(":AAA", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) ROW(":AAB", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) \
	ROW(":AAC", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) ROW(":AAD", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) \
	ROW(":AAE", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) ROW(":AAF", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) \
	ROW(":AAG", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) ROW(":AAH", "telegram-token", READ_MIDDLE, URL64, 8, 10, 31) \
	ROW("EAAB", "facebook-token", READ_RUN, ALNUM, 60, 500, 0) \
	ROW("EAAC", "facebook-token", READ_RUN, ALNUM, 60, 500, 0) \
	ROW("EAAG", "facebook-token", READ_RUN, ALNUM, 60, 500, 0) \
	ROW("EAAM", "facebook-token", READ_RUN, ALNUM, 60, 500, 0) \
	ROW("live_", "twitch-stream-key", READ_RUN, WORD, 36, 50, 0) \
	/* payment */ \
	ROW("sk_live_", "stripe-key", READ_RUN, ALNUM, 16, 250, 0) \
	ROW("rk_live_", "stripe-key", READ_RUN, ALNUM, 16, 250, 0) \
	ROW("sk_test_", "stripe-key", READ_TEST, ALNUM, 16, 250, 0) \
	ROW("rk_test_", "stripe-key", READ_TEST, ALNUM, 16, 250, 0) \
	ROW("whsec_", "stripe-webhook-secret", READ_RUN, BASE64, 32, 64, 0) \
	ROW("sq0atp-", "square-token", READ_RUN, URL64, 22, 22, 0) \
	ROW("sq0csp-", "square-secret", READ_RUN, URL64, 43, 43, 0) \
	ROW("sq0atb-", "square-token", READ_TEST, URL64, 22, 22, 0) \
	ROW("EAAA", "square-token", READ_RUN, URL64, 60, 60, 0) \
	ROW("access_token$production$", "braintree-token", READ_RUN, LOWER, 16, 16, 33) \
	ROW("access_token$sandbox$", "braintree-token", READ_TEST, LOWER, 16, 16, 33) \
	ROW("EZAK", "easypost-key", READ_RUN, ALNUM, 54, 54, 0) \
	ROW("EZTK", "easypost-key", READ_TEST, ALNUM, 54, 54, 0) \
	/* mail */ \
	ROW("\"SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) ROW("'SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) \
	ROW(" SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) ROW("=SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) \
	ROW(":SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) ROW("\nSG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) \
	ROW(">SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) ROW("`SG.", "sendgrid-key", READ_SENDGRID, URL64, 22, 22, 0) \
	ROW("key-", "mailgun-key", READ_RUN, HEX, 32, 32, 0) \
	ROW("-us1", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) ROW("-us2", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) \
	ROW("-us3", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) ROW("-us4", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) \
	ROW("-us5", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) ROW("-us6", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) \
	ROW("-us7", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) ROW("-us8", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) \
	ROW("-us9", "mailchimp-key", READ_MIDDLE, HEX, 32, 32, 0) \
	ROW("xkeysib-", "brevo-key", READ_RUN, DASHED, 81, 81, 0) \
	/* models */ \
	ROW("T3BlbkFJ", "openai-key", READ_MIDDLE, URL64, 20, 120, 20) \
	ROW("sk-ant-", "anthropic-key", READ_ENDS, URL64, 90, 110, 0) \
	ROW("\"hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) ROW("'hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) \
	ROW(" hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) ROW("=hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) \
	ROW(":hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) ROW("\nhf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) \
	ROW("/hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) ROW("`hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) \
	ROW(">hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) ROW("(hf_", "huggingface-token", READ_SENDGRID, ALNUM, 34, 34, 0) \
	ROW("api_org_", "huggingface-token", READ_RUN, ALNUM, 34, 34, 0) \
	ROW("gsk_", "groq-key", READ_RUN, ALNUM, 52, 52, 0) \
	ROW("pplx-", "perplexity-key", READ_RUN, ALNUM, 48, 56, 0) \
	ROW("xai-", "xai-key", READ_RUN, ALNUM, 80, 80, 0) \
	ROW("tvly-", "tavily-key", READ_RUN, URL64, 32, 40, 0) \
	ROW("jina_", "jina-key", READ_RUN, URL64, 60, 60, 0) \
	/* operation */ \
	ROW(".atlasv1.", "terraform-token", READ_MIDDLE, URL64, 14, 14, 60) \
	ROW("hvs.", "vault-token", READ_RUN, URL64, 24, 300, 0) \
	ROW("hvb.", "vault-token", READ_RUN, URL64, 100, 300, 0) \
	ROW("hvr.", "vault-token", READ_RUN, URL64, 24, 300, 0) \
	ROW("dapi", "databricks-token", READ_RUN, HEX, 32, 32, 0) \
	ROW("shpat_", "shopify-token", READ_RUN, HEX, 32, 32, 0) \
	ROW("shpca_", "shopify-token", READ_RUN, HEX, 32, 32, 0) \
	ROW("shppa_", "shopify-token", READ_RUN, HEX, 32, 32, 0) \
	ROW("shpss_", "shopify-secret", READ_RUN, HEX, 32, 32, 0) \
	ROW("NRAK-", "newrelic-key", READ_RUN, UPPER, 26, 28, 0) \
	ROW("NRAA-", "newrelic-key", READ_RUN, HEX, 27, 27, 0) \
	ROW("NRII-", "newrelic-key", READ_RUN, URL64, 32, 32, 0) \
	ROW("NRIQ-", "newrelic-key", READ_RUN, URL64, 32, 32, 0) \
	ROW("NRRA-", "newrelic-key", READ_RUN, HEX, 42, 42, 0) \
	ROW("NRSP-", "newrelic-key", READ_RUN, URL64, 30, 40, 0) \
	ROW("px-api-", "newrelic-key", READ_RUN, DASHED, 36, 36, 0) \
	ROW("px-dep-", "newrelic-key", READ_RUN, DASHED, 36, 36, 0) \
	ROW("sntrys_", "sentry-token", READ_RUN, BASE64, 80, 400, 0) \
	ROW("sntryu_", "sentry-token", READ_RUN, HEX, 64, 64, 0) \
	ROW("dp.pt.", "doppler-token", READ_RUN, ALNUM, 40, 44, 0) \
	ROW("dp.ct.", "doppler-token", READ_RUN, ALNUM, 40, 44, 0) \
	ROW("dp.st.", "doppler-token", READ_RUN, URL64_DOT, 40, 80, 0) \
	ROW("dp.sa.", "doppler-token", READ_RUN, ALNUM, 40, 44, 0) \
	ROW("dp.scim.", "doppler-token", READ_RUN, ALNUM, 40, 44, 0) \
	ROW("dp.audit.", "doppler-token", READ_RUN, ALNUM, 40, 44, 0) \
	ROW("glc_", "grafana-token", READ_RUN, BASE64, 32, 400, 0) \
	ROW("glsa_", "grafana-token", READ_RUN, WORD, 41, 41, 0) \
	ROW("eyJrIjoi", "grafana-key", READ_RUN, BASE64, 60, 200, 0) \
	ROW("dt0c01.", "dynatrace-token", READ_RUN, URL64_DOT, 89, 89, 0) \
	ROW("dt0s01.", "dynatrace-token", READ_RUN, URL64_DOT, 73, 89, 0) \
	ROW("PMAK-", "postman-key", READ_RUN, DASHED, 59, 59, 0) \
	ROW("lin_api_", "linear-key", READ_RUN, ALNUM, 40, 40, 0) \
	ROW("ntn_", "notion-token", READ_RUN, ALNUM, 46, 46, 0) \
	ROW("secret_", "notion-token", READ_RUN, ALNUM, 43, 43, 0) \
	ROW("figd_", "figma-token", READ_RUN, URL64, 40, 40, 0) \
	ROW("API-", "octopus-key", READ_RUN, UPPER, 26, 26, 0) \
	ROW("sha256~", "openshift-token", READ_RUN, URL64, 43, 43, 0) \
	ROW("pnu_", "prefect-key", READ_RUN, LOWER, 36, 36, 0) \
	ROW("pul-", "pulumi-token", READ_RUN, HEX, 40, 40, 0) \
	ROW("rdme_", "readme-key", READ_RUN, LOWER, 70, 70, 0) \
	ROW("ops_eyJ", "1password-token", READ_RUN, BASE64, 250, 4000, 0) \
	ROW("s-s4t2ud-", "intra42-secret", READ_RUN, HEX, 64, 64, 0) \
	ROW("s-s4t2af-", "intra42-secret", READ_RUN, HEX, 64, 64, 0) \
	ROW("hawk.", "stackhawk-key", READ_RUN, URL64_DOT, 41, 41, 0) \
	ROW("aio_", "adafruit-key", READ_RUN, ALNUM, 28, 28, 0) \
	ROW("sk.eyJ", "mapbox-token", READ_RUN, URL64_DOT, 60, 300, 0) \
	ROW("tk.eyJ", "mapbox-token", READ_RUN, URL64_DOT, 60, 300, 0) \
	/* JSON Web Tokens: {"a..., {"t..., {"k..., {"c..., {"e..., {"j..., {"x..., {"p..., {" ..., { ... */ \
	ROW("eyJh", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyJ0", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyJr", "jwt", READ_JWT, URL64, 0, 0, 0) \
	ROW("eyJj", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyJl", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyJq", "jwt", READ_JWT, URL64, 0, 0, 0) \
	ROW("eyJ4", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyJw", "jwt", READ_JWT, URL64, 0, 0, 0) ROW("eyAi", "jwt", READ_JWT, URL64, 0, 0, 0) \
	ROW("ewog", "jwt", READ_JWT, URL64, 0, 0, 0) \
	/* what a request carries */ \
	NAME("authorization", READ_HEADER) NAME("bearer ", READ_HEADER) NAME("basic ", READ_HEADER) \
	ROW(" -u ", "curl-password", READ_USER, URL64, 0, 0, 0) ROW("\n-u ", "curl-password", READ_USER, URL64, 0, 0, 0) ROW("--user", "curl-password", READ_USER, URL64, 0, 0, 0) \
	ROW("NetworkCredential(", "password", READ_CALL, URL64, 0, 0, 2) ROW("DirectoryEntry(", "password", READ_CALL, URL64, 0, 0, 3) \
	ROW(" -p ", "password", READ_PASSWORD, URL64, 0, 0, 0) \
	/* names, in any case; also of other languages */ \
	NAME("pass", READ_NAME) NAME("pwd=", READ_NAME) NAME("pwd:", READ_NAME) NAME("pwd\"", READ_NAME) NAME("pwd'", READ_NAME) \
	NAME("pwd ", READ_NAME) NAME("secret", READ_NAME) NAME("token", READ_NAME) NAME("apikey", READ_NAME) NAME("api_key", READ_NAME) \
	NAME("api-key", READ_NAME) NAME("api.key", READ_NAME) NAME("accesskey", READ_NAME) NAME("access_key", READ_NAME) \
	NAME("access-key", READ_NAME) NAME("accountkey", READ_NAME) NAME("account_key", READ_NAME) NAME("storage_key", READ_NAME) \
	NAME("authkey", READ_NAME) NAME("auth_key", READ_NAME) NAME("\"auth\"", READ_NAME) NAME("_auth", READ_NAME) \
	NAME("licensekey", READ_NAME) NAME("license_key", READ_NAME) NAME("encryption_key", READ_NAME) NAME("encryptionkey", READ_NAME) \
	NAME("signing_key", READ_NAME) NAME("master_key", READ_NAME) NAME("masterkey", READ_NAME) NAME("deploy_key", READ_NAME) \
	NAME("privatekey", READ_NAME) NAME("presharedkey", READ_NAME) NAME("sharedaccesskey", READ_NAME) NAME("app_key", READ_NAME) \
	NAME("accessid", READ_NAME) NAME("access_id", READ_NAME) NAME("appkey", READ_NAME) NAME("credential", READ_NAME) \
	NAME("_pat", READ_NAME) NAME("reporter_id", READ_NAME) NAME("postmark", READ_NAME) NAME("sonar.login", READ_NAME) NAME("sonarlogin", READ_NAME) NAME("jenkins-crumb", READ_NAME) \
	NAME("kennwort", READ_NAME) NAME("contrase\xC3\xB1" "a", READ_NAME) NAME("wachtwoord", READ_NAME) NAME("senha", READ_NAME)

#define LITERAL_OF_ROW(literal, subkind, reading, alphabet, least, most, behind) {literal, false},
#define LITERAL_OF_NAME(literal, reading) {literal, true},
#define FORMAT_OF_ROW(literal, subkind, reading, alphabet, least, most, behind) {subkind, reading, SECRET_##alphabet, least, most, behind},
#define FORMAT_OF_NAME(literal, reading) {NULL, reading, SECRET_TOKEN, 0, 0, 0},
static const struct literal literals[] = {FORMATS(LITERAL_OF_ROW, LITERAL_OF_NAME)};
static const struct format formats[] = {FORMATS(FORMAT_OF_ROW, FORMAT_OF_NAME)};
/* clang-format on */

const struct detector detector_secret = {
	.name = "secret",
	.version = 2,
	.lane = LANE_LITERALS,
	.literals = literals,
	.literal_count = sizeof literals / sizeof *literals,
	.rank = RANK_SECRET,
	.yields_to = RANK_BIT(RANK_SECRET),
	.match = secret_match,
};

void secret_fill(struct bytes text, const struct secret *secret, struct match *match)
{
	match->from = secret->from;
	match->to = secret->to;
	match->head = secret->head;
	match->tail = secret->tail;
	match->kind = FINDING_SECRET;
	match->subkind = secret->subkind;
	match->confidence = secret->confidence;
	match->is_example = secret->is_example;
	for (size_t at = secret->from; at < secret->to; at++)
		if (text.at[at] > ' ')
			buffer_append_byte(match->value, text.at[at]);
}

/* ---- formats ---- */

/* Whether something that belongs to it goes on behind it. */
static bool goes_on(struct bytes text, size_t end, enum secret_alphabet alphabet)
{
	unsigned char next = character_at(text, end);
	return character_is_alphanumeric(next) || next == '_' || (next == '-' && secret_is_of(alphabet, next));
}

/* A run of the format's from at; its end without what ends a sentence. 0: too short or too long. */
static size_t read_run(const struct format *format, struct bytes text, size_t at)
{
	size_t end = secret_run_end(text, at, format->alphabet, format->most);
	if (format->alphabet == SECRET_URL64_DOT || format->alphabet == SECRET_TOKEN)
		while (end > at && strchr(".:=|", text.at[end - 1]) != NULL && format->least != format->most)
			end--;
	if (end - at < format->least || (goes_on(text, end, format->alphabet) && format->alphabet != SECRET_BASE64))
		return 0;
	return end;
}

/* Six letters of base 62: CRC-32 (ISO 3309) of those before them, as GitHub told with its new formats (April 2021). */
static bool has_checksum(struct bytes body)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint32_t crc = 0xFFFFFFFF;
	for (size_t i = 0; i + 6 < body.len; i++) {
		crc ^= body.at[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	crc = ~crc;
	for (size_t i = 0; i < 6; i++, crc /= 62)
		if (body.at[body.len - 1 - i] != (unsigned char)letters[crc % 62])
			return false;
	return true;
}

static bool read_prefixed(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	size_t from = at + length, end = read_run(format, text, from);
	if (!secret_begins(text, at) || end == 0)
		return false;
	struct bytes body = bytes_slice(text, from, end - from);
	if (format->behind > 0)
		end += format->behind <= text.len - end ? format->behind : 0;
	bool is_example = secret_is_example(body), is_published = format->reading == READ_PUBLISHED && has_checksum(body);
	if (format->reading == READ_ENDS)
		is_example |= !secret_looks_random(body);
	if (format->reading == READ_ENDS && !bytes_end_with(body, BYTES_LITERAL("AA")))
		return false;
	if (format->reading != READ_UNCHECKED && !is_published && body.len >= 16 && !secret_looks_random(body) && !is_example)
		return false;
	*secret = (struct secret){at, end, length < SECRET_HEAD ? length : SECRET_HEAD, 0, format->subkind, 0.9f, is_example};
	if (format->reading == READ_TEST)
		secret->is_example = true;
	if (format->reading == READ_PUBLISHED)
		secret->confidence = is_published ? 0.99f : 0.6f;
	if (format->alphabet == SECRET_UPPER && secret_shape_of(body).digits == 0)
		secret->confidence = 0.5f;
	return true;
}

static bool read_sendgrid(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	size_t from = at + length, end = secret_run_end(text, from, format->alphabet, format->most);
	if (end - from < format->least)
		return false;
	if (text.at[from - 1] == '.') {
		size_t second = secret_run_end(text, end + 1, format->alphabet, 43);
		if (character_at(text, end) != '.' || second - end - 1 < 43)
			return false;
		end = second;
	}
	struct bytes body = bytes_slice(text, from, end - from);
	bool is_example = secret_is_example(body);
	/* Some are made of letters alone. */
	struct secret_shape shape = secret_shape_of(body);
	bool is_drawn = shape.uppers >= 5 && shape.lowers >= 5 && shape.variety >= 14;
	if (goes_on(text, end, format->alphabet) || (!is_example && !is_drawn && !secret_looks_random(body)))
		return false;
	*secret = (struct secret){at + 1, end, length - 1, 0, format->subkind, 0.9f, is_example};
	return true;
}

/* xoxb-DIGITS-DIGITS-LETTERS, also with fewer parts. */
static bool read_slack(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	size_t from = at + length, end = secret_run_end(text, from, SECRET_DASHED, 200), digits = from;
	while (character_is_digit(character_at(text, digits)))
		digits++;
	if (!secret_begins(text, at) || end - from < 24 || goes_on(text, end, SECRET_ALNUM))
		return false;
	struct bytes body = bytes_slice(text, from, end - from);
	bool is_example = secret_is_example(body), is_numbered = digits >= from + 8 && character_at(text, digits) == '-';
	if (!is_example && !(is_numbered && secret_looks_random(body)))
		return false;
	*secret = (struct secret){at, end, SECRET_HEAD, 0, format->subkind, 0.95f, is_example};
	return true;
}

/* The last of so many segments is the secret; the others say whose. */
static bool read_hook(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	size_t from = at + length, end = from;
	for (unsigned i = 0; i < format->behind; i++) {
		from = end + (i > 0);
		end = from;
		while (end < text.len && end - from < 128 && (secret_is_of(SECRET_URL64, text.at[end]) || text.at[end] == '@'))
			end++;
		if (end == from || (i + 1 < format->behind && character_at(text, end) != '/'))
			return false;
	}
	struct bytes body = bytes_slice(text, from, end - from);
	if (body.len < format->least)
		return false;
	*secret = (struct secret){from, end, 0, 0, format->subkind, 0.9f, secret_is_example(body) || !secret_looks_random(body)};
	return true;
}

/* The literal stands in its middle or at its end. */
static bool read_middle(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	size_t from = at, end = at + length;
	bool is_number = text.at[at] == ':';
	enum secret_alphabet before = is_number ? SECRET_DIGITS : format->alphabet;
	while (from > 0 && at - from < format->most && secret_is_of(before, text.at[from - 1]))
		from--;
	if (at - from < format->least || !secret_begins(text, from))
		return false;
	if (format->behind > 0)
		end = secret_run_end(text, end, format->alphabet,
		                     format->behind + (is_number                      ? 2u
		                                       : format->least < format->most ? 140u
		                                                                      : 0u));
	else
		while (end < text.len && end - at < 6 && character_is_digit(text.at[end]))
			end++;
	struct bytes body = bytes_slice(text, from, end - from);
	if (end - at - length < format->behind || goes_on(text, end, format->alphabet))
		return false;
	bool is_example = secret_is_example(body);
	if (!is_example && !secret_looks_random(bytes_slice(text, from, at - from)) && !is_number)
		return false;
	*secret = (struct secret){from, end, 0, 0, format->subkind, 0.9f, is_example};
	return true;
}

/* A SAS's is 43 letters of base64 and =, percent-encoded; the others' are hexadecimal. */
static bool read_signature(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	unsigned char before = character_before(text, at);
	size_t from = at + length, end = from;
	if (strchr("&?;\"' \n", before) == NULL)
		return false;
	while (end < text.len && end - from < 1100 && (secret_is_of(SECRET_BASE64, text.at[end]) || text.at[end] == '%'))
		end++;
	struct bytes body = bytes_slice(text, from, end - from);
	if (body.len < 43 || (!secret_looks_random(body) && !secret_is_example(body)))
		return false;
	*secret = (struct secret){from, end, 0, 0, format->subkind, 0.9f, secret_is_example(body)};
	return true;
}

static bool read_literal(const struct format *format, struct bytes text, size_t at, size_t length, struct secret *secret)
{
	switch (format->reading) {
	case READ_RUN:
	case READ_UNCHECKED:
	case READ_PUBLISHED:
	case READ_ENDS:
	case READ_TEST: return read_prefixed(format, text, at, length, secret);
	case READ_SLACK: return read_slack(format, text, at, length, secret);
	case READ_HOOK: return read_hook(format, text, at, length, secret);
	case READ_MIDDLE: return read_middle(format, text, at, length, secret);
	case READ_SENDGRID: return read_sendgrid(format, text, at, length, secret);
	case READ_SIGNATURE: return read_signature(format, text, at, length, secret);
	case READ_ARMOUR: return secret_read_armour(text, at, secret);
	case READ_PUTTY: return secret_read_putty(text, at, secret);
	case READ_JWT: return secret_read_jwt(text, at, secret);
	case READ_NAME: return secret_read_assignment(text, at, length, secret);
	case READ_HEADER: return secret_read_header(text, at, length, secret);
	case READ_USER: return secret_read_user_option(text, at, length, secret);
	case READ_CALL: return secret_read_argument(text, at + length, format->behind, secret);
	case READ_PASSWORD: return secret_read_password_option(text, at, length, secret);
	}
	return false;
}

static bool secret_match(struct bytes text, size_t at, struct match *match)
{
	struct secret secret;
	if (!read_literal(&formats[match->literal], text, at, strlen(literals[match->literal].text), &secret))
		return false;
	secret_fill(text, &secret, match);
	return true;
}
