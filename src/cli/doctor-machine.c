/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel, locale, limits, clock and disk. */
#define _GNU_SOURCE
#include "cli/doctor-machine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { FILES_WANTED = 1024 };
#define MEMORY_WANTED (UINT64_C(1) << 30)
#define SPACE_WANTED (UINT64_C(1) << 30)
#define SPACE_LEAST (UINT64_C(16) << 20)
#define YEAR_2025 INT64_C(1735689600)

static void report_size(struct doctor *doctor, const char *check, enum doctor_state state, uint64_t bytes, const char *behind,
                        const char *advice)
{
	struct buffer found = buffer_with_ceiling(8192);
	cell_append_human_size(&found, bytes);
	buffer_append_string(&found, behind);
	doctor_report(doctor, check, state, buffer_string(&found), advice);
	buffer_free(&found);
}

/* Folders are walked beneath a descriptor, which only openat2 does safely. */
void doctor_check_kernel(struct doctor *doctor)
{
	struct utsname name;
	struct open_how how = {.flags = O_PATH | O_CLOEXEC | O_DIRECTORY, .resolve = RESOLVE_BENEATH};
	char found[sizeof name.sysname + sizeof name.release + 2];
	uname(&name);
	snprintf(found, sizeof found, "%s %s", name.sysname, name.release);
	long opened = syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how);
	bool has_openat2 = opened >= 0 || errno != ENOSYS;
	if (opened >= 0)
		close((int)opened);
	doctor_report(doctor, "kernel", has_openat2 ? DOCTOR_OK : DOCTOR_FAIL, found,
	              "use Linux 5.6 or newer: openat2 is missing, so folders cannot be swept");
}

void doctor_check_locale(struct doctor *doctor)
{
	locale_t locale = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	bool is_there = locale != (locale_t)0;
	if (is_there)
		freelocale(locale);
	doctor_report(doctor, "locale", is_there ? DOCTOR_OK : DOCTOR_FAIL, is_there ? "C.UTF-8" : "C.UTF-8 is missing",
	              "install it (Debian: libc-bin): archives with names outside ASCII cannot be read");
}

void doctor_check_open_files(struct doctor *doctor)
{
	struct rlimit limit = {0, 0};
	char found[64];
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur == RLIM_INFINITY)
		snprintf(found, sizeof found, "no limit");
	else
		snprintf(found, sizeof found, "at most %llu", (unsigned long long)limit.rlim_cur);
	doctor_report(doctor, "open files", limit.rlim_cur >= FILES_WANTED ? DOCTOR_OK : DOCTOR_WARN, found,
	              "raise it to 1024 or more (ulimit -n), or sweep with few --jobs");
}

/* What could be had without swapping, caches given up; 0 if the kernel does not say. */
static uint64_t available_memory(void)
{
	char line[128];
	unsigned long long kibibytes = 0;
	FILE *file = fopen("/proc/meminfo", "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "MemAvailable: %llu kB", &kibibytes) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return (uint64_t)kibibytes << 10;
}

void doctor_check_memory(struct doctor *doctor)
{
	struct rlimit limit = {0, 0};
	uint64_t available = available_memory();
	getrlimit(RLIMIT_AS, &limit);
	report_size(doctor, "memory", available >= MEMORY_WANTED ? DOCTOR_OK : DOCTOR_WARN, available, " available",
	            "a sweep takes up to 600 MB; end other programs or use few --jobs");
	if (limit.rlim_cur != RLIM_INFINITY)
		report_size(doctor, "address space", limit.rlim_cur >= MEMORY_WANTED ? DOCTOR_OK : DOCTOR_WARN, limit.rlim_cur,
		            " at most", "raise it (ulimit -v) to 1 GiB or more");
}

void doctor_check_clock(struct doctor *doctor)
{
	struct timex about = {.modes = 0};
	char now[CLOCK_TEXT_SIZE], found[CLOCK_TEXT_SIZE + 32];
	int state = adjtimex(&about);
	bool is_synchronised = state >= 0 && state != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
	bool is_plausible = clock_now() >= YEAR_2025;
	snprintf(found, sizeof found, "%s%s", clock_format(clock_now(), now), is_synchronised ? "" : ", not synchronised");
	doctor_report(doctor, "clock",
	              !is_plausible     ? DOCTOR_FAIL
	              : is_synchronised ? DOCTOR_OK
	                                : DOCTOR_WARN,
	              found, "set the clock by NTP: requests are signed with the time, and evidence is dated by it");
}

/* The directory itself, or what of its path exists already. */
static bool find_space(const char *directory, uint64_t *ret_bytes)
{
	struct statvfs about;
	struct buffer path = buffer_with_ceiling(64 * 1024);
	buffer_append_string(&path, directory);
	bool is_known = statvfs(buffer_string(&path), &about) == 0;
	while (!is_known && path.len > 1) {
		size_t slash = bytes_find_last_byte(buffer_bytes(&path), '/');
		if (slash == BYTES_NOT_FOUND) {
			buffer_reset(&path);
			buffer_append_byte(&path, '.');
		} else {
			buffer_truncate(&path, slash > 0 ? slash : 1);
		}
		is_known = statvfs(buffer_string(&path), &about) == 0;
	}
	buffer_free(&path);
	if (is_known)
		*ret_bytes = (uint64_t)about.f_bavail * about.f_frsize;
	return is_known;
}

void doctor_check_space(struct doctor *doctor)
{
	const char *directory = doctor->session->place.directory;
	uint64_t bytes;
	if (directory == NULL || !find_space(directory, &bytes)) {
		doctor_report(doctor, "free space", DOCTOR_WARN, "not known", "name a directory with --catalog");
		return;
	}
	enum doctor_state state = bytes >= SPACE_WANTED ? DOCTOR_OK : bytes >= SPACE_LEAST ? DOCTOR_WARN : DOCTOR_FAIL;
	report_size(doctor, "free space", state, bytes, " where the catalog is or would be",
	            "free some: a catalog takes about half of the text that is swept");
}
