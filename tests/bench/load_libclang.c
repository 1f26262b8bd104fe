/* load_libclang.c - the least that any user of libclang pays: loading it, and empty units.
 *
 * Usage: load_libclang [TRIPLE]...
 * Makes an index, then parses one empty unit per triple, with the options of gen/witness/clang.c.
 * Exit codes: 0 done; 2 libclang refused.
 */
#include <clang-c/Index.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct CXUnsavedFile file = {"empty.c", "", 0};

    if (argc < 2) {
        CXIndex index = clang_createIndex(0, 0);
        clang_disposeIndex(index);
        return index != NULL ? 0 : 2;
    }
    for (int i = 1; i < argc; i++) {
        const char *const args[] = {"-std=gnu11",     "-w",      "-nostdlibinc",
                                    "-ffreestanding", "-target", argv[i]};
        CXIndex index = clang_createIndex(0, 0);
        CXTranslationUnit unit = NULL;
        enum CXErrorCode error = clang_parseTranslationUnit2(
            index, file.Filename, args, sizeof args / sizeof args[0], &file, 1,
            CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_SkipFunctionBodies,
            &unit);
        if (error != CXError_Success) {
            fprintf(stderr, "load_libclang: cannot parse for '%s': error code %d\n", argv[i],
                    error);
            return 2;
        }
        clang_disposeTranslationUnit(unit);
        clang_disposeIndex(index);
    }
    return 0;
}
