/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over files and folders of seeds, without a fuzzing engine: the same targets in plain CI. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The engine's own door to the arguments; not every target has it. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replayed;

static void replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat about;
	if (file == NULL || stat(path, &about) != 0) {
		perror(path);
		exit(1);
	}
	/* Exactly as large as the input, so that a sanitizer sees a read beyond it. */
	size_t size = (size_t)about.st_size;
	uint8_t *data = malloc(size + (size == 0));
	if (data == NULL || fread(data, 1, size, file) != size)
		exit(1);
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	replayed++;
}

static void replay(const char *path)
{
	char inner[4096];
	DIR *folder = opendir(path);
	if (folder == NULL) {
		replay_file(path);
		return;
	}
	const struct dirent *entry;
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
		replay(inner);
	}
	closedir(folder);
}

int main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%zu inputs\n", replayed);
	return replayed > 0 ? 0 : 1;
}
